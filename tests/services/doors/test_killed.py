"""Every door killed with SIGKILL before and after each of its calls, and what comes after it.

A point is one call of one story, before or after it (`doors/table.py`). `make test-crash` tries all
of them; a plain run tries a sample, drawn anew whenever the product changes. SEKVENS_SEED draws it
again as a run has printed it.
"""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zlib import crc32

import pytest

from tests.services.doors import laws, place
from tests.services.doors.process import Killer
from tests.services.doors.story import Story
from tests.services.doors.table import STORIES
from tests.services.doors.telling import rehearse, tell
from tests.services.doors.world import World, a_world

PROJECT: Final = Path(__file__).parents[3]


def seed_of_the_code() -> str:
    """Draw by what the product is: the same code has the same sample, whatever day it is."""
    sources = sorted((PROJECT / "chalicelib").rglob("*.py"))
    return f"{crc32(b''.join(each.read_bytes() for each in sources)):08x}"


IS_WHOLE: Final = os.environ.get("SEKVENS_CRASH") == "all"
SEED: Final = os.environ.get("SEKVENS_SEED") or seed_of_the_code()
STORIES_TRIED: Final = 5
SAMPLE: Final = 3
"""So many stories a plain run tells, and so many points of each it tries."""

Point = tuple[int, bool]
"""The number of the call, and whether the process ends after it."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Put up one deployment for all stories, and judge the whole of it after the last."""
    with a_world(tmp_path_factory.mktemp("world")) as made:
        place.furnish(made)
        yield made
        assert laws.wrongs_of_all(made) == []


def tried() -> list[Story]:
    """Return the stories of this run."""
    if IS_WHOLE:
        return list(STORIES)
    return random.Random(SEED).sample(STORIES, k=min(STORIES_TRIED, len(STORIES)))


@pytest.mark.parametrize("story", tried(), ids=lambda story: story.name.replace(" ", "-"))
def test_wherever_a_door_is_killed_nothing_is_done_twice_and_nobody_is_forgotten(
    world: World, story: Story
) -> None:
    rehearsal = rehearse(world, story)
    calls = rehearsal.calls
    points = points_of(story, len(calls))
    killers = {name_of(point, calls): Killer(*point) for point in points}

    told = tell(world, story, killers, rehearsal)

    survived = [name for name, ended in told.ended.items() if not ended.was_killed]
    sys.stdout.write(
        f"{story.door}, {story.name}: {len(points)} points of {2 * len(calls)}, "
        f"{len(told.failures)} failures (seed {SEED})\n"
    )
    assert told.failures == ()
    assert len(survived) <= len(points) // 4 + 1, "they made fewer calls than the one that lived"


def points_of(story: Story, calls: int) -> list[Point]:
    """Return the points of this run, the same ones for the same seed."""
    points = [(at, is_after) for at in range(calls) for is_after in (False, True)]
    if IS_WHOLE:
        return points
    chance = random.Random(f"{SEED} {story.name}")
    return sorted(chance.sample(points, k=min(SAMPLE, len(points))))


def name_of(point: Point, calls: tuple[str, ...]) -> str:
    """Say where the process ends."""
    at, is_after = point
    return f"killed {'after' if is_after else 'before'} call {at}, {calls[at]}"
