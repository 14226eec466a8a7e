"""Keeps what became of every delivery: stored, duplicate, quarantined or parked, and why."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import DeliveryId, TenantId
from chalicelib.domain.mail.filed import Delivery
from chalicelib.storage import keys, spelling
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.deliveries import DeliveryRow
from chalicelib.storage.transaction import Transaction

_UNROUTABLE_KEPT_FOR: Final = timedelta(days=30)


def delivery_id(ses_id: str, recipient: str) -> DeliveryId:
    """Name one arrival: the same notification twice is one delivery."""
    return DeliveryId(spelling.digest("delivery", ses_id, recipient))


class DeliveryStore:
    """The deliveries of one tenant, or (None) those that name no tenant."""

    def __init__(self, tenant_id: TenantId | None) -> None:
        """Bind to `tenant_id`, or to the platform."""
        self._tenant_id = tenant_id

    def find(self, of: DeliveryId) -> Delivery | None:
        """Return what became of a delivery, if it was dealt with."""
        try:
            row = DeliveryRow.get(
                keys.delivery(self._tenant_id, of), keys.HEAD, consistent_read=True
            )
        except DeliveryRow.DoesNotExist:
            return None
        return row.to_domain()

    def get(self, of: DeliveryId) -> Delivery:
        """Return what became of a delivery."""
        found = self.find(of)
        if found is None:
            raise MissingError(kind="delivery", id=of)
        return found

    def put(self, delivery: Delivery) -> None:
        """Write what became of a delivery; the last step of dealing with it."""
        row = DeliveryRow.of(self._tenant_id, delivery)
        if self._tenant_id is None:
            row.expires_at = int((delivery.received_at + _UNROUTABLE_KEPT_FOR).timestamp())
        row.save()

    def handle(self, delivery: Delivery) -> None:
        """Write what a person did with a mail that was kept apart; raises StaleWriteError.

        Two people who look at the same list do not undo what the other did.
        """
        row = DeliveryRow.of(self._tenant_id, delivery)
        refusal = StaleWriteError(kind="delivery", id=delivery.id)
        with Transaction() as tx:
            tx.put(row, DeliveryRow.list_pk.exists(), refusal=refusal)

    def list_page(self, *, limit: int, cursor: Mapping[str, object] | None) -> Listing[Delivery]:
        """Return what was quarantined or parked, oldest first."""
        return list_heads(
            DeliveryRow,
            [keys.deliveries_list(self._tenant_id)],
            limit=limit,
            cursor=cursor,
            read=DeliveryRow.to_domain,
        )
