"""An item changed: what follows from it by itself, one change at a time."""

import msgspec
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.ids import TenantId
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one

routes = Blueprint(__name__)


@routes.on_sqs_message(queue="automate", batch_size=10)
def item_changes(event: SQSEvent) -> Failures:
    """Let items leave, be handed on, and enter sequences."""
    return one_by_one(event, _follow)


def _follow(body: str) -> None:
    from chalicelib.domain.sequences.automations import Told  # noqa: PLC0415 - doors load theirs
    from chalicelib.services import automating  # noqa: PLC0415 - as above
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - as above

    told = msgspec.json.decode(body.encode(), type=Told)
    bench = Bench(stores=wiring.stores_for(TenantId(told.tenant)), outside=wiring.outside())
    automating.follow(told.change, bench=bench)
