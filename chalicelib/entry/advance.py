"""An enrollment is due: read it, decide, write.

The message is trusted for its ids and its token only.
"""

import json

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one

routes = Blueprint(__name__)


@routes.on_sqs_message(queue="due", batch_size=10)
def due_enrollments(event: SQSEvent) -> Failures:
    """Advance every enrollment of the batch; one that fails comes again alone."""
    return one_by_one(event, _advance)


def _advance(body: str) -> None:
    from chalicelib.domain.sequences.signals import TimeCame  # noqa: PLC0415 - doors load what they use
    from chalicelib.services import progress  # noqa: PLC0415 - doors load what they use

    due = json.loads(body)
    progress.take(
        EnrollmentId(due["e"]),
        TimeCame(token=int(due["n"])),
        stores=wiring.stores_for(TenantId(due["t"])),
        outside=wiring.outside(),
    )
