"""What a story of a door is: whom it is about, what wakes the door, what must hold afterwards."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.domain.crm.settings import UnknownSendPolicy
from chalicelib.domain.ids import EnrollmentId
from tests.services.doors.requests import Request
from tests.services.doors.world import World

API: Final = "api_handler"
MINUTE: Final = timedelta(minutes=1)
SOON: Final = (3 * MINUTE, 2 * MINUTE, 12 * MINUTE, 40 * MINUTE)
"""A lease has ended; the next try; a full pass over the due index; the deadline of what is unknown.

Never a quarter of an hour between tries: what is that late is planned anew instead of done.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom one telling of a story is about; every telling has a subject of its own."""

    number: int
    about: str
    """What all messages about it contain, such as the id of its enrollment."""
    enrollment_id: EnrollmentId | None = None
    request: Request | None = None


def nothing_more(world: World, subject: Subject) -> Iterable[str]:
    """Ask for nothing beyond the laws that hold for all."""
    del world, subject
    return ()


def at_once(world: World, subjects: Sequence[Subject]) -> None:
    """Let nothing happen between the beginning and the door."""
    del world, subjects


def after(by: timedelta, door: str) -> Callable[[World, Sequence[Subject]], None]:
    """Let every door work, then time pass in which this one sleeps."""

    def ripen(world: World, subjects: Sequence[Subject]) -> None:
        del subjects
        world.quiet()
        world.later(by, but=(door,))

    return ripen


def asleep(door: str) -> Callable[[World, Sequence[Subject]], None]:
    """Let every door work but this one."""

    def ripen(world: World, subjects: Sequence[Subject]) -> None:
        del subjects
        world.quiet(but=(door,))

    return ripen


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One way in which a door is woken."""

    name: str
    door: str
    """The function's name, as in `.chalice/config.json`."""
    prepare: Callable[[World, int], Subject]
    """Bring a subject of this number to where the door must act; the door has not been woken."""
    ripen: Callable[[World, Sequence[Subject]], None] = at_once
    """Bring all subjects further, before the door is woken for each; it must sleep meanwhile."""
    policy: UnknownSendPolicy = UnknownSendPolicy.MANUAL
    """What the tenant wants with a mail that may have gone out."""
    recovery: tuple[timedelta, ...] = SOON
    """The time that passes afterwards, step by step, before the laws must hold."""
    late: tuple[str, ...] = ()
    """Doors that stand still all that time, and only wake when it is over."""
    wrongs: Callable[[World, Subject], Iterable[str]] = nothing_more
    """What is wrong with a subject afterwards, beyond the laws that hold for all."""
    most_mails: int = 1
    """Of one step of one enrollment: two where the policy is to send again."""
