"""Days as people name them in a sentence: `10 August`, `10/8`, `den 10. august`, `on Monday`.

What the year is and which Monday is meant, the day on which it was said tells.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.domain.mail.phrases import folded
from chalicelib.domain.mail.written_dates import month_named

_WEEKDAYS: Final[Mapping[str, int]] = {
    folded(name): day
    for row in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "mon tue wed thu fri sat sun",
        "måndag tisdag onsdag torsdag fredag lördag söndag",
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
        "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miércoles jueves viernes sábado domingo",
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        "poniedziałku wtorku środę czwartku piątku sobotę niedzielę",
    )
    for day, name in enumerate(row.split())
}
_TOMORROW: Final = frozenset(
    {"tomorrow", "imorgon", "huomenna", "demain", "mañana", "amanhã", "domani", "jutro"}
)
_PLAUSIBLE: Final = timedelta(days=92)
_WEEK: Final = 7
_ISO: Final = re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMBERS: Final = re.compile(
    r"(?<![\d:])(\d{1,2})([./-])\s?(\d{1,2})(?:\2\s?((?:20)?\d\d)(?!\d)|(?![\d:%]|[./-]\d))"
)
_DAY_MONTH: Final = re.compile(
    r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th|er|º|\.|:?e|:a)?[ \t]?(?:of |de )?([^\W\d_]{3,12})"
    r"\.?(?:,? (?:de )?(20\d\d))?"
)
_MONTH_DAY: Final = re.compile(
    r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,? (20\d\d))?"
)
_WORD: Final = re.compile(r"[^\W\d_]{3,20}(?:-feira)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day, where it is named, and whether by its date."""

    day: date
    start: int
    end: int
    is_exact: bool = True


def days_in(said: str, begin: int, end: int, *, today: date, may_be_american: bool) -> list[Day]:
    """Return the days named in a stretch of folded text, in order; weekdays only if no date is."""
    words = said[begin:end]
    found = list(_dated(words, today, may_be_american=may_be_american)) or _relative(words, today)
    placed = (
        Day(day=each.day, start=begin + each.start, end=begin + each.end, is_exact=each.is_exact)
        for each in found
    )
    return sorted(placed, key=lambda each: each.start)


def _dated(words: str, today: date, *, may_be_american: bool) -> Iterator[Day]:
    for found in _ISO.finditer(words):
        yield from _told(found, _day(int(found[1]), int(found[2]), int(found[3])))
    for found in _NUMBERS.finditer(words):
        yield from _told(found, _of_numbers(found, today, may_be_american=may_be_american))
    for found in _DAY_MONTH.finditer(words):
        yield from _told(found, _placed(int(found[1]), month_named(found[2]), found[3], today))
    for found in _MONTH_DAY.finditer(words):
        yield from _told(found, _placed(int(found[2]), month_named(found[1]), found[3], today))


def _told(found: re.Match[str], day: date | None) -> Iterator[Day]:
    if day is not None:
        yield Day(day=day, start=found.start(), end=found.end())


def _relative(words: str, today: date) -> list[Day]:
    """A weekday is the next one of its name; the day itself would not be worth a note."""
    days: list[Day] = []
    for word in _WORD.finditer(words):
        weekday = _WEEKDAYS.get(word[0])
        if weekday is not None:
            ahead = (weekday - today.weekday() - 1) % _WEEK + 1
        elif word[0] in _TOMORROW:
            ahead = 1
        else:
            continue
        day = today + timedelta(days=ahead)
        days.append(Day(day=day, start=word.start(), end=word.end(), is_exact=False))
    return days


def _of_numbers(found: re.Match[str], today: date, *, may_be_american: bool) -> date | None:
    """Day first, but where Americans may write: then the order that makes a day soon to come."""
    first, second, year = int(found[1]), int(found[3]), found[4]
    day_first = _placed(first, second, year, today)
    if found[2] == "." or not may_be_american:
        return day_first
    either = {day for day in (day_first, _placed(second, first, year, today)) if day}
    soon = {day for day in either if today <= day <= today + _PLAUSIBLE}
    only = soon if len(soon) == 1 else either
    return only.pop() if len(only) == 1 else None


def _placed(day: int, month: int, year: str | None, today: date) -> date | None:
    """Return the day; without a year, the one nearest to the day it was said on."""
    if year:
        return _day(int(year) % 100 + 2000, month, day)
    near = (_day(each, month, day) for each in (today.year - 1, today.year, today.year + 1))
    return min((each for each in near if each), key=lambda each: abs(each - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
