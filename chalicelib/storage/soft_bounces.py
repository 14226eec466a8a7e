"""Counts mails that bounced for a time, by address: each once, however often it is told."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys, spelling
from chalicelib.storage.rows.addresses import SoftBounceRow

SOFT_BOUNCES: Final = "soft_bounces"
"""Sort key, in an address's partition, of the mails that bounced for a time."""
COUNTED_FOR: Final = timedelta(days=90)


class SoftBounceStore:
    """The addresses of one tenant; every `address` is normalised."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def count(self, address: str, mail: str, at: datetime) -> int:
        """Add a mail that bounced at `at`, and return how many did in the 90 days before.

        The row forgets itself when none has bounced for so long; those that it holds are few, for
        an address that has too many is mailed no more.
        """
        row = SoftBounceRow(keys.address(self._tenant_id, address), SOFT_BOUNCES)
        row.update(
            actions=[
                SoftBounceRow.mails.add({f"{spelling.instant(at)}#{mail}"}),
                SoftBounceRow.expires_at.set(int((at + COUNTED_FOR).timestamp())),
            ]
        )
        since = spelling.instant(at - COUNTED_FOR)
        return len({each.split("#", 1)[1] for each in row.mails or () if each >= since})
