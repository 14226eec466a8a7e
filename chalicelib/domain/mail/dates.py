"""The Date header, as far as it can be believed to be one."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Final

_LONGEST: Final = 200
_MOST_OFFSET: Final = 24 * 3600


def parse_date(header: str) -> datetime | None:
    """Return the instant in UTC; None if there is none to be read."""
    try:
        fields = parsedate_tz(header[:_LONGEST])
        if fields is None:
            return None
        offset = fields[9] or 0
        zone = timezone(timedelta(seconds=offset if abs(offset) < _MOST_OFFSET else 0))
        return datetime(*fields[:6], tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
