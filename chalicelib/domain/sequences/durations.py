"""Lengths of time as people write them in JSON: ISO 8601, weeks included.

Years and months are refused: they have no fixed length, and a wait must mean the same to everybody.
"""

import re
from datetime import timedelta
from typing import Final

import msgspec

_WEEKS: Final = re.compile(r"[Pp](\d{1,4})[Ww]")
_YEARS_OR_MONTHS: Final = re.compile(r"[+-]?[Pp][^Tt]*[YyMm]")


def read_duration(text: str) -> timedelta:
    """Read `P2D`, `PT4H`, `P1DT12H`, `P2W`; raises ValueError with a sentence for the author."""
    if weeks := _WEEKS.fullmatch(text):
        return timedelta(weeks=int(weeks[1]))
    if _YEARS_OR_MONTHS.match(text):
        raise ValueError("Years and months have no fixed length; write days, such as P30D.")
    try:
        return msgspec.convert(text, timedelta)
    except msgspec.ValidationError:
        raise ValueError(
            "This is not a length of time; write days or hours, such as P2D or PT4H."
        ) from None


def spoken(length: timedelta) -> str:
    """Say a length of time as people do: `2 days 4 hours`; nothing is `0 minutes`."""
    minutes = int(length.total_seconds()) // 60
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    said = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in parts if number]
    return " ".join(said) or "0 minutes"
