"""Holds follow-ups back while answers may lie unread: intake or feedback is behind.

A queue tells only how many wait, not for how long. So each door leaves a sign of life with the age
of what it took; a queue that is not empty is behind if its door took nothing for five minutes, or
took what was older than that. Asked at most twice a minute by a process.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import MailPostponed
from chalicelib.services.decisions import Bench
from chalicelib.storage import door_pulses
from chalicelib.storage.door_pulses import DoorPulse

BEHIND_AFTER: Final = timedelta(minutes=5)
_ASKED_EVERY: Final = timedelta(seconds=30)
_DOORS: Final = ("intake", "feedback")


@dataclass(slots=True)
class _Memory:
    """What the process found out last, and when."""

    asked_at: datetime | None = None
    behind: str | None = None


_MEMORY: Final = _Memory()


def held_back(enrollment: Enrollment, step_id: StepId, *, bench: Bench) -> MailPostponed | None:
    """Return when to try again, if somebody may have answered without our knowing.

    The first mail of an enrollment cannot have been answered; a person who sends knows best.
    """
    if not enrollment.wire_ids or enrollment.approved_by is not None:
        return None
    door = _behind(bench)
    if door is None:
        return None
    until = bench.now() + BEHIND_AFTER
    why = f"{door} is behind: an answer may lie there unread"
    return MailPostponed(step_id=step_id, until=until, why=why)


def take_pulse(door: str, lag: timedelta, now: datetime) -> None:
    """Note that a door took something, at most once in half a minute of a process."""
    known = _PULSES.get(door)
    if known is not None and _is_fresh(known, now) and lag <= BEHIND_AFTER:
        return
    _PULSES[door] = now
    door_pulses.note(door, DoorPulse(at=now, lag=lag))


_PULSES: Final[dict[str, datetime]] = {}


def forget() -> None:
    """Know nothing, as a cold start does."""
    _MEMORY.asked_at = _MEMORY.behind = None
    _PULSES.clear()


def _behind(bench: Bench) -> str | None:
    now = bench.now()
    if _MEMORY.asked_at is None or not _is_fresh(_MEMORY.asked_at, now):
        found = (each for each in _DOORS if _is_behind(each, now, bench))
        _MEMORY.behind, _MEMORY.asked_at = next(found, None), now
    return _MEMORY.behind


def _is_behind(door: str, now: datetime, bench: Bench) -> bool:
    if bench.outside.queues.waiting(door) == 0:
        return False
    pulse = door_pulses.latest(door)
    return pulse is None or now - pulse.at > BEHIND_AFTER or pulse.lag > BEHIND_AFTER


def _is_fresh(then: datetime, now: datetime) -> bool:
    # A laptop's clock may have been set back: what was found out in the future is worth nothing.
    return timedelta() <= now - then < _ASKED_EVERY
