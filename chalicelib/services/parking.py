"""Counts the failed tries of an enrollment on its head, and parks it at the fifth.

It asks nothing but the head: the flow, or a stored signal, may be what cannot be read.
"""

from collections.abc import Callable
from typing import Final

from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences import parking
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import PauseReason
from chalicelib.domain.sequences.walk import Decision
from chalicelib.services.decisions import Bench, keep
from chalicelib.storage.transaction import Transaction

_TRIES: Final = 5


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
        return after.reason == PauseReason.PARKED
    raise ThrottledError(retry_after=1)


def _kept(before: Enrollment, decision: Decision, bench: Bench) -> Enrollment:
    """Write a count; one that leaves the enrollment due wakes nobody, for somebody is awake."""
    if decision.enrollment.token != before.token:
        return keep(before, decision, bench=bench)
    with Transaction() as tx:
        return bench.stores.enrollments.change(tx, decision.enrollment, ())
