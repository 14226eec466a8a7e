"""What each step must say before its flow may run."""

from collections.abc import Mapping

import pytest

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.checks import graph_problems_of, problems_of
from chalicelib.domain.sequences.reading import read_flow, read_what_can_be
from chalicelib.domain.sequences.settings import Settings

END = {"id": "x", "type": "end", "outcome": "over", "item_action": None}
MAIL = {"id": "m", "type": "email", "automatic": True, "subject": "s", "body": "b", "next": "k"}
TEST = {
    "id": "m",
    "type": "ab_test",
    "a": {"subject": "1", "body": "1"},
    "b": {"subject": "2", "body": "2"},
    "metric": "goal",
    "next": "x",
}


def found(
    *steps: Mapping[str, object], kind: ItemKind = ItemKind.DEAL, settings: Settings | None = None
) -> list[tuple[str, str]]:
    flow = read_flow({"start": steps[0]["id"], "steps": [*steps, END]})
    return [(each.path, each.code) for each in problems_of(flow, kind, settings)]


def question(**asked: object) -> dict[str, object]:
    return {"id": "k", "type": "condition", "yes": "x", "no": "x", **asked}


def of_mail(on: str, **more: object) -> dict[str, object]:
    return question(on=on, of="m", within="P1D", **more)


@pytest.mark.parametrize(
    "asked, code",
    [
        (of_mail("opened"), "open_tracking_off"),
        (of_mail("clicked"), "click_tracking_off"),
        (of_mail("attachment_opened"), "attachment_tracking_off"),
        (of_mail("any_of", results=["replied", "clicked"]), "click_tracking_off"),
    ],
)
def test_nothing_is_asked_that_nobody_would_hear_of(asked: dict[str, object], code: str) -> None:
    assert found(MAIL, asked) == [("k", code)]


def test_an_end_adds_no_tag_without_a_name() -> None:
    asked = question(on="stage", stages=["won"], no="y")
    blank: dict[str, object] = {**END, "id": "y", "item_action": {"add_tag": " "}}

    assert found({**MAIL, "next": "k"}, asked, blank) == [("y", "blank_tag")]


def test_what_is_tracked_may_be_asked() -> None:
    tracked = Settings(track_opens=True, track_clicks=True)

    assert found(MAIL, of_mail("all_of", results=["opened", "clicked"]), settings=tracked) == []
    assert found(MAIL, of_mail("attachment_opened"), settings=tracked) == [
        ("k", "attachment_tracking_off")
    ]


@pytest.mark.parametrize(
    "asked, codes",
    [
        ({"field": "a.b.c", "operator": "equals", "value": 1}, ["unknown_item_field"]),
        ({"field": "value", "operator": "contains", "value": "4"}, ["operator_not_for_field"]),
        ({"field": "value", "operator": "gt", "value": 4}, []),
        ({"field": "segment", "operator": "contains", "value": "4"}, []),
    ],
)
def test_a_question_about_a_field_fits_the_field(
    asked: dict[str, object], codes: list[str]
) -> None:
    assert [code for _, code in found(question(on="field", **asked))] == codes


def test_only_deals_have_stages() -> None:
    asked = question(on="stage", stages=["Offer"])

    assert found(asked) == []
    assert found(asked, kind=ItemKind.LEAD) == [("k", "stage_not_for_kind")]


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"a": {"subject": "1"}}, "version_without_text"),
        ({"b": {"body": "1"}}, "version_without_text"),
        ({"b": {"subject": "1\n2", "body": "1"}}, "subject_line_break"),
        ({"b": {"subject": "1", "template_id": "t"}}, "text_and_template"),
        ({"metric": "clicked"}, "click_tracking_off"),
        ({"metric": "opened"}, "open_tracking_off"),
        ({"a": {"subject": "{{ deal.title | shout }}", "body": "1"}}, "bad_text"),
        ({"a": {"subject": "{{ lead.title }}", "body": "1"}}, "unknown_merge_field"),
    ],
)
def test_both_versions_of_a_test_can_be_sent(changed: dict[str, object], code: str) -> None:
    assert found(TEST) == []
    assert found({**TEST, **changed}) == [("m", code)]


def test_a_version_may_take_its_text_from_a_template() -> None:
    assert found({**TEST, "b": {"template_id": "t"}}) == []


def test_a_mail_has_a_text_or_a_template() -> None:
    templated = {"id": "m", "type": "email", "automatic": True, "template_id": "t", "next": "x"}

    assert found(templated) == []
    assert found({**templated, "subject": "s"}) == [("m", "text_and_template")]


def test_a_field_is_set_to_what_it_can_hold() -> None:
    update = {"id": "u", "type": "update_field", "field": "value", "value": "much", "next": "x"}

    assert found(update) == [("u", "value_not_for_field")]
    assert found({**update, "field": "status"}) == [("u", "field_not_settable")]
    assert found({**update, "field": "segment"}) == []


def test_a_sequence_does_not_begin_with_a_hand_over() -> None:
    advance = {"id": "a", "type": "advance_to_sequence", "sequence_id": "s-2"}
    wait = {"id": "w", "type": "wait", "for": "P1D", "next": "a"}

    assert ("a", "advance_first") in found(advance)
    flow = read_flow({"start": "w", "steps": [wait, advance]})
    assert problems_of(flow, ItemKind.DEAL) == []


def test_an_unreadable_step_hides_no_cycle_and_no_waiting_end() -> None:
    broken: list[dict[str, object]] = [
        {"id": "a", "type": "fax"},
        {"id": "b", "type": "wait", "for": "P1D", "next": "c"},
        {"id": "c", "type": "wait", "for": "P1D", "next": "b"},
        {"id": "d", "type": "wait", "for": "P1D", "next": None},
    ]
    flow, faults = read_what_can_be({"start": "a", "steps": broken})

    assert [each.code for each in faults] == ["unknown_step_type"]
    assert [each.code for each in graph_problems_of(flow)] == ["cycle", "wait_last"]
    assert graph_problems_of(read_what_can_be({"start": None, "steps": []})[0]) == []
