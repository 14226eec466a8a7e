"""Every door killed with SIGKILL before and after each of its calls, and what comes after it.

A point is one call of one story, before or after it (`doors/table.py`). `make test-crash` tries all
of them; a plain run tries a sample, drawn anew whenever the product changes. SEKVENS_SEED draws it
again as a run has printed it.
"""

import os
import sys
from typing import Final
from zlib import crc32

import pytest

from infra.local.settings import PROJECT
from tests.services.doors.drawn import Draw, both_sides
from tests.services.doors.process import Killer
from tests.services.doors.story import Story
from tests.services.doors.telling import rehearse, tell
from tests.services.doors.world import World


def seed_of_the_code() -> str:
    """Draw by what the product is: the same code has the same sample, whatever day it is."""
    sources = sorted((PROJECT / "chalicelib").rglob("*.py"))
    return f"{crc32(b''.join(each.read_bytes() for each in sources)):08x}"


DRAW: Final = Draw(
    is_whole=os.environ.get("SEKVENS_CRASH") == "all",
    seed=os.environ.get("SEKVENS_SEED") or seed_of_the_code(),
    most_stories=5,
    most_points=3,
)

Point = tuple[int, bool]
"""The number of the call, and whether the process ends after it."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("story", DRAW.stories(), ids=lambda story: story.name.replace(" ", "-"))
def test_wherever_a_door_is_killed_nothing_is_done_twice_and_nobody_is_forgotten(
    world: World, story: Story
) -> None:
    rehearsal = rehearse(world, story)
    calls = rehearsal.calls
    points = DRAW.points(both_sides(len(calls)), story)
    killers = {name_of(point, calls): Killer(*point) for point in points}

    told = tell(world, story, killers, rehearsal)

    survived = [name for name, ended in told.ended.items() if not ended.was_killed]
    sys.stdout.write(
        f"{story.door}, {story.name}: {len(points)} points of {2 * len(calls)}, "
        f"{len(told.failures)} failures (seed {DRAW.seed})\n"
    )
    assert told.failures == ()
    assert len(survived) <= len(points) // 4 + 1, "they made fewer calls than the one that lived"


def name_of(point: Point, calls: tuple[str, ...]) -> str:
    """Say where the process ends."""
    at, is_after = point
    return f"killed {'after' if is_after else 'before'} call {at}, {calls[at]}"
