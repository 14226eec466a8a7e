"""What the steps and questions of Dynamics 365 must say, and what they must not."""

from typing import Final

import pytest

from chalicelib.domain.crm.comparisons import Operator
from chalicelib.domain.errors import RuleError
from chalicelib.domain.sequences.ab_tests import Letter, MailVersion, Metric
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    AdvanceStep,
    Asked,
    ConditionStep,
    EmailStep,
    Step,
    UpdateFieldStep,
)
from chalicelib.domain.sequences.reading import read_flow

K: Final = "$.steps[0]"


def read(**step: object) -> Step:
    (only,) = read_flow({"start": "k", "steps": [{"id": "k", **step}]}).steps
    return only


def question(**keys: object) -> ConditionStep:
    step = read(type="condition", **keys)
    assert isinstance(step, ConditionStep)
    return step


def faults(**step: object) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as caught:
        read(**step)
    return [(each.path, each.code) for each in caught.value.problems]


@pytest.mark.requirement("D365-SEQ-21")
@pytest.mark.parametrize("on", ["replied", "opened", "clicked", "attachment_opened"])
def test_a_result_of_a_mail_is_asked_with_a_time_limit(on: str) -> None:
    step = question(on=on, of="e", within="P2D", at_once=False)

    assert (step.on, step.of, step.at_once) == (on, "e", False)
    assert step.asked_of_mail == (Asked(on),)


@pytest.mark.parametrize("on", ["any_of", "all_of"])
def test_several_results_are_asked_together(on: str) -> None:
    step = question(on=on, of="e", within="P2D", results=["replied", "clicked"])

    assert step.asked_of_mail == (Asked.REPLIED, Asked.CLICKED)


@pytest.mark.parametrize("results", [[], ["answered"], ["replied", "field"], "replied"])
def test_only_results_of_a_mail_are_asked_together(results: object) -> None:
    found = faults(type="condition", on="any_of", of="e", within="P1D", results=results)

    assert found == [(f"{K}.results", "wrong_value")]


@pytest.mark.requirement("D365-SEQ-22")
def test_a_field_is_asked_with_an_operator_and_a_value() -> None:
    step = question(on="field", field="person.country", operator="equals", value="SE")

    assert step.comparison.field == "person.country"
    assert step.comparison.operator is Operator.EQUALS


@pytest.mark.parametrize(
    "short, operator", [("eq", "equals"), ("GT", "greater_than"), ("neq", "not_equals")]
)
def test_short_names_of_operators_are_understood(short: str, operator: str) -> None:
    assert question(on="field", field="value", operator=short, value=1).operator == operator


def test_groups_stand_in_groups() -> None:
    inner = {"any": [{"field": "value", "operator": "gt", "value": 5}]}
    step = question(
        on="field", all=[{"field": "stage", "operator": "in", "value": ["a", "b"]}, inner]
    )

    assert step.every[0].value == ("a", "b")
    assert step.every[1].some[0].operator is Operator.GREATER_THAN


@pytest.mark.parametrize(
    "keys, found",
    [
        ({}, [(f"{K}.field", "missing_field")]),
        ({"field": "stage", "all": [{}]}, [(f"{K}.field", "not_both")]),
        ({"field": "stage"}, [(f"{K}.operator", "missing_field")]),
        (
            {"field": "stage", "operator": "like", "value": 1},
            [(f"{K}.operator", "wrong_value")],
        ),
        ({"field": "stage", "operator": "equals"}, [(f"{K}.value", "missing_field")]),
        (
            {"field": "stage", "operator": "is_empty", "value": "x"},
            [(f"{K}.value", "unknown_field")],
        ),
        ({"field": "stage", "operator": "in", "value": "x"}, [(f"{K}.value", "wrong_value")]),
        ({"field": "stage", "operator": "equals", "value": ["x"]}, [(f"{K}.value", "wrong_value")]),
        (
            {"all": [{"field": "stage", "operator": "equals"}]},
            [(f"{K}.all[0].value", "missing_field")],
        ),
        ({"all": "stage"}, [(f"{K}.all", "wrong_value")]),
        (
            {"field": "a", "operator": "equals", "value": "b", "within": "P1D"},
            [(f"{K}.within", "unknown_field")],
        ),
    ],
)
def test_a_question_about_a_field_says_what_it_lacks(
    keys: dict[str, object], found: list[tuple[str, str]]
) -> None:
    assert faults(type="condition", on="field", **keys) == found


def test_groups_are_not_endlessly_deep_nor_long() -> None:
    deep: dict[str, object] = {"field": "stage", "operator": "is_empty"}
    for _ in range(6):
        deep = {"all": [deep]}
    long = [{"field": "stage", "operator": "is_empty"}] * 51

    assert faults(type="condition", on="field", **deep)[0][1] == "too_deep"
    assert (K, "too_many") in faults(type="condition", on="field", all=long)


@pytest.mark.parametrize("stages", [[], None, ["x"] * 101])
def test_a_question_about_the_stage_names_some(stages: object) -> None:
    assert faults(type="condition", on="stage", stages=stages) == [(f"{K}.stages", "wrong_value")]
    assert question(on="stage", stages=["Offer"]).stages == ("Offer",)


def test_an_ab_test_has_two_versions_and_a_share() -> None:
    step = read(
        type="ab_test",
        automatic=True,
        a={"subject": "One", "body": "1"},
        b={"template_id": "t-2"},
        share_a=30,
        metric="clicked",
        ends_at="2026-04-01T00:00:00Z",
        default="b",
    )

    assert isinstance(step, AbTestStep)
    assert isinstance(step, EmailStep)
    assert step.version(Letter.B) == MailVersion(template_id="t-2")
    assert (step.share_a, step.metric, step.default) == (30, Metric.CLICKED, Letter.B)


@pytest.mark.parametrize(
    "changed",
    [
        {"share_a": 9},
        {"share_a": 91},
        {"metric": "luck"},
        {"default": "c"},
        {"ends_at": "soon"},
    ],
)
def test_an_ab_test_keeps_its_limits(changed: dict[str, object]) -> None:
    versions = {"a": {"subject": "1", "body": "1"}, "b": {"subject": "2", "body": "2"}}
    (key,) = changed

    assert faults(**{"type": "ab_test", **versions, **changed}) == [(f"{K}.{key}", "wrong_value")]


def test_a_version_of_an_ab_test_has_nothing_but_its_texts() -> None:
    versions = {"a": {"text": "x"}, "b": {"subject": "1", "body": "1"}}

    assert faults(type="ab_test", **versions) == [(f"{K}.a.text", "unknown_field")]


@pytest.mark.parametrize("key", ["subject", "body", "template_id", "reply_to_step", "due_in"])
def test_an_ab_test_has_its_texts_in_its_versions(key: str) -> None:
    versions = {"a": {"subject": "1", "body": "1"}, "b": {"subject": "2", "body": "2"}}

    assert faults(type="ab_test", **versions, **{key: "x"}) == [(f"{K}.{key}", "unknown_field")]


def test_commands_are_read() -> None:
    assert isinstance(read(type="update_field", field="do_not_call", value=True), UpdateFieldStep)
    assert isinstance(read(type="advance_to_sequence", sequence_id="s-2"), AdvanceStep)


def test_nothing_follows_a_hand_over() -> None:
    found = faults(type="advance_to_sequence", sequence_id="s-2", next="x")

    assert found == [(f"{K}.next", "unknown_field")]
