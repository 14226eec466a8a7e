"""Every minute: who is due? One message a shard, then page after page to the due queue."""

import json

from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.settings import settings

routes = Blueprint(__name__)


@routes.schedule(Rate(1, unit=Rate.MINUTES))
def every_minute(event: CloudWatchEvent) -> None:
    """Hand out one message a shard."""
    from chalicelib.services import sweeping  # noqa: PLC0415 - doors load what they use

    del event
    sweeping.begin(settings().due_shards, outside=wiring.outside())


@routes.on_sqs_message(queue="sweep", batch_size=1)
def shard_sweep(event: SQSEvent) -> Failures:
    """Read one shard of the due index to its end."""
    wiring.point_at_table()
    return one_by_one(event, _sweep)


def _sweep(body: str) -> None:
    from chalicelib.services import sweeping  # noqa: PLC0415 - doors load what they use

    sweeping.sweep(int(json.loads(body)["shard"]), outside=wiring.outside())
