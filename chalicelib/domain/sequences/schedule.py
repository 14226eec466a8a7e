"""When: waits, working days, windows and time zones.

What is stored is an intent (a zone, a local time, a number of days); the instant is derived from it
here. Nothing here reads a clock or draws a number: the same question has the same answer, in the
runner, the preview and the simulator.

Two local times have no plain instant. One that a change of clocks skips means the first instant
after the gap; one that happens twice means the first of the two.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.ids import EnrollmentId, StepId

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_MOST_DAYS_OFF: Final = 366
"""A calendar without a working day for a year is taken as having none off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days are worked: not `weekend` (Monday is 0), not `days_off`."""

    weekend: AbstractSet[int] = frozenset({5, 6})
    days_off: AbstractSet[date] = frozenset()

    def is_worked(self, day: date) -> bool:
        """Whether anybody works on `day`."""
        return day.weekday() not in self.weekend and day not in self.days_off

    def first_worked(self, day: date) -> date:
        """Return `day` itself, or the next day that is worked."""
        return next(
            (later for later in _days_from(day, _MOST_DAYS_OFF) if self.is_worked(later)), day
        )


MONDAY_TO_FRIDAY: Final = Calendar()
EVERY_DAY: Final = Calendar(weekend=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The hours of a day in which something may happen: from `opens` until before `closes`."""

    opens: time
    closes: time
    calendar: Calendar = EVERY_DAY

    def holds(self, local: datetime) -> bool:
        """Whether the local time lies inside."""
        return self.opens <= local.time() < self.closes and self.calendar.is_worked(local.date())


def after(
    instant: datetime,
    wait_for: timedelta,
    *,
    zone: str,
    working_time: bool = False,
    calendar: Calendar = MONDAY_TO_FRIDAY,
) -> datetime:
    """Return the instant at which a wait that begins at `instant` is over.

    Whole days are civil days: the same local time so many days later, whatever the clocks do in
    between. What is left below a day is elapsed time. In working time only the days of `calendar`
    count, and a wait never ends on another. The answer is never earlier than the wait.
    """
    place = ZoneInfo(zone)
    if wait_for.days:
        local = instant.astimezone(place).replace(tzinfo=None)
        day = _days_later(local.date(), wait_for.days, calendar if working_time else EVERY_DAY)
        instant = _instant(datetime.combine(day, local.time()), place)
    over_at = instant + timedelta(seconds=wait_for.seconds, microseconds=wait_for.microseconds)
    if working_time:
        over_at = _onto_worked_day(over_at, place, calendar)
    return over_at.astimezone(UTC)


def into_window(
    instant: datetime, window: Window, *, zone: str, spread: timedelta = timedelta()
) -> datetime:
    """Return `instant` if it lies in the window, else a moment of the next one.

    `spread` (see `jitter`) says how far into the window: otherwise everybody who missed yesterday's
    would be served in the first second of today's.
    """
    place = ZoneInfo(zone)
    local = instant.astimezone(place)
    if window.holds(local):
        return instant
    for day in _days_from(local.date(), _MOST_DAYS_OFF):
        opens_at = _instant(datetime.combine(day, window.opens), place)
        if opens_at > instant and window.holds(opens_at.astimezone(place)):
            return _spread(opens_at, day, window, place, spread)
    return instant


def jitter(enrollment_id: EnrollmentId, step_id: StepId, *, at_most: timedelta) -> timedelta:
    """Return a length below `at_most` that looks random and is always the same for this step."""
    if at_most < _SECOND:
        return timedelta()
    number = int.from_bytes(sha256(f"{enrollment_id} {step_id}".encode()).digest()[:8])
    return timedelta(seconds=number % int(at_most.total_seconds()))


def _spread(
    opens_at: datetime, day: date, window: Window, place: ZoneInfo, spread: timedelta
) -> datetime:
    open_for = _instant(datetime.combine(day, window.closes), place) - opens_at
    moved = opens_at + spread % max(open_for, _SECOND)
    # On the night when an hour happens twice, the window may open, close and open again.
    return moved if window.holds(moved.astimezone(place)) else opens_at


def _days_later(day: date, days: int, calendar: Calendar) -> date:
    if calendar is EVERY_DAY:
        return day + timedelta(days=days)
    for _ in range(days):
        day = calendar.first_worked(day + _DAY)
    return day


def _onto_worked_day(instant: datetime, place: ZoneInfo, calendar: Calendar) -> datetime:
    local = instant.astimezone(place).replace(tzinfo=None)
    day = calendar.first_worked(local.date())
    return instant if day == local.date() else _instant(datetime.combine(day, local.time()), place)


def _days_from(day: date, count: int) -> Iterator[date]:
    return (day + timedelta(days=each) for each in range(count))


def _instant(local: datetime, place: ZoneInfo) -> datetime:
    """Return the first instant at which clocks in `place` show `local`, or the end of a gap."""
    early = local.replace(tzinfo=place).astimezone(UTC)
    if early.astimezone(place).replace(tzinfo=None) == local:
        return early
    # Clocks never show `local`. Read with the offset from before the gap it names an instant after
    # it, with the offset from after the gap an instant before it; the change lies between the two.
    before = local.replace(tzinfo=place, fold=1).astimezone(UTC)
    return _change_of_clocks(before, early, place)


def _change_of_clocks(before: datetime, behind: datetime, place: ZoneInfo) -> datetime:
    """Return the first instant with the offset of `behind`, by halving to the second."""
    before, behind = before.replace(microsecond=0), behind.replace(microsecond=0)
    offset = behind.astimezone(place).utcoffset()
    while behind - before > _SECOND:
        middle = before + timedelta(seconds=(behind - before) // _SECOND // 2)
        if middle.astimezone(place).utcoffset() == offset:
            behind = middle
        else:
            before = middle
    return behind
