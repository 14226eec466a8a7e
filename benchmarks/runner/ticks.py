"""What a tick costs while ten are due among more and more that wait: it must not grow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from benchmarks.runner.loading import (
    LEADS,
    WAIT,
    Say,
    copies,
    load,
    pattern_of,
    spread_over,
    unload,
)
from benchmarks.runner.stack import Spent, Stack

DUE: Final = 10
MINUTE: Final = timedelta(minutes=1)
WINDOW: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """One tick: among how many, whether from the beginning, and what it cost."""

    waiting: int
    is_full: bool
    spent: Spent

    @property
    def cost(self) -> tuple[object, ...]:
        """What must be the same among however many: requests by name, and units."""
        bill = self.spent.bill
        return sorted(bill.requests.items()), bill.read_units, bill.write_units


def measure(stack: Stack, sizes: Sequence[int], *, say: Say) -> Iterator[Ticked]:
    """Load more and more, and measure a full pass and an ordinary tick among each number."""
    world = stack.world
    pattern = pattern_of(WAIT, world, world.lead(LEADS + 1_000))
    due_at = spread_over(morning(stack), WINDOW, max(sizes))
    waiting = copies(pattern, range(max(sizes)), due_at=due_at, world=world)
    stack.tick()  # the first there ever was notes how many shards there are
    there = 0
    for size in sizes:
        say(f"loading {size - there:,} enrollments that wait")
        there += load(islice(waiting, size - there), world=world, say=say)
        stack.clock.jump(stack.clock.now() + 10 * MINUTE)
        just_now = stack.clock.now() - timedelta(seconds=10)
        # The same ten names each time, so that they lie in the same shards.
        numbers = range(max(sizes), max(sizes) + DUE)
        due = list(
            copies(pattern, numbers, due_at=spread_over(just_now, timedelta(), 1), world=world)
        )
        load(due, world=world, say=say)
        for is_full in (True, False):
            say(f"a {'full pass' if is_full else 'tick'} among {there:,}")
            yield Ticked(waiting=there, is_full=is_full, spent=stack.tick())
            stack.empty("due")
            stack.clock.jump(stack.clock.now() + MINUTE)
        unload(due, world=world)


def morning(stack: Stack) -> datetime:
    """Return when all who wait begin to fall due, within `WINDOW`."""
    return stack.monday + timedelta(days=7)


def is_level(ticks: Sequence[Ticked]) -> bool:
    """Whether a tick costs the same requests and units among however many."""
    return len({str(each.cost) for each in ticks}) == 1
