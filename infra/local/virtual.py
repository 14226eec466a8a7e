"""The virtual clock's two halves: the lead in its file, and the mover that jumps it.

The clock jumps by events: what is due runs, its consequences run, and only when all is quiet does
it jump to the next due instant. Everything happens in order, however far the target is.
"""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.gateways.clock import LeadingClock
from chalicelib.storage import keys, spelling, webhook_keys
from infra.local.files import write
from infra.local.schedule import ScheduleJob
from infra.local.settings import DUE_SHARDS, TABLE
from infra.local.workers import Crew

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATE_AGAIN: Final = timedelta(minutes=10)
"""The sweep reads from the beginning every ten minutes, for rows that were late."""
LATE_TRIES: Final = 2
_PAGE: Final = 50
_PARTITIONS: Final = (
    *(keys.due_shard(shard) for shard in range(DUE_SHARDS)),
    *(webhook_keys.due_shard(shard) for shard in range(webhook_keys.DUE_SHARDS)),
)
"""Of the due index: enrollments, and what webhooks are told."""

log = logging.getLogger("sekvens.local")


class BackwardsError(Exception):
    """Somebody wants the clock to go back."""


class LocalClock:
    """The clock all of the stack reads, and its lead over the world's."""

    def __init__(self, lead_file: Path) -> None:
        """Share `lead_file` with the functions."""
        self._lead_file = lead_file
        self._clock = LeadingClock(lead_file)
        if not lead_file.exists():
            write(lead_file, "0")

    def now(self) -> datetime:
        """Return the present instant."""
        return self._clock.now()

    def lead(self) -> timedelta:
        """Return by how much it is ahead."""
        return timedelta(seconds=float(self._lead_file.read_text()))

    def jump(self, to: datetime) -> None:
        """Be at `to` now; never goes back."""
        by = to - self.now()
        if by > timedelta():
            write(self._lead_file, repr((self.lead() + by).total_seconds()))


class DueIndex:
    """Who must be looked at when, over all shards."""

    def __init__(self, dynamodb: "DynamoDBClient") -> None:
        """Ask the emulator."""
        self._dynamodb = dynamodb

    def around(self, instant: datetime) -> tuple[list[str], datetime | None]:
        """Return the keys that are due at `instant` or were before, and the next due instant."""
        # "$" follows "#", which ends an instant: a key at this very instant sorts before it.
        end = f"{spelling.instant(instant)}$"
        late: list[str] = []
        following: list[str] = []
        for shard in _PARTITIONS:
            found = self._query(shard, "")
            late += [key for key in found if key < end]
            after = [key for key in found if key > end]
            if not after and len(found) == _PAGE:
                after = self._query(shard, end)
            following += after[:1]
        return late, instant_in(min(following)) if following else None

    def backlog(self, instant: datetime) -> dict[int, int]:
        """Return how many are due at `instant`, by shard; a page of them at most."""
        end = f"{spelling.instant(instant)}$"
        counts = {
            number: sum(key < end for key in self._query(shard, ""))
            for number, shard in enumerate(_PARTITIONS[:DUE_SHARDS])
        }
        return {shard: count for shard, count in counts.items() if count}

    def _query(self, partition: str, after: str) -> list[str]:
        answer = self._dynamodb.query(
            TableName=TABLE,
            IndexName="due",
            KeyConditionExpression="due_pk = :shard AND due_sk > :after",
            ExpressionAttributeValues={
                ":shard": {"S": partition},
                ":after": {"S": after or "0"},
            },
            Limit=_PAGE,
        )
        return [row["due_sk"]["S"] for row in answer["Items"]]


def instant_in(due_sk: str) -> datetime:
    """Read the instant at the beginning of a key of the due index."""
    return datetime.fromisoformat(due_sk.partition("#")[0])


class Mover:
    """Brings the whole stack from now to a target."""

    def __init__(
        self,
        clock: LocalClock,
        *,
        crew: Crew,
        due: DueIndex,
        schedules: Sequence[ScheduleJob],
    ) -> None:
        """Move `clock`; `schedules` are also in the crew."""
        self._clock = clock
        self._crew = crew
        self._due = due
        self._schedules = schedules
        self._one_at_a_time = threading.Lock()

    def advance(self, by: timedelta) -> datetime:
        """Move by a length of time; raises `BackwardsError` if it is negative."""
        with self._one_at_a_time:
            if by < timedelta():
                raise BackwardsError
            return self._move(self._clock.now() + by)

    def to(self, target: datetime) -> datetime:
        """Move to an instant; raises `BackwardsError` if it is past."""
        with self._one_at_a_time:
            if target < self._clock.now():
                raise BackwardsError
            return self._move(target)

    def _move(self, target: datetime) -> datetime:
        late: dict[str, int] = {}
        with self._crew.standing_still():
            while not self._crew.is_ending:
                looked_at = self._run_what_is_due()
                following = self._next_stop(looked_at, late)
                if following is None or following > target:
                    break
                self._clock.jump(following)
            # A stack that stops has not done what lies before the target: it must not jump over it.
            if self._clock.now() < target and not self._crew.is_ending:
                self._clock.jump(target)
                self._run_what_is_due()
        return self._clock.now()

    def _run_what_is_due(self) -> datetime:
        """Tick, and work until quiet; return the instant of the tick."""
        now = self._clock.now()
        for schedule in self._schedules:
            if schedule.is_fine:
                schedule.tick(now)
        self._crew.work_until_quiet()
        return now

    def _next_stop(self, looked_at: datetime, tries: dict[str, int]) -> datetime | None:
        late, following = self._due.around(looked_at)
        rounds = [each.due_at() for each in self._schedules if not each.is_fine]
        stops = [*rounds, following]
        # What is still due was late for this tick's sweep, or cannot be moved: look twice, go on.
        left = [key for key in late if tries.get(key, 0) < LATE_TRIES]
        tries.update({key: tries.get(key, 0) + 1 for key in left})
        if left:
            stops.append(looked_at + LATE_AGAIN)
        return min((stop for stop in stops if stop is not None), default=None)
