"""The row that says an address must not be mailed."""

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.domain.crm.suppressions import Suppression, SuppressionReason
from chalicelib.domain.ids import SuppressionId
from chalicelib.storage.rows.base import Row
from chalicelib.storage.spelling import digest


class SuppressionRow(Row):
    """Stands in the address's partition, beside the persons who have it."""

    address = UnicodeAttribute()
    reason = UnicodeAttribute()
    at = UTCDateTimeAttribute()

    def to_domain(self) -> Suppression:
        """Read it."""
        return Suppression(
            id=SuppressionId(digest(self.address)),
            address=self.address,
            reason=SuppressionReason(self.reason),
            at=self.at,
        )
