"""Tells a story once for every way of breaking it, lets everything recover, and judges.

All are broken first and recover together, as after an outage: time passes once a story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Final

from tests.services.doors import laws, place
from tests.services.doors.process import Ended, Freezer, Guard, Running, begin
from tests.services.doors.story import API, Story, Subject
from tests.services.doors.waking import Held, errand_of, recover, wake
from tests.services.doors.world import World

_NUMBERS: Final = count(1)
"""Every telling has a subject of its own, in whatever world."""
_BETWEEN_REQUESTS: Final = timedelta(seconds=1)
"""Each cold process takes a hundredth of what its token may ask for in a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A story told with nothing broken; nothing has followed from the last telling yet."""

    subjects: Mapping[str, Subject]
    calls: tuple[str, ...]
    held: Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How the tellings of a story went: how each process ended, and what is wrong now."""

    ended: Mapping[str, Ended]
    failures: tuple[str, ...]
    frozen: int = 0
    """How many of them stood still; who makes fewer calls than expected may not."""


def rehearse(world: World, story: Story) -> Rehearsal:
    """Tell a story with nothing broken, to know the calls that its door makes.

    It is told twice: what is done once an hour, such as noting that a token is used, would move
    all calls behind it.
    """
    place.choose_policy(world, story.policy)
    held = Held(world)
    subjects: dict[str, Subject] = {}
    calls: tuple[str, ...] = ()
    for name in ("the first time", "nothing broken"):
        subjects[name] = story.prepare(world, next(_NUMBERS))
        story.ripen(world, [subjects[name]])
        ended = wake(story, subjects[name], held)
        assert not ended.raised, story.name
        calls = ended.calls
    return Rehearsal(subjects=subjects, calls=calls, held=held)


def tell(world: World, story: Story, guards: Mapping[str, Guard], after: Rehearsal) -> Told:
    """Tell a story once for every guard; the names say what each of them breaks."""
    held = after.held
    subjects = {name: story.prepare(world, next(_NUMBERS)) for name in guards}
    story.ripen(world, list(subjects.values()))
    ended: dict[str, Ended] = {}
    for name, guard in guards.items():
        ended[name] = wake(story, subjects[name], held, guard)
        if story.door == API:
            world.clock.jump(world.now() + _BETWEEN_REQUESTS)
    everybody = {**after.subjects, **subjects}
    refused = recover(story, list(everybody.values()), held)
    return Told(ended=ended, failures=(*refused, *_failures(world, story, everybody)))


def tell_frozen(
    world: World, story: Story, freezers: Mapping[str, Freezer], after: Rehearsal
) -> Told:
    """Tell a story once for every freezer; others do the work before the frozen are woken."""
    held = after.held
    subjects = {name: story.prepare(world, next(_NUMBERS)) for name in freezers}
    story.ripen(world, list(subjects.values()))
    processes: dict[str, Running] = {}
    frozen = 0
    try:
        for name, freezer in freezers.items():
            errand = errand_of(story, subjects[name], held)
            processes[name] = begin(errand.work, freezer)
            frozen += processes[name].stands_still()
            held.settle(errand.queue, errand.messages, errand.message_ids)
        everybody = {**after.subjects, **subjects}
        refused = recover(story, list(everybody.values()), held)
    except BaseException:
        for process in processes.values():
            process.give_up()
        raise
    ended = {name: process.end() for name, process in processes.items()}
    world.quiet()
    for wait in story.recovery:
        world.later(wait)
    failures = (*refused, *_failures(world, story, everybody))
    return Told(ended=ended, failures=failures, frozen=frozen)


def _failures(world: World, story: Story, everybody: Mapping[str, Subject]) -> list[str]:
    """Judge every subject; no later story finds a sequence of theirs still running."""
    failures = [
        f"{story.name}, {name}: {wrong}"
        for name, subject in everybody.items()
        for wrong in laws.wrongs(world, story, subject)
    ]
    for subject in everybody.values():
        place.end_own(world, subject.number)
    world.quiet()
    return failures
