"""Every call of every door fails in every way that AWS knows, and what comes after it.

A point is one kind of failure at one call of one story (`tests/faults.py`, `doors/table.py`). `make
test-faults` tries all of them; a plain run tries a sample, drawn by SEKVENS_SEED.
"""

import os
import sys
from collections import Counter
from functools import cache
from typing import Final

import pytest
from botocore.loaders import Loader

from tests.faults import BYTES, FAULTS, MAIL, QUEUE, TABLE, Breaker
from tests.services.doors.drawn import Draw
from tests.services.doors.process import Guard, Twin
from tests.services.doors.story import Story
from tests.services.doors.telling import rehearse, tell
from tests.services.doors.world import World

DRAW: Final = Draw(
    is_whole=os.environ.get("SEKVENS_FAULTS") == "all",
    seed=os.environ.get("SEKVENS_SEED", "1"),
    most_stories=4,
    most_points=7,
)
SOMEBODY_ELSE: Final = "somebody else is first"
"""No failure of AWS: another worker does the same work at that moment."""

Point = tuple[str, int]
"""A kind of failure, and the number of the call."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("story", DRAW.stories(), ids=lambda story: story.name.replace(" ", "-"))
def test_however_aws_fails_nothing_is_done_twice_and_nobody_is_forgotten(
    world: World, story: Story
) -> None:
    rehearsal = rehearse(world, story)
    calls = rehearsal.calls
    guards = {point: guard_of(point) for point in DRAW.points(points_of(calls), story)}

    named = {name_of(point, calls): guard for point, guard in guards.items()}
    told = tell(world, story, named, rehearsal)

    struck = [point for point, guard in guards.items() if has_struck(guard)]
    report(story, struck, told.failures)
    assert told.failures == ()
    assert struck


def points_of(calls: tuple[str, ...]) -> list[Point]:
    """Return every failure that may come over a story."""
    return [
        (kind, at)
        for kind in (*FAULTS, SOMEBODY_ELSE)
        for at, operation in enumerate(calls)
        if kind == SOMEBODY_ELSE or FAULTS[kind].may_hit(service_of(operation), operation)
    ]


def guard_of(point: Point) -> Guard:
    """Return who breaks it."""
    kind, at = point
    return Twin(at) if kind == SOMEBODY_ELSE else Breaker(FAULTS[kind], at)


def has_struck(guard: Guard) -> bool:
    """Whether there was anything to break: a write without a condition cannot be refused."""
    return not isinstance(guard, Breaker) or guard.has_struck


def name_of(point: Point, calls: tuple[str, ...]) -> str:
    """Say what happens where."""
    kind, at = point
    return f"{kind} at call {at}, {calls[at]}"


def report(story: Story, struck: list[Point], failures: tuple[str, ...]) -> None:
    """Print one line a kind."""
    for kind, number in Counter(kind for kind, _ in struck).items():
        wrong = sum(f", {kind} at call " in each for each in failures)
        sys.stdout.write(
            f"{story.door}, {story.name}, {kind}: {number} points, {wrong} failures "
            f"(seed {DRAW.seed})\n"
        )


@cache
def service_of(operation: str) -> str:
    """Return which service has an operation."""
    loader = Loader()
    return next(
        service
        for service in (TABLE, QUEUE, MAIL, BYTES)
        if operation in loader.load_service_model(service, "service-2")["operations"]
    )
