"""Public holidays and weekends, by country.

The package `holidays` knows them (docs/decisions/0047). It is imported by the first question of a
process, for most never ask.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeDays:
    """The nationwide holidays of one country and year with their names, and its weekend."""

    name_by_day: dict[date, str]
    weekend: frozenset[int]
    """Monday is 0."""


@lru_cache(maxsize=512)
def free_days(country: str, year: int) -> FreeDays:
    """Return what is free in a country; of a country that nobody knows, nothing is."""
    from holidays import country_holidays  # noqa: PLC0415 - 80 ms that most processes never need

    try:
        # In English, whatever language the machine speaks: the names end in our sentences.
        known = country_holidays(country, years=year, language="en_US")
    except NotImplementedError:
        return FreeDays(name_by_day={}, weekend=frozenset())
    return FreeDays(name_by_day=dict(known), weekend=frozenset(known.weekend))


def holiday_on(day: date, country: str) -> str | None:
    """Return the name of the public holiday that `day` is there."""
    return free_days(country.upper(), day.year).name_by_day.get(day)


def is_free(day: date, country: str) -> bool:
    """Whether `day` is a holiday or a weekend there."""
    known = free_days(country.upper(), day.year)
    return day in known.name_by_day or day.weekday() in known.weekend
