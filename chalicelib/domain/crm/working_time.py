"""When people work: hours by weekday, days off, and the calendar of the whole business.

Local times are texts such as `09:00`, as clocks show them; `24:00` closes a day.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec

from chalicelib.domain.errors import Problem

MOST_SPANS: Final = 5
MOST_TIME_OFF: Final = 100
MOST_DAYS_OFF: Final = 366

_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_END_OF_DAY: Final = "24:00"


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


Span = tuple[str, str]
"""From one local time until before another."""
WorkingHours = Mapping[Weekday, tuple[Span, ...]]
"""The hours of each day that is worked; a day that is not named, or has none, is free."""

NINE_TO_FIVE: Final[WorkingHours] = {
    day: (("09:00", "17:00"),) for day in Weekday if day not in {Weekday.SAT, Weekday.SUN}
}


class TimeOff(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"begins": "from"}
):
    """Days on which a user is away, the last one too."""

    begins: date
    to: date

    def holds(self, day: date) -> bool:
        """Whether the user is away on `day`."""
        return self.begins <= day <= self.to


class BusinessCalendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the business works, unless a user has hours of their own."""

    working_hours: WorkingHours = msgspec.field(default_factory=lambda: dict(NINE_TO_FIVE))
    holiday_country: str | None = None
    """The country whose public holidays are free, such as DE; a user's own country comes first."""
    days_off: tuple[date, ...] = ()
    """Days that are free beside them."""


def spans_on(hours: WorkingHours, day: date) -> tuple[tuple[time, time], ...]:
    """Return the working hours of one day; what closes at 24:00 closes with the last moment."""
    spans = hours.get(tuple(Weekday)[day.weekday()], ())
    return tuple((_clock(opens), _clock(closes)) for opens, closes in spans)


def check_working_hours(path: str, hours: WorkingHours) -> Iterator[Problem]:
    """Check the hours of every day: real, in order, apart; and not every day free."""
    if not any(hours.values()):
        yield _wrong(path, "Give the hours of at least one day.")
    for day, spans in hours.items():
        if len(spans) > MOST_SPANS:
            yield Problem(
                path=f"{path}.{day}", code="too_many", message=f"Give at most {MOST_SPANS}."
            )
        for at, (opens, closes) in enumerate(spans):
            yield from _check_span(f"{path}.{day}[{at}]", opens, closes)
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            yield _wrong(f"{path}.{day}", "Give hours that follow each other and do not overlap.")


def check_time_off(path: str, times: tuple[TimeOff, ...]) -> Iterator[Problem]:
    """Check the absences of a user."""
    if len(times) > MOST_TIME_OFF:
        yield Problem(path=path, code="too_many", message=f"Give at most {MOST_TIME_OFF}.")
    for at, each in enumerate(times):
        if each.to < each.begins:
            yield _wrong(f"{path}[{at}].to", "Give a day that is not before `from`.")


def _check_span(path: str, opens: str, closes: str) -> Iterator[Problem]:
    if not (_CLOCK.fullmatch(opens) and _CLOCK.fullmatch(closes)):
        yield _wrong(path, 'Give two local times such as ["09:00", "17:00"].')
    elif opens >= closes:
        yield _wrong(path, "Give a time to close that is later than the time to open.")


def _clock(text: str) -> time:
    return time.max if text == _END_OF_DAY else time.fromisoformat(text)


def _wrong(path: str, message: str) -> Problem:
    return Problem(path=path, code="wrong_value", message=message)
