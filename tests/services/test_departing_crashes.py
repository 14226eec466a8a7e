"""Whoever takes a leaving colleague's work from them dies at every call: it is done all the same.

The job is written with the departure, or neither is; begun again, it takes what is left.
"""

import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pytest

from chalicelib.domain.ids import EnrollmentId, StepId, UserId
from chalicelib.domain.sequences.definition import ActivityStep, EndStep, Flow
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.services import enrolling
from chalicelib.services.jobs import watching
from chalicelib.services.jobs.working import LEASED_FOR
from chalicelib.storage.stores import Stores
from tests.builders import an_admin
from tests.doubles import Doubles
from tests.services.runner import SEQUENCE, Runner
from tests.services.test_departing import HUGO, a_colleague, leave
from tests.services.test_runner_crashes import Fuse, PowerCut, a_new_lead, fuse

__all__ = ["fuse"]  # the fixture

STRIDE: Final = 8
PARTS: Final = STRIDE if os.environ.get("SEKVENS_CRASH") == "all" else 1
"""Every part has a table of its own and takes every eighth point."""
ADAM: Final = an_admin().id
CALLING: Final = Flow(
    start=StepId("c1"),
    steps=(
        ActivityStep(id=StepId("c1"), activity_type="call", subject="Call", next=StepId("x1")),
        EndStep(id=StepId("x1"), outcome="done"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """A colleague, and whom they are to call."""

    user_id: UserId
    enrollment_id: EnrollmentId


@pytest.fixture
def runner(stores: Stores, doubles: Doubles, fuse: Fuse) -> Runner:
    runner = Runner(stores, doubles)
    runner.set_up(CALLING)
    stores.users.save(an_admin())
    stores.users.save(a_colleague(HUGO))
    return runner


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("heir_id", [None, HUGO])
def test_wherever_a_departure_dies_nobodys_work_is_left_with_them(
    runner: Runner, fuse: Fuse, heir_id: UserId | None, part: int
) -> None:
    leaving = a_colleague_at_work(runner, 0)
    fuse.calls = 0
    depart(runner, leaving, heir_id)
    calls = fuse.calls
    assert wrongs(runner, leaving, heir_id) == []
    points = [(at, is_after) for at in range(calls) for is_after in (False, True)]
    tried = points[part::STRIDE]

    failures = [
        f"{'after' if is_after else 'before'} call {at}: {wrong}"
        for number, (at, is_after) in enumerate(tried, start=1)
        for wrong in killed_at(runner, fuse, number, Fuse(at, is_after=is_after), heir_id)
    ]

    sys.stdout.write(f"{len(tried)} points of {len(points)}, {len(failures)} failures\n")
    assert calls > 15
    assert failures == []


def killed_at(
    runner: Runner, fuse: Fuse, number: int, point: Fuse, heir_id: UserId | None
) -> list[str]:
    leaving = a_colleague_at_work(runner, number)
    fuse.calls, fuse.burns_at, fuse.is_after = 0, point.burns_at, point.is_after
    with pytest.raises(PowerCut):
        depart(runner, leaving, heir_id)
    fuse.burns_at = None
    if runner.stores.users.get(leaving.user_id).is_active:
        leave(runner, leaving.user_id, reassign_to=heir_id)  # whom nobody answered asks again
    runner.doubles.clock.advance(LEASED_FOR + timedelta(minutes=3))
    watching.find_left(outside=runner.doubles.outside)
    runner.do_jobs()
    return wrongs(runner, leaving, heir_id)


def wrongs(runner: Runner, leaving: AtWork, heir_id: UserId | None) -> list[str]:
    head = runner.head(leaving.enrollment_id)
    tasks = runner.stores.tasks.of_enrollment(leaving.enrollment_id)
    found = (head.status, head.owner_id, [task.assignee_id for task in tasks if task.is_actionable])
    wanted = (
        (Status.EXITED, leaving.user_id, [])
        if heir_id is None
        else (Status.ACTIVE, heir_id, [heir_id])
    )
    return [] if found == wanted else [f"{found} instead of {wanted}"]


def depart(runner: Runner, leaving: AtWork, heir_id: UserId | None) -> None:
    leave(runner, leaving.user_id, reassign_to=heir_id)
    runner.do_jobs()


def a_colleague_at_work(runner: Runner, number: int) -> AtWork:
    user = a_colleague(UserId(f"user-{number}"))
    runner.stores.users.save(user)
    lead = a_new_lead(runner)
    (row,) = enrolling.enroll(
        SEQUENCE, item_ids=[lead.id], owner_id=user.id, caller_id=ADAM, bench=runner.bench
    )
    assert row.enrollment_id is not None, row
    runner.drain()
    return AtWork(user_id=user.id, enrollment_id=row.enrollment_id)
