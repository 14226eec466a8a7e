"""Which days are worked and which hours are open: what a planned instant must respect.

All of it is intent, in local days and hours; instants are derived in `schedule` and `planning`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.crm.working_time import TimeOff
from chalicelib.domain.sequences import public_holidays

_DAY: Final = timedelta(days=1)
MOST_DAYS_OFF: Final = 366
"""A calendar without a working day for a year is taken as having none off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days are worked: not `weekend` (Monday is 0), not `days_off`, not those of `country`.

    A country's days are its public holidays and its own weekend.
    """

    weekend: AbstractSet[int] = frozenset({5, 6})
    days_off: AbstractSet[date] = frozenset()
    country: str | None = None

    def is_worked(self, day: date) -> bool:
        """Whether anybody works on `day`."""
        if day.weekday() in self.weekend or day in self.days_off:
            return False
        return self.country is None or not public_holidays.is_free(day, self.country)

    def first_worked(self, day: date) -> date:
        """Return `day` itself, or the next day that is worked."""
        later = (day + each * _DAY for each in range(MOST_DAYS_OFF))
        return next((each for each in later if self.is_worked(each)), day)

    def why_free(self, day: date) -> str:
        """Say why `day` is not worked."""
        name = public_holidays.holiday_on(day, self.country) if self.country else None
        if name:
            return f"{name} is a public holiday"
        return "a day off" if day in self.days_off else "not a working day"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """When a sender is away, in days of their own zone, the last one too."""

    name: str
    zone: str
    times: tuple[TimeOff, ...]

    def last_day(self, day: date) -> date | None:
        """Return the last day of the absence that holds `day`; absences may follow each other."""
        last = None
        while found := [each.to for each in self.times if each.holds(day)]:
            last = max(found)
            day = last + _DAY
        return last


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What moves a planned instant of one enrollment; nothing does by default."""

    calendar: Calendar = MONDAY_TO_FRIDAY
    """Which days count as worked, for waits in working time too."""
    working_days_only: bool = False
    window: Window | None = None
    """The hours in which automatic mails go out; its calendar is complete."""
    absence: Absence | None = None


AT_ANY_TIME: Final = Times()
