"""Finds who is due and hands their ids on; decides nothing.

Nobody's enrollments keep another's waiting: tenants take turns, and no more is handed on than can
be worked off before the next tick. What is left stays in the index, where the next tick finds it.
"""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.ids import TenantId
from chalicelib.gateways.outside import Outside
from chalicelib.gateways.queues import Due
from chalicelib.storage import due, spelling
from chalicelib.storage.due import DueKey

TICK: Final = timedelta(minutes=1)
LEAST: Final = 10
"""However full the queue is, so many of a shard go on at each tick: those whose turn it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much of a shard is handed on at a tick (None: all), and over how many seconds."""

    most: int | None = None
    spread_s: int = 0
    most_read: int = 200_000
    """So many keys of a shard fit into a function's memory; those behind them wait for a tick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a tick found in a shard."""

    found: int
    handed_on: int
    unreadable: int
    oldest_at: datetime | None


def begin(shards: int, *, outside: Outside, per_tick: int | None = None) -> None:
    """Hand out one message a shard, those included that are only read any more.

    The queue of those who are due is asked once for what it still holds, and each shard is told its
    share of the room: what one hands on must not look to the others like a queue that is full.
    """
    in_use = due.shards_in_use(shards)
    room = {} if per_tick is None else {"most": _share(per_tick, in_use, outside)}
    told = [json.dumps({"shard": shard, **room}) for shard in range(in_use)]
    outside.queues.send("sweep", told)


def sweep(shard: int, *, outside: Outside, pace: Pace = Pace()) -> Swept:
    """Read a shard to its end and hand on who is due, as many as the pace allows."""
    now = outside.clock.now()
    since = due.begin_tick(shard, now)
    read, is_cut = _read(shard, since, now, pace.most_read)
    keys = [each for each in read if each is not None]
    room = len(keys) if pace.most is None else pace.most
    order = list(by_turns(keys))
    outside.queues.send_due([_message(each, now, pace.spread_s) for each in order[:room]])
    left = [each.at for each in (*order[room:], *(keys[-1:] if is_cut else ()))]
    left_from = min(left, default=None)
    due.end_tick(shard, now, was_full=not since, read_to=left_from)
    return Swept(
        found=len(keys),
        handed_on=min(room, len(keys)),
        unreadable=len(read) - len(keys),
        oldest_at=min((each.at for each in keys), default=None),
    )


def _read(shard: int, since: str, until: datetime, most: int) -> tuple[list[DueKey | None], bool]:
    """Return what is due, oldest first, and whether there is more than may be read at once."""
    read: list[DueKey | None] = []
    for page in due.read(shard, since=since, until=until):
        read += page
        if len(read) >= most:
            return read[:most], True
    return read, False


def by_turns(keys: Sequence[DueKey]) -> Iterator[DueKey]:
    """Let tenants take turns; each in its own order, so that what is oldest goes first."""
    waiting: dict[TenantId, deque[DueKey]] = {}
    for each in keys:
        waiting.setdefault(each.tenant_id, deque()).append(each)
    while waiting:
        for tenant_id in list(waiting):
            yield waiting[tenant_id].popleft()
            if not waiting[tenant_id]:
                del waiting[tenant_id]


def _share(per_tick: int, shards: int, outside: Outside) -> int:
    """Return how many of a shard may go on: a queue that is still full takes only a few."""
    return max(LEAST, (per_tick - outside.queues.held("due")) // shards)


def _message(key: DueKey, now: datetime, spread_s: int) -> Due:
    """Spread what fell due within this tick over the next minute; what is late goes at once."""
    is_new = spread_s and now - key.at < TICK
    return Due(
        tenant_id=key.tenant_id,
        enrollment_id=key.enrollment_id,
        token=key.token,
        at=key.at,
        delay_s=spelling.spread(key.enrollment_id, spread_s + 1) if is_new else 0,
    )
