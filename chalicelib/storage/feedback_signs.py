"""Keeps of which mail word came in last: the proof that feedback is alive; no tenant's."""

from datetime import datetime
from typing import Final

from pynamodb.exceptions import PutError

from chalicelib.storage import budget_keys, keys
from chalicelib.storage.outages import is_refused
from chalicelib.storage.rows.budgets import DoorRow

_SIGN: Final = "feedback-sends"


def note(mailed_at: datetime) -> None:
    """Note word of a mail that SES took at `mailed_at`; word of an earlier one changes nothing."""
    text = mailed_at.isoformat(timespec="milliseconds")
    row = DoorRow(pk=budget_keys.door(_SIGN), sk=keys.HEAD, at=text, lag_s=0)
    try:
        row.save(condition=DoorRow.pk.does_not_exist() | (DoorRow.at < text))
    except PutError as error:
        if not is_refused(error):
            raise


def latest() -> datetime | None:
    """Return when the latest mail of which word came in was taken, read strongly."""
    try:
        row = DoorRow.get(budget_keys.door(_SIGN), keys.HEAD, consistent_read=True)
    except DoorRow.DoesNotExist:
        return None
    return datetime.fromisoformat(row.at)
