"""An enrollment is due: read it, decide, write.

The message is trusted for its ids and its token only. What fails for a reason that passes comes
again from the queue; what fails for another is counted on the head, and done with as a message.
A message that comes again may have killed its worker: its next try is counted before it is made.
What an outage keeps a worker from taking back of that, it owes, and takes back with its next batch.
"""

import json
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, try_by_try
from chalicelib.entry.observability import log_unforeseen, metrics

if TYPE_CHECKING:
    from chalicelib.domain.sequences.enrollment import Enrollment
    from chalicelib.services.decisions import Bench

routes = Blueprint(__name__)

_owed: Final[deque[tuple[TenantId, EnrollmentId, int]]] = deque()
"""Suspicions that this worker knows to be wrong, and could not take back."""


@routes.on_sqs_message(queue="due", batch_size=10)
def due_enrollments(event: SQSEvent) -> Failures:
    """Advance every enrollment of the batch; one that fails comes again alone."""
    while _owed and _acquit(*_owed.popleft()):
        pass
    return try_by_try(event, _advance)


def _advance(body: str, number: int) -> None:
    from chalicelib.entry import faults  # noqa: PLC0415 - doors load what they use
    from chalicelib.services import parking, progress  # noqa: PLC0415 - as above
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - as above

    due = json.loads(body)
    enrollment_id, token = EnrollmentId(due["e"]), int(due["n"])
    bench = Bench(stores=wiring.stores_for(TenantId(due["t"])), outside=wiring.outside())
    is_again = number > 1
    if is_again and parking.suspect(enrollment_id, token, bench=bench):
        metrics.add_metric(name="Parked", unit=MetricUnit.Count, value=1)
        return
    try:
        taken = progress.wake(enrollment_id, token, bench=bench)
    except Exception as error:
        if is_again:
            _acquit(bench.stores.tenant_id, enrollment_id, token)
        if faults.is_passing(error):
            raise
        _count(error, enrollment_id, token, bench)
    else:
        if taken is not None:
            _measure(due, taken, bench.now())


def _acquit(tenant_id: TenantId, enrollment_id: EnrollmentId, token: int) -> bool:
    """Take a suspicion back, for its worker lives; say whether there is nothing left to do."""
    from chalicelib.entry import faults  # noqa: PLC0415 - doors load what they use
    from chalicelib.services import parking  # noqa: PLC0415 - as above
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - as above

    bench = Bench(stores=wiring.stores_for(tenant_id), outside=wiring.outside())
    try:
        parking.acquit(enrollment_id, token, bench=bench)
    except Exception as error:  # noqa: BLE001 - what failed before is what the door must tell
        if faults.is_passing(error):
            _owed.append((tenant_id, enrollment_id, token))
            return False
        log_unforeseen(error, enrollment_id=enrollment_id, tenant_id=tenant_id)
    return True


def _measure(due: Mapping[str, Any], taken: "Enrollment", now: datetime) -> None:
    """Tell how late it was done, and whether nobody knows what became of its mail."""
    from chalicelib.domain.sequences.enrollment import Phase  # noqa: PLC0415 - doors load what they use

    if "a" in due:
        late_s = now.timestamp() - due["a"]
        metrics.add_metric(name="DueToDone", unit=MetricUnit.Seconds, value=late_s)
    if taken.phase is Phase.UNKNOWN:
        metrics.add_metric(name="UnknownMail", unit=MetricUnit.Count, value=1)


def _count(error: Exception, enrollment_id: EnrollmentId, token: int, bench: "Bench") -> None:
    """Note on the head what will not pass by itself: it is tried later, or parked."""
    from chalicelib.entry.faults import name_of  # noqa: PLC0415 - doors load what they use
    from chalicelib.services import parking  # noqa: PLC0415 - as above

    is_parked = parking.fault(enrollment_id, token, name_of(error), bench=bench)
    log_unforeseen(error, enrollment_id=enrollment_id, tenant_id=bench.stores.tenant_id)
    metrics.add_metric(name="FailedTries", unit=MetricUnit.Count, value=1)
    metrics.add_metric(name="Parked", unit=MetricUnit.Count, value=int(is_parked))
