"""Keeps which addresses must not be mailed; who has an address: `items`, `users`."""

from collections.abc import Mapping
from datetime import datetime

from pynamodb.exceptions import PutError

from chalicelib.domain.crm.suppressions import Suppression, SuppressionReason
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import SuppressionId, TenantId
from chalicelib.storage import front_keys, keys
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.outages import is_refused
from chalicelib.storage.rows.addresses import SuppressionRow
from chalicelib.storage.spelling import instant


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

    def suppress(self, address: str, reason: SuppressionReason, at: datetime) -> bool:
        """Mail an address no more; whether it was mailed until now: the first reason stands."""
        row = SuppressionRow(
            keys.address(self._tenant_id, address),
            keys.SUPPRESSION,
            list_pk=front_keys.suppressions_list(self._tenant_id),
            list_sk=instant(at),
            address=address,
            reason=reason.value,
            at=at,
        )
        try:
            row.save(condition=SuppressionRow.pk.does_not_exist())
        except PutError as error:
            if not is_refused(error):
                raise
            return False
        return True

    def get_suppression(self, suppression_id: SuppressionId) -> Suppression:
        """Return one suppression."""
        pk = front_keys.suppressed(self._tenant_id, suppression_id)
        try:
            return SuppressionRow.get(pk, keys.SUPPRESSION, consistent_read=True).to_domain()
        except SuppressionRow.DoesNotExist:
            raise MissingError(kind="suppression", id=suppression_id) from None

    def list_suppressions(
        self, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[Suppression]:
        """Return suppressions, oldest first."""
        return list_heads(
            SuppressionRow,
            [front_keys.suppressions_list(self._tenant_id)],
            limit=limit,
            cursor=cursor,
            read=SuppressionRow.to_domain,
        )

    def lift(self, suppression: Suppression) -> None:
        """Mail an address again."""
        pk = front_keys.suppressed(self._tenant_id, suppression.id)
        SuppressionRow(pk, keys.SUPPRESSION).delete()
