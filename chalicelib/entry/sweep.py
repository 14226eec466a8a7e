"""Every minute: who is due? One message a shard, then page after page to the due queue."""

import json
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.observability import metrics
from chalicelib.entry.settings import settings

if TYPE_CHECKING:
    from chalicelib.services.sweeping import Swept

routes = Blueprint(__name__)


@routes.schedule(Rate(1, unit=Rate.MINUTES))
def every_minute(event: CloudWatchEvent) -> None:
    """Hand out one message a shard."""
    from chalicelib.services import sweeping  # noqa: PLC0415 - doors load what they use

    del event
    wiring.point_at_table()
    known = settings()
    sweeping.begin(known.due_shards, outside=wiring.outside(), per_tick=known.due_per_tick)


@routes.on_sqs_message(queue="sweep", batch_size=1)
def shard_sweep(event: SQSEvent) -> Failures:
    """Read one shard of the due index to its end."""
    wiring.point_at_table()
    return one_by_one(event, _sweep)


def _measure(shard: int, swept: "Swept") -> None:
    """Tell how much is due and how late the oldest is; of which shard, stands in the log line.

    A dimension of its own for each shard would be sixteen figures to pay for, and nobody's alarm.
    """
    now = wiring.clock().now()
    late_s = (now - swept.oldest_at).total_seconds() if swept.oldest_at else 0
    metrics.add_metric(name="DueInShard", unit=MetricUnit.Count, value=swept.found)
    metrics.add_metric(name="DueLeft", unit=MetricUnit.Count, value=swept.found - swept.handed_on)
    metrics.add_metric(name="OldestDue", unit=MetricUnit.Seconds, value=late_s)
    metrics.add_metric(name="UnreadableDueKeys", unit=MetricUnit.Count, value=swept.unreadable)
    metrics.add_metadata(key="shard", value=shard)


def _sweep(body: str) -> None:
    from chalicelib.services import sweeping, telling  # noqa: PLC0415 - doors load what they use
    from chalicelib.services.jobs import watching  # noqa: PLC0415 - as above

    told = json.loads(body)
    shard = int(told["shard"])
    pace = sweeping.Pace(most=told.get("most"), spread_s=settings().due_spread_s)
    swept = sweeping.sweep(shard, outside=wiring.outside(), pace=pace)
    if swept.found or swept.unreadable:
        _measure(shard, swept)
    if shard == 0:  # jobs are few: who reads the first shard looks after all of them
        watching.find_left(outside=wiring.outside())
    telling.find_waiting(shard, of=settings().due_shards, outside=wiring.outside())
