"""What a run tries: every point of every story, or a few that its seed draws.

The same seed draws the same points again.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.services.doors.story import Story
from tests.services.doors.table import STORIES

_Point = TypeVar("_Point")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How much is tried: everything if `is_whole`, else so many stories, and points of each."""

    is_whole: bool
    seed: str
    most_stories: int
    most_points: int

    def stories(self) -> list[Story]:
        """Return the stories of this run."""
        if self.is_whole:
            return list(STORIES)
        return random.Random(self.seed).sample(STORIES, k=min(self.most_stories, len(STORIES)))

    def points(self, points: Sequence[_Point], story: Story) -> list[_Point]:
        """Return those of a story's points that this run tries, in their order."""
        if self.is_whole:
            return list(points)
        draw = random.Random(f"{self.seed} {story.name}")
        kept = draw.sample(range(len(points)), k=min(self.most_points, len(points)))
        return [points[at] for at in sorted(kept)]


def both_sides(calls: int) -> list[tuple[int, bool]]:
    """Return where a process may end or stand still: by number of its call, and whether after."""
    return [(at, is_after) for at in range(calls) for is_after in (False, True)]
