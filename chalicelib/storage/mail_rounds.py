"""Keeps how far the rounds for unclaimed mail have come; belongs to no tenant."""

from datetime import datetime
from typing import Final

from chalicelib.storage import keys, spelling
from chalicelib.storage.rows.mail_guards import RoundRow

_ROUND: Final = "platform#unclaimed"


def read_to() -> datetime | None:
    """Return up to when every mail was looked at; None before the first round."""
    try:
        row = RoundRow.get(_ROUND, keys.HEAD, consistent_read=True)
    except RoundRow.DoesNotExist:
        return None
    return datetime.fromisoformat(row.read_to)


def write_to(until: datetime) -> None:
    """Note that every mail up to then was looked at."""
    RoundRow(_ROUND, keys.HEAD, read_to=spelling.instant(until)).save()
