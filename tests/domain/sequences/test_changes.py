"""What an author may set, and the sequence with it."""

from datetime import timedelta

import pytest

from chalicelib.domain.sequences.changes import SequenceChanges, applied, problems_of
from chalicelib.domain.sequences.settings import Settings
from tests.builders import NOW, a_sequence


def places(changes: SequenceChanges) -> list[tuple[str, str]]:
    return [(each.path, each.code) for each in problems_of(changes)]


def test_what_is_set_is_changed_and_the_rest_is_left() -> None:
    later = NOW + timedelta(hours=1)
    changes = SequenceChanges(
        name="Renamed", tags=("a", "b", "a"), settings={"exit_on_reply": False}
    )

    changed = applied(a_sequence(), changes, now=later)

    assert (changed.name, changed.tags) == ("Renamed", ("a", "b"))
    assert changed.settings == Settings(exit_on_reply=False)
    assert changed.flow == a_sequence().flow
    assert changed.updated_at == later


def test_what_is_set_to_what_it_was_is_no_change() -> None:
    sequence = a_sequence()

    assert applied(sequence, SequenceChanges(name=sequence.name), now=NOW) is sequence


@pytest.mark.parametrize(
    "changes, path",
    [
        (SequenceChanges(name=" "), "$.name"),
        (SequenceChanges(name="n" * 161), "$.name"),
        (SequenceChanges(description="d" * 2_001), "$.description"),
        (SequenceChanges(tags=("ok", "")), "$.tags[1]"),
        (SequenceChanges(tags=("t" * 101,)), "$.tags[0]"),
        (SequenceChanges(tags=tuple(str(each) for each in range(51))), "$.tags"),
        (SequenceChanges(settings={"exit_on_reply": "no"}), "$.settings.exit_on_reply"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(changes: SequenceChanges, path: str) -> None:
    assert places(changes) == [(path, "wrong_value")]


def test_a_setting_that_nobody_knows_is_refused() -> None:
    changes = SequenceChanges(settings={"exit_on_rain": True})

    assert places(changes) == [("$.settings.exit_on_rain", "unknown_field")]


def test_all_misfits_of_settings_are_told_at_once_in_words_of_people() -> None:
    window = {"opens": "9", "closes": "17:00", "days": ["monday"]}
    settings = {"send_window": window, "max_new_per_day": 0, "time_zone_from": "moon"}

    problems = problems_of(SequenceChanges(settings=settings))

    assert [each.path for each in problems] == [
        "$.settings.send_window.opens",
        "$.settings.send_window.days[0]",
        "$.settings.time_zone_from",
        "$.settings.max_new_per_day",
    ]
    assert not any("Expected" in each.message or "Invalid" in each.message for each in problems)


def test_settings_that_contradict_themselves_are_refused_in_their_authors_words() -> None:
    changes = SequenceChanges(settings={"send_window": {"opens": "17:00", "closes": "09:00"}})

    (problem,) = problems_of(changes)

    assert problem.path == "$.settings.send_window"
    assert problem.message == "`opens` must come before `closes`."


def test_a_flow_that_cannot_be_read_is_refused_with_the_place_in_the_body() -> None:
    changes = SequenceChanges(name="", flow={"steps": [{"id": "a", "type": "wait", "for": "P31D"}]})

    assert places(changes) == [("$.name", "wrong_value"), ("$.flow.steps[0].for", "wrong_value")]


def test_a_flow_with_problems_may_be_saved_as_long_as_it_can_be_read() -> None:
    dangling = {"start": "a", "steps": [{"id": "a", "type": "wait", "for": "P1D", "next": "b"}]}

    assert places(SequenceChanges(flow=dangling)) == []
