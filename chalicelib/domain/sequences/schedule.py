"""When: waits, working days, windows and time zones.

What is stored is an intent (a zone, a local time, a number of days); the instant is derived from it
here. Nothing here reads a clock or draws a number: the same question has the same answer, in the
runner, the preview and the simulator.

Two local times have no plain instant. One that a change of clocks skips means the first instant
after the gap; one that happens twice means the first of the two.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences.calendars import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    MOST_DAYS_OFF,
    Calendar,
    Window,
)

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


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
    between. What is left below a day is elapsed time. In working time a wait that meets days off
    lasts until that many whole worked days lie behind it, and never ends on a day off: an e-mail on
    Wednesday and three days are Tuesday (Dynamics 2.6). The answer is never earlier than the wait.
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
    for day in _days_from(local.date(), MOST_DAYS_OFF):
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
    plain = day + days * _DAY
    if calendar is EVERY_DAY or all(map(calendar.is_worked, _days_from(day, days + 1))):
        return plain
    passed = 0
    for later in _days_from(day + _DAY, MOST_DAYS_OFF):
        if calendar.is_worked(later):
            if passed == days:
                return later
            passed += 1
    return plain


def onto_worked_day(instant: datetime, calendar: Calendar, *, zone: str) -> datetime:
    """Return `instant` if its local day is worked, else the same local time of the next that is."""
    return _onto_worked_day(instant, ZoneInfo(zone), calendar).astimezone(UTC)


def start_of(day: date, *, zone: str) -> datetime:
    """Return the first instant of a local day."""
    return at_local(day, time(), zone=zone)


def at_local(day: date, clock: time, *, zone: str) -> datetime:
    """Return the first instant at which clocks show this local time, or the end of a gap."""
    return _instant(datetime.combine(day, clock), ZoneInfo(zone))


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
