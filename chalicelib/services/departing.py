"""Somebody leaves: what they were at goes to another user, or is let go (`owner_removed`).

No gate lets a mail of theirs pass from the instant they are inactive; the job, written with that,
walks past all enrollments of the tenant, and then through their feed: an open task of somebody
else's enrollment goes back to that enrollment's owner.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from chalicelib.domain.ids import SignalId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, Page
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import ExitReason, OwnerChanged, Signal, Stopped
from chalicelib.domain.sequences.tasks import Task
from chalicelib.services import progress
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking
from chalicelib.services.jobs.touring import tour
from chalicelib.services.pulse import write_anew
from chalicelib.storage.transaction import Transaction

_A_PAGE: Final = 25
_FEED: Final = "feed"


def intend(
    tx: Transaction, user_id: UserId, heir_id: UserId | None, *, asked_by: UserId, bench: Bench
) -> Job:
    """Add to `tx`, which makes the user inactive, that their work is to be taken from them."""
    about = {"user_id": user_id, "heir_id": heir_id}
    return asking.intend(tx, JobKind.DEPART, asked_by=asked_by, about=about, bench=bench)


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Take one enrollment after the other, then the feed; one who is back keeps what is left."""
    gone = UserId(str(job.about["user_id"]))
    user = bench.stores.users.find(gone)
    if user is not None and user.is_active:
        return
    heir = bench.stores.users.find(UserId(str(job.about["heir_id"])))
    heir_id = heir.id if heir is not None and heir.is_active else None
    done = job.done
    if _FEED not in job.position:
        for stretch in tour(job.position, bench=bench):
            theirs = [each for each in stretch.enrollments if _is_theirs(each, gone)]
            for each in theirs:
                signal = _signal(heir_id, job, bench)
                progress.take(each.id, signal, stores=bench.stores, outside=bench.outside)
            done += len(theirs)
            yield Page(done=done, position={_FEED: None} if stretch.ends_all else stretch.then)
    yield from _through_feed(job, gone, heir_id, done, bench)


def _is_theirs(enrollment: Enrollment, gone: UserId) -> bool:
    return enrollment.owner_id == gone and not enrollment.is_over


def _signal(heir_id: UserId | None, job: Job, bench: Bench) -> Signal:
    if heir_id is not None:
        return OwnerChanged(owner_id=heir_id, by=job.asked_by)
    reason = ExitReason.OWNER_REMOVED
    return Stopped(id=SignalId(f"{reason}"), reason=reason, at=bench.now())


def _through_feed(
    job: Job, gone: UserId, heir_id: UserId | None, done: int, bench: Bench
) -> Iterator[Page]:
    """Hand on whatever stands open in their feed; a mail ahead has followed its enrollment."""
    cursor = _cursor(job.position)
    while True:
        tasks, cursor = bench.stores.tasks.page(gone, limit=_A_PAGE, cursor=cursor)
        for task in tasks:
            _hand_on(task, gone, heir_id, bench)
        yield Page(done=done, position={_FEED: cursor})
        if cursor is None:
            return


def _hand_on(task: Task, gone: UserId, heir_id: UserId | None, bench: Bench) -> None:
    owner_id = bench.stores.enrollments.get(task.enrollment_id).owner_id

    def handed_on() -> Task | None:
        found = bench.stores.tasks.find_by_id(task.id)
        if found is None or not found.is_actionable or found.assignee_id != gone:
            return None  # it was closed meanwhile, or handed on
        return replace(found, assignee_id=heir_id or owner_id)

    write_anew(handed_on, bench)


def _cursor(position: Mapping[str, object]) -> dict[str, str] | None:
    given = position.get(_FEED)
    return {str(key): str(at) for key, at in given.items()} if isinstance(given, dict) else None
