"""Those inside follow their sequence: out of one that stops, on with one that goes on.

The job that tells them is written with what it tells (`intend`), so that no crash loses it. The
request itself tells as many as it can wait for, and hands the job on if there are more; whoever is
missed meanwhile (listed a moment late, enrolled that very moment) follows when its time comes
(`heeding`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from chalicelib.domain.ids import SequenceId, SignalId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, Page
from chalicelib.domain.sequences.enrollment import Count, Enrollment
from chalicelib.domain.sequences.signals import (
    ExitReason,
    SequenceWentOn,
    Signal,
    Stopped,
)
from chalicelib.services import progress
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking
from chalicelib.storage.transaction import Transaction

DIRECTLY: Final = 20
"""So many a request takes along itself."""
_LOOKS: Final = 3
"""So many pages of a list a request reads for them."""
_PASSES: Final = 3
"""So often a job begins anew while the counts say that somebody is left."""
_A_PAGE: Final = 25


def intend(
    tx: Transaction,
    sequence_id: SequenceId,
    reason: ExitReason | None,
    *,
    asked_by: UserId,
    bench: Bench,
) -> Job:
    """Add to `tx`, which changes the sequence, that all inside are to be told."""
    about = {"sequence_id": sequence_id, "reason": reason}
    return asking.intend(tx, JobKind.FOLLOW, asked_by=asked_by, about=about, bench=bench)


def follow(job: Job, *, bench: Bench) -> int:
    """Let those inside go for the job's reason, or on (none); return how many there were."""
    sequence_id, reason = _told_by(job)
    told, cursor = 0, None
    for _ in range(_LOOKS):
        listing = bench.stores.enrollments.list_page(
            sequence_id, limit=DIRECTLY - told, cursor=cursor, keep=_is_told(job)
        )
        told += sum(_tell(each, reason, bench) for each in listing.rows)
        cursor = listing.cursor
        if cursor is None or told >= DIRECTLY:
            break
    left = 0 if reason is None else bench.stores.counts.of(sequence_id)[Count.IN_PROGRESS]
    if cursor is not None or left:
        asking.hand_on(job.id, bench=bench)
    else:
        asking.spare(job, bench=bench)
    return told + left


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Tell the rest, page by page; to be told twice changes nothing."""
    sequence_id, reason = _told_by(job)
    done, total = job.done, None
    if reason is not None:
        total = done + bench.stores.counts.of(sequence_id)[Count.IN_PROGRESS]
    cursor = _cursor(job.position)
    for passed in range(int(str(job.position.get("passed", 0))), _PASSES):
        while True:
            listing = bench.stores.enrollments.list_page(
                sequence_id, limit=_A_PAGE, cursor=cursor, keep=_is_told(job)
            )
            done += sum(_tell(each, reason, bench) for each in listing.rows)
            cursor = listing.cursor
            if cursor is None:
                break
            yield Page(done=done, position={"cursor": cursor, "passed": passed}, total=total)
        yield Page(done=done, position={"passed": passed + 1}, total=total)
        if reason is None or not bench.stores.counts.of(sequence_id)[Count.IN_PROGRESS]:
            return


def _told_by(job: Job) -> tuple[SequenceId, ExitReason | None]:
    given = job.about.get("reason")
    reason = None if given is None else ExitReason(str(given))
    return SequenceId(str(job.about["sequence_id"])), reason


def _cursor(position: Mapping[str, object]) -> Mapping[str, object] | None:
    cursor = position.get("cursor")
    return cursor if isinstance(cursor, dict) else None


def _is_told(job: Job) -> Callable[[Enrollment], bool]:
    """Whom a job is for: a late one must not touch those of the sequence's next life."""
    return lambda each: not each.is_over and each.started_at <= job.created_at


def _tell(enrollment: Enrollment, reason: ExitReason | None, bench: Bench) -> bool:
    """Tell one; return whether it followed, rather than having ended by itself."""
    signal: Signal = SequenceWentOn()
    if reason is not None:
        signal = Stopped(id=SignalId(f"{reason}"), reason=reason, at=bench.now())
    after = progress.take(enrollment.id, signal, stores=bench.stores, outside=bench.outside)
    return reason is None or after.reason == reason
