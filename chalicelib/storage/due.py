"""Reads the due index: whom somebody must look at, shard by shard.

Only this store looks across tenants, and it reads keys alone: who, when, and the token.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.update import Action

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.storage import keys, reading, spelling
from chalicelib.storage.outages import is_refused
from chalicelib.storage.rows.sweeps import ShardsRow, SweepRow

OVERLAP: Final = timedelta(minutes=3)
"""A tick reads again what became due shortly before the tick before it."""
FULL_EVERY: Final = timedelta(minutes=10)
"""How often a shard is read from its beginning, so that lateness heals."""

SHARDS: Final = "shards"
"""Sort key of the row that says how many shards there ever were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueKey:
    """One entry of the index."""

    at: datetime
    tenant_id: TenantId
    enrollment_id: EnrollmentId
    token: int


def read(shard: int, *, since: str, until: datetime) -> Iterator[list[DueKey | None]]:
    """Yield pages of what is due in a shard, from the sort key `since` to the instant `until`.

    None stands for a key that cannot be read: it must not keep the others of its shard waiting.
    """
    for page in reading.due(keys.due_shard(shard), until=until, since=since):
        yield [_key(due_sk) for due_sk in page]


def begin_tick(shard: int, now: datetime) -> str:
    """Return from which sort key this tick must read: all of it every ten minutes."""
    try:
        row = SweepRow.get(keys.sweep(shard), keys.HEAD, consistent_read=True)
    except DoesNotExist:
        return ""
    if now - datetime.fromisoformat(row.full_at) >= FULL_EVERY:
        return ""
    return spelling.instant(datetime.fromisoformat(row.read_to) - OVERLAP)


def end_tick(shard: int, now: datetime, *, was_full: bool, read_to: datetime | None = None) -> None:
    """Remember how far the shard was read; called after its ids were handed on, never before.

    `read_to` is where the next tick must begin if it is not all that was due that was handed on.
    """
    row = SweepRow(pk=keys.sweep(shard), sk=keys.HEAD)
    actions: list[Action] = [SweepRow.read_to.set((read_to or now).isoformat())]
    if was_full:
        actions.append(SweepRow.full_at.set(now.isoformat()))
    row.update(actions=actions)


def _key(due_sk: str) -> DueKey | None:
    try:
        at, tenant_id, enrollment_id, token = due_sk.split("#")
        return DueKey(
            at=datetime.fromisoformat(at),
            tenant_id=TenantId(tenant_id),
            enrollment_id=EnrollmentId(enrollment_id),
            token=int(token),
        )
    except ValueError:
        return None


def shards_in_use(shards: int) -> int:
    """Return how many shards must be read when `shards` are written to: the most there ever were.

    A head keeps its shard until it is written again, so a smaller number is reached slowly.
    """
    row = ShardsRow(pk=keys.sweep(0), sk=SHARDS)
    try:
        row.refresh(consistent_read=True)
    except ShardsRow.DoesNotExist:
        row.most = 0
    if row.most >= shards:
        return int(row.most)
    try:
        row.update(
            actions=[ShardsRow.most.set(shards)],
            condition=ShardsRow.most.does_not_exist() | (ShardsRow.most < shards),
        )
    except UpdateError as error:
        if not is_refused(error):
            raise
        return shards_in_use(shards)
    return shards
