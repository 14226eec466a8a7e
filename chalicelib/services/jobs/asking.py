"""What people do with jobs: ask for one, see how far it is, try a failed one again."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from chalicelib.domain.crm.rights import Right, may
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import IllegalMoveError, MissingError, StaleWriteError
from chalicelib.domain.ids import JobId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, JobState
from chalicelib.gateways.queues import QueueRefusedError
from chalicelib.services.decisions import Bench
from chalicelib.storage.job_files import ASKED
from chalicelib.storage.jobs import LOOK_AFTER
from chalicelib.storage.transaction import Transaction


def ask(
    kind: JobKind,
    *,
    asked_by: UserId,
    about: Mapping[str, object],
    asked: bytes | None = None,
    total: int | None = None,
    bench: Bench,
) -> Job:
    """Begin a job; `asked` are parameters too large for a row, its file `ASKED`."""
    job = replace(_new(kind, asked_by, about, bench), total=total)
    if asked is not None:
        bench.stores.job_files.put(job.id, ASKED, asked)
    return begin(job, bench=bench)


def intend(
    tx: Transaction,
    kind: JobKind,
    *,
    asked_by: UserId,
    about: Mapping[str, object],
    bench: Bench,
) -> Job:
    """Add a job to the transaction that makes it necessary; hand it on when that is written.

    Whoever dies in between leaves a job that is found within minutes (`watching`).
    """
    job = _new(kind, asked_by, about, bench)
    return bench.stores.jobs.put(tx, job, look_at=bench.now() + LOOK_AFTER)


def prepare(kind: JobKind, *, asked_by: UserId, about: Mapping[str, object], bench: Bench) -> Job:
    """Make a job that waits until its asker has uploaded a file, and begins it."""
    job = replace(_new(kind, asked_by, about, bench), state=JobState.WAITING)
    return bench.stores.jobs.save(job, look_at=None)


def begin(job: Job, *, bench: Bench) -> Job:
    """Let a job run, and hand it to `bulk`."""
    running = replace(job, state=JobState.RUNNING)
    begun = bench.stores.jobs.save(running, look_at=bench.now() + LOOK_AFTER)
    hand_on(begun.id, bench=bench)
    return begun


def _new(kind: JobKind, asked_by: UserId, about: Mapping[str, object], bench: Bench) -> Job:
    now = bench.now()
    job_id = JobId(bench.outside.mint.new_id(now))
    return Job(id=job_id, kind=kind, asked_by=asked_by, about=about, created_at=now)


def spare(job: Job, *, bench: Bench) -> None:
    """End a job that has nothing left to do; if somebody works on it already, they will."""
    over = replace(job, state=JobState.DONE, ended_at=bench.now())
    with suppress(StaleWriteError):
        bench.stores.jobs.save(over, look_at=None)


def hand_on(job_id: JobId, *, bench: Bench) -> None:
    """Hand a job to `bulk`; if the queue refuses, it is found within minutes (`watching`)."""
    with suppress(QueueRefusedError):
        tenant_id = bench.stores.tenant_id
        body = json.dumps({"t": tenant_id, "j": job_id})
        bench.outside.queues.send("bulk", [body], tenant_id=tenant_id)


def get(job_id: JobId, *, caller: Caller, bench: Bench) -> Job:
    """Return a job to who asked for it, and to admins; nobody else knows of it."""
    job = bench.stores.jobs.get(job_id)
    if job.asked_by != caller.user_id and not may(caller.role, Right.SEE_ALL_JOBS):
        raise MissingError(kind="job", id=job_id)
    return job


def retry(job_id: JobId, *, caller: Caller, bench: Bench) -> Job:
    """Let a failed job go on where it stopped."""
    job = get(job_id, caller=caller, bench=bench)
    if job.state is not JobState.FAILED:
        raise IllegalMoveError(kind="job", id=job_id, status=job.state, move="retry")
    again = replace(job, trouble=None, ended_at=None, tries=0, leased_until=None)
    return begin(again, bench=bench)
