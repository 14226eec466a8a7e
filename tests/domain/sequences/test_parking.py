"""What fails again and again is tried later, then parked; what is told again is forgotten."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.ids import EnrollmentId, SignalId, StepId
from chalicelib.domain.sequences import memory, parking
from chalicelib.domain.sequences.enrollment import Enrollment, Status
from chalicelib.domain.sequences.signals import ExitReason, Heard, MailEvent, Stopped
from tests.builders import NOW, an_enrollment

WHY = "KeyError in wording, line 12"


def failed(enrollment: Enrollment, times: int) -> Enrollment:
    for _ in range(times):
        decision = parking.faulted(enrollment, enrollment.token, WHY, NOW)
        enrollment = decision.enrollment
    return enrollment


@pytest.mark.parametrize("times, minutes", [(1, 1), (2, 5), (3, 15), (4, 60)])
def test_what_failed_is_tried_later_and_later(times: int, minutes: int) -> None:
    after = failed(an_enrollment(), times)

    assert after.status is Status.ACTIVE
    assert after.due_at == NOW + timedelta(minutes=minutes)
    assert after.token == 1 + times


def test_the_fifth_failure_parks_it_with_the_reason_and_what_to_do() -> None:
    after = failed(an_enrollment(), 5)

    assert (after.status, after.reason) == (Status.PAUSED, "parked")
    assert after.why_then == (
        "parked after 5 failed tries: KeyError in wording, line 12; mend that, then resume it"
    )


def test_an_old_wake_up_counts_nothing() -> None:
    before = an_enrollment()

    assert parking.faulted(before, 7, WHY, NOW).enrollment == before


def test_one_that_cannot_be_resumed_by_time_stands_still_for_good() -> None:
    away = replace(an_enrollment(), status=Status.PAUSED, resume_at=NOW)

    after = failed(away, 5)

    assert (after.status, after.reason, after.resume_at) == (Status.PAUSED, "parked", None)


def suspected(enrollment: Enrollment, times: int) -> Enrollment:
    for _ in range(times):
        enrollment = parking.suspected(enrollment, enrollment.token, NOW).enrollment
    return enrollment


def test_a_try_that_may_kill_is_counted_and_nothing_else_changes() -> None:
    late = replace(an_enrollment(), due_at=NOW - timedelta(minutes=30))

    assert suspected(late, 4) == replace(late, faults=4)


@pytest.mark.parametrize("faults, late_by", [(1, timedelta(minutes=30)), (2, timedelta())])
def test_only_what_failed_before_the_try_in_hand_is_never_late(
    faults: int, late_by: timedelta
) -> None:
    due_at = NOW - timedelta(minutes=30)

    tried = parking.tried(replace(an_enrollment(), due_at=due_at, faults=faults), NOW)

    assert (tried.due_at, tried.faults) == (NOW - late_by, 0)


def test_the_fifth_try_that_may_kill_is_not_made() -> None:
    after = suspected(an_enrollment(), 5)

    assert (after.status, after.reason, after.token) == (Status.PAUSED, "parked", 2)
    assert after.why_then == (
        "parked after 5 failed tries: its worker ended without a word (out of time, or of memory);"
        " mend that, then resume it"
    )


def test_a_worker_that_lives_takes_its_suspicion_back() -> None:
    after = parking.acquitted(suspected(an_enrollment(), 3), 1).enrollment

    assert after.faults == 2


@pytest.mark.parametrize("token", [1, 7])
def test_nothing_is_suspected_by_an_old_wake_up_and_nothing_taken_back_twice(token: int) -> None:
    before = an_enrollment()

    assert parking.acquitted(before, token).enrollment == before
    assert parking.suspected(before, 7, NOW).enrollment == before


def parked(number: int) -> Enrollment:
    return failed(replace(an_enrollment(), id=EnrollmentId(f"e{number}")), 5)


def test_many_that_are_retried_go_on_one_after_the_other() -> None:
    hour = timedelta(hours=1)

    after = [parking.retried(parked(n), NOW, over=hour).enrollment for n in range(600)]

    minutes = Counter((each.due_at - NOW) // timedelta(minutes=1) for each in after if each.due_at)
    assert sum(minutes.values()) == 600
    assert set(minutes) == set(range(60))
    assert max(minutes.values()) < 30, "ten a minute, were they spread evenly"
    assert all(each.resume_at == each.due_at for each in after)
    assert {each.token for each in after} == {7}, "whoever woke it before wakes it no more"


@pytest.mark.parametrize(
    "other",
    [
        an_enrollment(),
        replace(an_enrollment(), status=Status.PAUSED, reason="manual"),
        replace(parked(1), resume_at=NOW),
    ],
)
def test_only_what_is_parked_is_retried(other: Enrollment) -> None:
    assert parking.retried(other, NOW, over=timedelta(hours=1)).enrollment == other


def heard(number: int, *, step: str = "a1") -> Heard:
    return Heard(
        id=SignalId(f"r{number}"),
        event=MailEvent.REPLIED,
        step_id=StepId(step),
        at=NOW + timedelta(minutes=number),
    )


def test_of_many_answers_to_one_mail_the_first_and_the_latest_are_remembered() -> None:
    kept = [heard(number) for number in range(20)]

    assert memory.superfluous(kept, heard(20)) == "r1"


@pytest.mark.parametrize(
    "new",
    [
        heard(20, step="a2"),
        replace(heard(20), is_proven=False),
        Stopped(id=SignalId("s"), reason=ExitReason.ITEM_WON, at=NOW),
    ],
)
def test_a_signal_of_another_kind_pushes_nothing_out(new: Heard | Stopped) -> None:
    assert memory.superfluous([heard(number) for number in range(20)], new) is None
