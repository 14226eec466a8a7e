"""What kill -9 leaves behind: mails that went out twice, workflows that nobody looks at again."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from benchmarks.side_by_side.postbox import Postbox
from benchmarks.side_by_side.sides import Ends, Side
from benchmarks.side_by_side.work import MAILS, Order

IN_A_ROUND: Final = 5
"""Workflows under way when the worker is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One worker killed, and started again until all was done that it could do."""

    ends: Ends
    was_killed: bool
    mails: int
    twice: int
    recovered_s: float
    """From the new start until all had ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kills:
    """Many rounds."""

    side: str
    when: str
    style: str
    rounds: tuple[Round, ...]

    @property
    def killed(self) -> int:
        """How many workers were still at work when they were to be killed."""
        return self.total(lambda each: each.was_killed)

    def total(self, of: Callable[[Round], int]) -> int:
        """Add up a figure of all rounds."""
        return sum(of(each) for each in self.rounds)

    @property
    def recovered_s(self) -> float:
        """Half of the rounds took no longer to recover."""
        return median(each.recovered_s for each in self.rounds)


def at_any_instant(side: Side, order: Order, chance: Random, rounds: int) -> Kills:
    """Kill the worker at seeded instants between its first workflow and its last."""
    calm = replace(order, batch=f"{order.batch}-calm", postbox=order.postbox / "calm")
    side.prepare(calm)
    worker = side.start(calm)
    worker.until_ready()
    begun = time.monotonic()
    worker.told()
    span = time.monotonic() - begun
    done = [
        _round(side, _numbered(order, number), kill_after_s=chance.uniform(0, span))
        for number in range(rounds)
    ]
    return Kills(side=side.name, when="any instant", style=order.style, rounds=tuple(done))


def right_after_a_mail(side: Side, order: Order, chance: Random, rounds: int) -> Kills:
    """Kill the worker when the mail service has taken a mail and nobody has noted it yet."""
    most = order.count * len(MAILS)
    done = [
        _round(side, replace(_numbered(order, number), die_at=chance.randint(1, most)))
        for number in range(rounds)
    ]
    return Kills(side=side.name, when="right after a mail", style=order.style, rounds=tuple(done))


def _numbered(order: Order, number: int) -> Order:
    batch = f"{order.batch}-{number}"
    return replace(order, batch=batch, postbox=Path(order.postbox) / batch)


def _round(side: Side, order: Order, *, kill_after_s: float | None = None) -> Round:
    side.prepare(order)
    worker = side.start(order)
    worker.until_ready()
    if kill_after_s is not None:
        timer = threading.Timer(kill_after_s, worker.kill)
        timer.start()
        was_killed = worker.told() is None
        timer.cancel()
    else:
        was_killed = worker.told() is None
    begun = time.monotonic()
    worker = side.start(replace(order, die_at=0))
    worker.until_ready()
    worker.told()
    print(".", end="", file=sys.stderr, flush=True)
    taken = Postbox(path=order.postbox).taken()
    return Round(
        ends=side.ends(order),
        was_killed=was_killed,
        mails=len(taken),
        twice=sum(number > 1 for number in taken.values()),
        recovered_s=time.monotonic() - begun,
    )
