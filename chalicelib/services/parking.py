"""Counts the failed tries of an enrollment on its head, and parks it at the fifth.

It asks nothing but the head: the flow, or a stored signal, may be what cannot be read.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.domain.ids import EnrollmentId, SequenceId
from chalicelib.domain.sequences import parking
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.walk import Decision
from chalicelib.services.decisions import Bench, keep
from chalicelib.storage.transaction import Transaction

_TRIES: Final = 5
_PAGE: Final = 100


def fault(enrollment_id: EnrollmentId, token: int, why: str, *, bench: Bench) -> bool:
    """Count a failed try and say whether that parked it; raises MissingError."""
    return _counted(
        enrollment_id, lambda head: parking.faulted(head, token, why, bench.now()), bench
    )


def suspect(enrollment_id: EnrollmentId, token: int, *, bench: Bench) -> bool:
    """Count a try before it is made, for its message has come before; say whether that parked it.

    Whoever takes the step then forgets it with the same write. Raises MissingError.
    """
    return _counted(enrollment_id, lambda head: parking.suspected(head, token, bench.now()), bench)


def acquit(enrollment_id: EnrollmentId, token: int, *, bench: Bench) -> None:
    """Take back what `suspect` counted: the worker lives, and has said what failed."""
    _counted(enrollment_id, lambda head: parking.acquitted(head, token), bench)


def _counted(
    enrollment_id: EnrollmentId, decide: Callable[[Enrollment], Decision], bench: Bench
) -> bool:
    for _ in range(_TRIES):
        before = bench.stores.enrollments.get(enrollment_id)
        decision = decide(before)
        if decision.enrollment == before:
            return False
        try:
            after = _kept(before, decision, bench)
        except StaleWriteError:
            continue
        # One that was parked before, and is looked at again, counts its faults anew.
        return parking.is_parked(after) and not after.faults
    raise ThrottledError(retry_after=1)


def _kept(before: Enrollment, decision: Decision, bench: Bench) -> Enrollment:
    """Write a count; one that leaves the enrollment due wakes nobody, for somebody is awake."""
    if decision.enrollment.token != before.token:
        return keep(before, decision, bench=bench)
    with Transaction() as tx:
        return bench.stores.enrollments.change(tx, decision.enrollment, ())


def parked_in(sequence_id: SequenceId, *, bench: Bench) -> Iterator[Enrollment]:
    """Return those of a sequence that wait for a person since their step failed, page by page."""
    cursor: Mapping[str, object] | None = None
    while True:
        listing = bench.stores.enrollments.list_page(
            sequence_id, limit=_PAGE, cursor=cursor, keep=parking.is_parked
        )
        yield from listing.rows
        cursor = listing.cursor
        if cursor is None:
            return


def retry(parked: Enrollment, *, over: timedelta, bench: Bench) -> bool:
    """Let one go on by itself within `over`; False if it moved meanwhile, and so needs nobody."""
    decision = parking.retried(parked, bench.now(), over=over)
    try:
        return keep(parked, decision, bench=bench).resume_at is not None
    except StaleWriteError:
        return False
