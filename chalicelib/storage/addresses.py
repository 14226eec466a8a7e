"""Keeps which addresses must not be mailed; who has an address: `items`, `users`."""

from datetime import datetime

from pynamodb.exceptions import PutError

from chalicelib.domain.crm.suppressions import Suppression, SuppressionReason
from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.addresses import SuppressionRow


class AddressStore:
    """The suppressed addresses of one tenant; every `address` is normalised."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def suppression(self, address: str) -> Suppression | None:
        """Return why an address must not be mailed, or None if it may be."""
        pk = keys.address(self._tenant_id, address)
        try:
            row = SuppressionRow.get(pk, keys.SUPPRESSION, consistent_read=True)
        except SuppressionRow.DoesNotExist:
            return None
        return row.to_domain()

    def suppress(self, address: str, reason: SuppressionReason, at: datetime) -> None:
        """Mail an address no more; if it is suppressed already, the first reason stands."""
        row = SuppressionRow(
            keys.address(self._tenant_id, address),
            keys.SUPPRESSION,
            address=address,
            reason=reason.value,
            at=at,
        )
        try:
            row.save(condition=SuppressionRow.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
