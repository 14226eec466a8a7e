"""When somebody who is away can be written to again."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.crm.working_time import BusinessCalendar, spans_on

_WORKED_DAYS: Final = 1
"""Nobody answers strangers on the day of their return: one working day is left to them."""
_MOST_DAYS: Final = 366
_MORNING: Final = time(9)


def reachable_at(returns_on: date, *, calendar: BusinessCalendar, zone: str) -> datetime:
    """Return the morning of the first working day after the one they come back to work on."""
    day, worked = returns_on, 0
    for _ in range(_MOST_DAYS):
        if _is_worked(day, calendar):
            worked += 1
        if worked > _WORKED_DAYS:
            break
        day += timedelta(days=1)
    return datetime.combine(day, _MORNING, tzinfo=ZoneInfo(zone))


def _is_worked(day: date, calendar: BusinessCalendar) -> bool:
    return bool(spans_on(calendar.working_hours, day)) and day not in calendar.days_off
