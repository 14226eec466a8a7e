"""What a side must be able to do, so that one program can measure and kill both."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Protocol

from benchmarks.side_by_side.work import READY, SAID, Order, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What became of the workflows of an order."""

    ended: int
    with_a_person: int = 0
    """Stand as a task in somebody's feed: nobody knows whether a mail went out."""
    lost: int = 0
    """Neither ended nor waiting for a person, though all the time there is has passed."""


class Side(Protocol):
    """One of the two."""

    name: str

    def prepare(self, order: Order) -> None:
        """Make what the workflows are about; not measured."""
        ...

    def start(self, order: Order) -> "Running":
        """Start a worker, or start it anew."""
        ...

    def durable_writes(self) -> float:
        """Return how many write transactions the store has seen."""
        ...

    def store_cpu_s(self) -> float:
        """Return the processor time of a store that is a process of its own."""
        ...

    def ends(self, order: Order) -> Ends:
        """Look into the store."""
        ...


class Running:
    """A worker process: listened to line by line, killed without a word."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            command, env=dict(environment), stdout=subprocess.PIPE, text=True
        )

    def until_ready(self) -> None:
        """Wait until it has loaded everything; raises RuntimeError if it never does."""
        if self._line(READY) is None:
            code = self._end()
            raise RuntimeError(f"the worker ended with {code} before it was ready")

    def kill(self) -> None:
        """End it as the kernel ends a process when memory runs out."""
        self._process.kill()

    def told(self) -> Told | None:
        """Wait for its end and return what it said; None if it was killed."""
        line = self._line(SAID)
        code = self._end()
        if code > 0 or (code == 0 and line is None):
            raise RuntimeError(f"the worker failed with {code}")
        return Told.read(line) if code == 0 and line is not None else None

    def _end(self) -> int:
        code = self._process.wait()
        _pipe(self._process).close()
        return code

    def _line(self, start: str) -> str | None:
        """Return the next line that begins so; others are the worker's own logs and figures."""
        return next((each for each in _pipe(self._process) if each.startswith(start)), None)


def _pipe(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout
