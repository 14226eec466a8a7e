"""Works on a job: as many pages as one delivery may take, then hands it on to the next one.

Whoever works holds a lease, so that a message that comes twice finds somebody at work. A page is
one transaction; what is done inside of it must bear repetition, for a worker may die before.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.domain.errors import DomainError, StaleWriteError, StateError, ThrottledError
from chalicelib.domain.ids import JobId
from chalicelib.domain.jobs.job import MOST_TRIES, Job, JobState, Page
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs.asking import hand_on
from chalicelib.storage.jobs import LOOK_AFTER

LEASED_FOR: Final = timedelta(minutes=2)
"""Longer than the function may run (60 s), shorter than its queue hides a message (360 s)."""
SUSPENDED_LOOK_AFTER: Final = timedelta(minutes=15)
WORK_FOR: Final = timedelta(seconds=25)
MOST_PAGES: Final = 40

Work = Callable[[Job, Bench], Iterator[Page]]
"""How a kind is done: pages from `job.position` on; the last one is the last of the iterator."""
WorkOf = Callable[[Job], Work]


def carry_on(job_id: JobId, *, work_of: WorkOf, bench: Bench) -> Job | None:
    """Do some pages of a job; return it if that ended it.

    Nothing happens to one that is over, or that another worker has.
    """
    job = _claim(job_id, bench)
    if job is None:
        return None
    if job.tries > MOST_TRIES:
        why = f"It failed {MOST_TRIES} times at the same place; nothing done so far is lost."
        return _end(job, JobState.FAILED, bench, why)
    try:
        reached, is_done = _work(job, work_of(job)(job, bench), bench)
    except (ThrottledError, StateError):
        raise  # it may pass: the message comes again
    except DomainError as refusal:
        return _end(bench.stores.jobs.get(job_id), JobState.FAILED, bench, refusal.detail)
    if is_done:
        return _end(reached, JobState.DONE, bench)
    free = replace(reached, worker=None, leased_until=None, tries=0)
    bench.stores.jobs.save(free, look_at=bench.now() + LOOK_AFTER)
    hand_on(job_id, bench=bench)
    return None


def _claim(job_id: JobId, bench: Bench) -> Job | None:
    now = bench.now()
    job = bench.stores.jobs.get(job_id)
    if job.state is not JobState.RUNNING or job.is_held(now):
        return None
    if bench.stores.tenant.get().is_suspended:
        bench.stores.jobs.save(job, look_at=now + SUSPENDED_LOOK_AFTER)
        return None
    until = now + LEASED_FOR
    mine = replace(
        job, worker=bench.outside.mint.new_id(now), leased_until=until, tries=job.tries + 1
    )
    try:
        return bench.stores.jobs.save(mine, look_at=until)
    except StaleWriteError:
        return None  # another delivery was quicker, and hands the job on


def _work(job: Job, pages: Iterator[Page], bench: Bench) -> tuple[Job, bool]:
    """Record page after page; return the job as it stands, and whether there are no more."""
    until = bench.now() + WORK_FOR
    for number, page in enumerate(pages, 1):
        job = bench.stores.jobs.record(job, page)
        if number == MOST_PAGES or bench.now() >= until:
            return job, False
    return job, True


def _end(job: Job, state: JobState, bench: Bench, why: str | None = None) -> Job:
    over = replace(
        job, state=state, trouble=why, worker=None, leased_until=None, ended_at=bench.now()
    )
    return bench.stores.jobs.save(over, look_at=None)
