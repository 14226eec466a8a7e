"""A request that dies while a sequence stops or goes on: those inside are told all the same.

The job that tells them is written with the status, or neither is.
"""

from datetime import timedelta
from typing import Final

import pytest

from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.enrollment import Count, Status
from chalicelib.domain.sequences.signals import ExitReason
from chalicelib.services import following, sequence_lifecycle
from chalicelib.services.jobs import kinds, watching, working
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.doubles import Doubles
from tests.services.runner import SALLY, SEQUENCE, Runner
from tests.services.test_runner_crashes import Fuse, PowerCut, fuse
from tests.services.test_sequence_lifecycle import deactivate, enroll_many, pause, resume

__all__ = ["fuse"]  # the fixture

POINTS: Final = (1, 2, 4)
"""Calls of the request: the transaction with the job, looking who is inside, telling one."""


@pytest.fixture
def fused(stores: Stores, doubles: Doubles, fuse: Fuse) -> tuple[Runner, Fuse]:
    runner = Runner(stores, doubles)
    runner.set_up()
    return runner, fuse


def cut(fuse: Fuse, at: int, *, is_after: bool) -> None:
    fuse.calls, fuse.burns_at, fuse.is_after = 0, at, is_after


def find_left_jobs(runner: Runner) -> None:
    """Let three minutes pass, and do what was found; nobody's own time is looked at."""
    runner.doubles.clock.advance(timedelta(minutes=3))
    watching.find_left(outside=runner.doubles.outside)
    runner.do_jobs()


@pytest.mark.parametrize("at", POINTS)
@pytest.mark.parametrize("is_after", [False, True])
def test_a_stop_that_dies_halfway_is_carried_out_or_never_began(
    fused: tuple[Runner, Fuse], at: int, *, is_after: bool
) -> None:
    runner, its_fuse = fused
    enroll_many(runner, 3)
    cut(its_fuse, at, is_after=is_after)

    with pytest.raises(PowerCut):
        deactivate(runner)
    its_fuse.burns_at = None
    find_left_jobs(runner)

    has_stopped = runner.stores.sequences.get(SEQUENCE).status is SequenceStatus.INACTIVE
    inside = runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS]
    assert inside == (0 if has_stopped else 3)
    assert has_stopped or at <= 1


@pytest.mark.parametrize("at", POINTS)
def test_a_resume_that_dies_halfway_lets_all_go_on(fused: tuple[Runner, Fuse], at: int) -> None:
    runner, its_fuse = fused
    ids = enroll_many(runner, 3)
    pause(runner)
    runner.drain()
    assert {runner.head(each).status for each in ids} == {Status.PAUSED}
    cut(its_fuse, at, is_after=True)

    with pytest.raises(PowerCut):
        resume(runner)
    its_fuse.burns_at = None
    find_left_jobs(runner)

    is_running = runner.stores.sequences.get(SEQUENCE).status is SequenceStatus.ACTIVE
    assert {runner.head(each).status for each in ids} == {Status.ACTIVE}
    assert is_running


def test_a_late_job_leaves_those_of_the_next_life_alone(runner: Runner) -> None:
    with Transaction() as tx:
        job = following.intend(
            tx, SEQUENCE, ExitReason.SEQUENCE_DEACTIVATED, asked_by=SALLY, bench=runner.bench
        )
    runner.doubles.clock.advance(timedelta(seconds=1))
    enrolled = runner.enroll()

    working.carry_on(job.id, work_of=kinds.work_of, bench=runner.bench)

    assert not runner.head(enrolled).is_over


def test_a_request_that_told_all_leaves_no_job(runner: Runner) -> None:
    enroll_many(runner, 2)

    deactivate(runner)
    runner.doubles.clock.advance(timedelta(minutes=3))

    assert watching.find_left(outside=runner.doubles.outside) == 0
    assert sequence_lifecycle.RUNNING.isdisjoint({runner.stores.sequences.get(SEQUENCE).status})
