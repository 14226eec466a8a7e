"""The work that both sides are given, and what they say of it afterwards.

Four timed steps: `mails` waits, mails, waits and mails; `waits` waits four times, which leaves
nothing but the engine and its store.
"""

import json
import resource
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

STEPS: Final = 4
MAILS: Final = ("m1", "m2")
SAID: Final = "told "
READY: Final = "ready"
"""What a worker prints once it has loaded everything: from here on it may be killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a worker is told on its command line."""

    batch: str
    """Names the workflows of this order: a worker that is started anew goes on with them."""
    count: int
    flow: str
    first_wait_s: float
    """The first wait of all ends at one instant, so many seconds after the start."""
    wait_s: float
    postbox: Path
    answer_s: float
    """How long the mail service takes to say that it has taken a mail."""
    die_at: int
    """Kill the worker right after the mail service took so many mails; 0: never."""
    place: str
    """Where this side keeps things: the folder of its database, or its emulator's port."""
    style: str

    def arguments(self) -> list[str]:
        """Return the command line that says this."""
        return [f"--{name}={value}" for name, value in asdict(self).items()]


def read_order(arguments: Sequence[str]) -> Order:
    """Read a worker's command line."""
    parser = ArgumentParser()
    for name, kind in Order.__annotations__.items():
        parser.add_argument(f"--{name}", type=kind, required=True)
    return Order(**vars(parser.parse_args(arguments)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at the process."""

    wall_s: float
    cpu_s: float
    peak_mb: float

    @classmethod
    def take(cls) -> "Reading":
        """Look now."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return cls(
            wall_s=time.monotonic(),
            cpu_s=time.process_time(),
            peak_mb=peak / (1024 * 1024 if sys.platform == "darwin" else 1024),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a worker says when all its workflows have ended."""

    cpu_s: float
    """From the start of the first workflow to the end of the last."""
    begun_cpu_s: float
    """Of that, until all of them stood in their first wait."""
    idle_cpu_s: float
    """Of a minute in which all of them wait and nothing is due."""
    wall_s: float
    ready_mb: float
    asleep_mb: float
    threads: int
    foreign_cpu_s: float = 0.0
    """Of `cpu_s`: what on Lambda is not the function's own, such as polling the queue."""
    writes: dict[str, float] = field(default_factory=dict)
    """What was written durably, by kind; only where the worker itself must count it."""

    def say(self) -> None:
        """Tell the parent, in one line."""
        print(SAID + json.dumps(asdict(self)), flush=True)

    @classmethod
    def read(cls, line: str) -> "Told":
        """Read that line."""
        return cls(**json.loads(line.removeprefix(SAID)))
