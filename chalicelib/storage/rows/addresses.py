"""The rows that say an address must not be mailed, or may soon not be."""

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute, UTCDateTimeAttribute

from chalicelib.domain.crm.suppressions import Suppression, SuppressionReason
from chalicelib.domain.ids import SuppressionId
from chalicelib.storage.rows.base import Row


class SuppressionRow(Row):
    """Stands in the address's partition, beside the persons who have it."""

    address = UnicodeAttribute()
    reason = UnicodeAttribute()
    at = UTCDateTimeAttribute()

    def to_domain(self) -> Suppression:
        """Read it."""
        return Suppression(
            id=SuppressionId(self.pk.rpartition("#")[2]),
            address=self.address,
            reason=SuppressionReason(self.reason),
            at=self.at,
        )


class SoftBounceRow(Row):
    """Mails to the address that bounced for a time: `<instant>#<enrollment>/<step>`."""

    mails = UnicodeSetAttribute(null=True)
