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
    from chalicelib.services.jobs import watching  # noqa: PLC0415 - as above

    shard = int(json.loads(body)["shard"])
    sweeping.sweep(shard, outside=wiring.outside())
    if shard == 0:  # jobs are few: who reads the first shard looks after all of them
        watching.find_left(outside=wiring.outside())
