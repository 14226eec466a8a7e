"""Finds who is due and hands their ids on; decides nothing."""

import json

from chalicelib.gateways.outside import Outside
from chalicelib.gateways.queues import Due
from chalicelib.storage import due


def begin(shards: int, *, outside: Outside) -> None:
    """Hand out one message a shard."""
    outside.queues.send("sweep", [json.dumps({"shard": shard}) for shard in range(shards)])


def sweep(shard: int, *, outside: Outside) -> int:
    """Read a shard to its end, hand on every id that is due, and return how many there were."""
    now = outside.clock.now()
    since = due.begin_tick(shard, now)
    found = 0
    for page in due.read(shard, since=since, until=now):
        outside.queues.send_due(
            [
                Due(tenant_id=each.tenant_id, enrollment_id=each.enrollment_id, token=each.token)
                for each in page
            ]
        )
        found += len(page)
    due.end_tick(shard, now, was_full=not since)
    return found
