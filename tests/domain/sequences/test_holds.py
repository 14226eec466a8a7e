"""A sequence that stands still: those inside follow when their time comes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import Hold, SequenceStatus
from chalicelib.domain.sequences.effects import SendMail
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.holds import SequenceState
from chalicelib.domain.sequences.signals import SequenceWentOn, TimeCame
from tests.builders import NOW, a_flow, an_enrollment

DAY = timedelta(days=1)
ON_HOLD = Facts(state=SequenceState(status=SequenceStatus.PAUSED, holds=(Hold(since=NOW + DAY),)))
OVER = Facts(state=SequenceState(holds=(Hold(since=NOW + DAY, until=NOW + 4 * DAY),)))


def waiting() -> Enrollment:
    """At the wait of three days, since now."""
    return replace(
        an_enrollment(),
        step_id=StepId("w1"),
        phase=Phase.WAITING,
        planned_at=NOW + 3 * DAY,
        due_at=NOW + 3 * DAY,
    )


def test_a_mail_that_is_due_in_a_paused_sequence_stays() -> None:
    due = replace(an_enrollment(), due_at=NOW + 2 * DAY)

    held = decide(due, a_flow(), TimeCame(token=1), NOW + 2 * DAY, ON_HOLD)

    assert (held.enrollment.status, held.enrollment.reason) == (Status.PAUSED, "sequence_paused")
    assert not any(isinstance(each, SendMail) for each in held.effects)


def test_a_wait_that_ends_during_a_pause_ends_later_by_its_length() -> None:
    held = decide(waiting(), a_flow(), TimeCame(token=1), NOW + 3 * DAY, ON_HOLD).enrollment

    on = decide(held, a_flow(), SequenceWentOn(), NOW + 4 * DAY, OVER).enrollment

    assert on.status is Status.ACTIVE
    assert (on.planned_at, on.due_at) == (NOW + 6 * DAY, NOW + 6 * DAY)


def test_a_wait_that_would_end_after_a_pause_ends_later_by_its_length() -> None:
    on = decide(waiting(), a_flow(), SequenceWentOn(), NOW + 4 * DAY, OVER).enrollment
    again = decide(on, a_flow(), SequenceWentOn(), NOW + 5 * DAY, OVER)

    assert (on.planned_at, on.due_at) == (NOW + 6 * DAY, NOW + 6 * DAY)
    assert again.enrollment == on


def test_a_pause_that_nobody_was_told_of_is_counted_in_when_the_time_comes() -> None:
    due = decide(waiting(), a_flow(), TimeCame(token=1), NOW + 4 * DAY, OVER)

    assert (due.enrollment.due_at, due.effects) == (NOW + 6 * DAY, ())


def test_only_the_part_of_a_pause_that_a_step_has_seen_counts() -> None:
    late = replace(waiting(), arrived_at=NOW + 3 * DAY, planned_at=NOW + 6 * DAY)

    on = decide(late, a_flow(), SequenceWentOn(), NOW + 4 * DAY, OVER).enrollment

    assert on.planned_at == NOW + 7 * DAY


def test_whoever_a_person_paused_does_not_go_on_with_the_sequence() -> None:
    paused = replace(waiting(), status=Status.PAUSED, reason="manual", paused_at=NOW)

    on = decide(paused, a_flow(), SequenceWentOn(), NOW + 4 * DAY, OVER)

    assert (on.enrollment, on.effects) == (paused, ())


def test_who_is_held_is_looked_at_every_day() -> None:
    held = decide(waiting(), a_flow(), TimeCame(token=1), NOW + 3 * DAY, ON_HOLD).enrollment

    still = decide(held, a_flow(), TimeCame(token=held.token), NOW + 4 * DAY, ON_HOLD).enrollment

    assert (held.due_at, still.due_at) == (NOW + 4 * DAY, NOW + 5 * DAY)
    assert still.status is Status.PAUSED


@pytest.mark.parametrize(
    "status, reason",
    [
        (SequenceStatus.INACTIVE, "sequence_deactivated"),
        (SequenceStatus.DELETED, "sequence_deleted"),
    ],
)
def test_whoever_was_missed_leaves_a_stopped_sequence_when_their_time_comes(
    status: SequenceStatus, reason: str
) -> None:
    stopped = Facts(state=SequenceState(status=status))

    gone = decide(an_enrollment(), a_flow(), TimeCame(token=1), NOW, stopped)

    assert (gone.enrollment.status, gone.enrollment.reason) == (Status.EXITED, reason)
    assert not any(isinstance(each, SendMail) for each in gone.effects)
