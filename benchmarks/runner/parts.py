"""The parts of the benchmark of size, each for a process of its own, and how much each does."""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final, TypeVar

from benchmarks.runner import draining, fairness, ticks
from benchmarks.runner.draining import Drained
from benchmarks.runner.fairness import Fairness
from benchmarks.runner.loading import MAIL, TASK, WAIT, Kind
from benchmarks.runner.stack import a_stack
from benchmarks.runner.ticks import Ticked
from benchmarks.runner.walk import Walk
from benchmarks.runner.walk import walk as walked_in

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is loaded, worked off and walked."""

    waiting: tuple[int, ...]
    drains: tuple[tuple[Kind, int, int], ...]
    """Of which kind, how many, by how many processes."""
    walked: int


FULL: Final = Plan(
    waiting=(1_000, 10_000, 100_000),
    drains=(
        *((WAIT, 3_000, workers) for workers in (1, 2)),
        *((TASK, 1_500, workers) for workers in (1, 2)),
        *((MAIL, 500, workers) for workers in (1, 2)),
    ),
    walked=20,
)
QUICK: Final = Plan(
    waiting=(1_000, 5_000),
    drains=tuple((kind, 200, workers) for kind in (WAIT, TASK, MAIL) for workers in (1, 2)),
    walked=10,
)


def alone(part: Callable[[Plan], T], plan: Plan) -> T:
    """Run a part in a process of its own: its emulator, its clock and its caches are its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(part, plan).result()


def walk(plan: Plan) -> Walk:
    """Walk enrollments to their end."""
    with a_stack() as stack:
        return walked_in(stack, plan.walked, say=_say)


def drain(plan: Plan) -> list[Drained]:
    """Work off what is due."""
    with a_stack() as stack:
        draining.make_leads(stack, max(steps for _, steps, _ in plan.drains), say=_say)
        return [
            draining.drain(stack, kind, steps=steps, workers=workers, say=_say)
            for kind, steps, workers in plan.drains
        ]


def tick(plan: Plan) -> tuple[list[Ticked], Fairness]:
    """Tick among very many that wait, then let all of them fall due."""
    with a_stack() as stack:
        ticked = list(ticks.measure(stack, plan.waiting, say=_say))
        return ticked, fairness.measure(stack, max(plan.waiting), say=_say)


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)
