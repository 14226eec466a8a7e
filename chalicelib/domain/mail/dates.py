"""The Date header, as far as it can be believed to be one."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Final

_LONGEST: Final = 200
_USUAL: Final = re.compile(
    r"(?:[A-Z][a-z]{2}, ?)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? "
    r"([+-])([01]\d|2[0-3])([0-5]\d)\b"
)
"""As nearly every mail has it."""
_MONTHS: Final = {
    month: at // 3 + 1
    for at in range(0, 36, 3)
    for month in ["JanFebMarAprMayJunJulAugSepOctNovDec"[at : at + 3]]
}
_MOST_OFFSET: Final = 24 * 3600


def parse_date(header: str) -> datetime | None:
    """Return the instant in UTC; None if there is none to be read."""
    usual = _USUAL.match(header)
    if usual is not None and usual[2] in _MONTHS:
        return _at(usual)
    try:
        fields = parsedate_tz(header[:_LONGEST])
        if fields is None:
            return None
        offset = fields[9] or 0
        zone = timezone(timedelta(seconds=offset if abs(offset) < _MOST_OFFSET else 0))
        return datetime(*fields[:6], tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _at(usual: re.Match[str]) -> datetime | None:
    day, year, hour, minute, second, hours, minutes = map(
        int, (*usual.group(1, 3, 4, 5), usual[6] or "0", *usual.group(8, 9))
    )
    away = timedelta(hours=hours, minutes=minutes)
    try:
        local = datetime(year, _MONTHS[usual[2]], day, hour, minute, second, tzinfo=UTC)
        return local - away if usual[7] == "+" else local + away
    except (ValueError, OverflowError):
        return None
