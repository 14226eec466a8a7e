"""Many due at once, worked off end to end: sweep, queue, and workers that are processes.

CPU is that of the workers' handlers alone. Steps a second are the emulator's measure rather than
ours: it is one process and stands for all of AWS, so a second worker mostly waits for it.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, Final

from benchmarks.runner.loading import LEADS, Kind, Say, copies, load, pattern_of, spread_over
from benchmarks.runner.stack import Spent, Stack

_OTHER_LEADS: Final = count(LEADS + 1)
"""An item is in one sequence at a time, so every pattern has one of its own."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """So many of one kind, worked off by so many processes."""

    kind: str
    workers: int
    steps: int
    counted: int
    """Of these the costs are known: all but the first batch of each worker."""
    wall_s: float
    cpu_s: float
    write_units: float
    read_units: float
    requests: Mapping[str, int]
    sweep: Spent

    def per_step(self, of: float) -> float:
        """Return a cost of one step."""
        return of / self.counted


def make_leads(stack: Stack, number: int, *, say: Say) -> None:
    """Make the leads that what is loaded is about, each with its person."""
    say(f"making {min(number, LEADS):,} leads with their persons")
    for each in range(1, min(number, LEADS) + 1):
        stack.world.lead(each)


def drain(stack: Stack, kind: Kind, *, steps: int, workers: int, say: Say) -> Drained:
    """Load so many that are due, sweep once, and let the workers work."""
    say(f"loading {steps:,} due, {kind.name}; {workers} worker(s)")
    _load(stack, kind, steps, workers, say)
    sweep = stack.tick()
    say(f"working {steps:,} off")
    told = list(_worked(stack, workers))
    requests: Counter[str] = Counter()
    for each in told:
        requests.update(each["requests"])
    return Drained(
        kind=kind.name,
        workers=workers,
        steps=steps,
        counted=sum(each["messages"] for each in told),
        wall_s=max(each["wall_s"] for each in told),
        cpu_s=sum(each["cpu_s"] for each in told),
        write_units=sum(each["write_units"] for each in told),
        read_units=sum(each["read_units"] for each in told),
        requests=requests,
        sweep=sweep,
    )


def _load(stack: Stack, kind: Kind, steps: int, workers: int, say: Say) -> None:
    world = stack.world
    stack.clock.jump(stack.clock.now() + _HOUR)  # no tick reads what the one before it read
    pattern = pattern_of(kind, world, world.lead(next(_OTHER_LEADS)))
    first = workers * 10 * LEADS * (steps // LEADS + 1)  # names that no drain before had
    due_at = spread_over(stack.clock.now() - timedelta(minutes=1), timedelta(seconds=50), steps)
    heads = copies(pattern, range(first, first + steps), due_at=due_at, world=world)
    load(heads, world=world, say=say)
    stack.empty("due")


def _worked(stack: Stack, workers: int) -> Iterator[Mapping[str, Any]]:
    """Start workers, let them begin together, and return their accounts."""
    accounts = [stack.local.data / f"worker-{number}" for number in range(workers)]
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.runner.worker"),
                *(str(stack.local.aws_port), str(account)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for account in accounts
    ]
    try:
        for each in processes:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n", "a worker does not start"
        for each in processes:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        for each in processes:
            assert each.wait() == 0, "a worker failed"
    finally:
        for each in processes:
            each.kill()
            each.communicate()
    for account in accounts:
        yield json.loads(account.read_text())
