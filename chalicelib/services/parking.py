"""Counts the failed tries of an enrollment on its head, and parks it at the fifth.

It asks nothing but the head: the flow, or a stored signal, may be what cannot be read.
"""

from typing import Final

from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences import parking
from chalicelib.domain.sequences.signals import PauseReason
from chalicelib.services.decisions import Bench, keep

_TRIES: Final = 5


def fault(enrollment_id: EnrollmentId, token: int, why: str, *, bench: Bench) -> bool:
    """Count a failed try and say whether that parked it; raises MissingError."""
    for _ in range(_TRIES):
        before = bench.stores.enrollments.get(enrollment_id)
        decision = parking.faulted(before, token, why, bench.now())
        if decision.enrollment == before:
            return False
        try:
            after = keep(before, decision, bench=bench)
        except StaleWriteError:
            continue
        return after.reason == PauseReason.PARKED
    raise ThrottledError(retry_after=1)
