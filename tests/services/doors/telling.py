"""Tells a story once for every way of breaking it, lets everything recover, and judges.

All are broken first and recover together, as after an outage: time passes once a story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from tests.services.doors import laws
from tests.services.doors.process import Ended, Guard, let_pass
from tests.services.doors.story import Story
from tests.services.doors.waking import Held, recover, wake
from tests.services.doors.world import World

_NUMBERS: Final = count(1)
"""Every telling has a subject of its own, in whatever world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How the tellings of a story went: how each process ended, and what is wrong now."""

    ended: Mapping[str, Ended]
    failures: tuple[str, ...]


def calls_of(world: World, story: Story) -> tuple[str, ...]:
    """Tell a story with nothing broken, and return the calls that its door makes."""
    told = tell(world, story, {"nothing broken": let_pass})
    assert told.failures == (), told.failures
    (ended,) = told.ended.values()
    assert not ended.raised, story.name
    return ended.calls


def tell(world: World, story: Story, guards: Mapping[str, Guard]) -> Told:
    """Tell a story once for every guard; the names say what each of them breaks."""
    held = Held(world)
    subjects = {name: story.prepare(world, next(_NUMBERS)) for name in guards}
    if story.ripe_after is not None:
        world.later(story.ripe_after, but=(story.door,))
    ended = {name: wake(story, subjects[name], held, guard) for name, guard in guards.items()}
    refused = recover(story, list(subjects.values()), held)
    failures = [
        f"{story.name}, {name}: {wrong}"
        for name, subject in subjects.items()
        for wrong in laws.wrongs(world, story, subject)
    ]
    return Told(ended=ended, failures=(*refused, *failures))
