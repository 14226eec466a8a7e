"""Keeps what became of every delivery: stored, duplicate, quarantined or parked, and why."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import DeliveryId, TenantId
from chalicelib.domain.mail.filed import Delivery, expired
from chalicelib.storage import keys, mail_keys, reading, spelling
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.deliveries import DeliveryRow
from chalicelib.storage.transaction import Transaction

_UNROUTABLE_KEPT_FOR: Final = timedelta(days=30)

Cursor = Mapping[str, object] | None


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
        waiting = keys.deliveries_list(self._tenant_id)
        with Transaction() as tx:
            tx.put(row, DeliveryRow.list_pk == waiting, refusal=refusal)

    def expire(self, delivery: Delivery, now: datetime) -> None:
        """Take a delivery off every list, without a word of its sender's; again nothing happens.

        Whoever released it meanwhile is not undone.
        """
        row = DeliveryRow.of(self._tenant_id, expired(delivery, now))
        refusal = StaleWriteError(kind="delivery", id=delivery.id)
        with suppress(StaleWriteError), Transaction() as tx:
            tx.put(row, DeliveryRow.list_pk.exists(), refusal=refusal)

    def forget_words(self, delivery: Delivery) -> None:
        """Leave of a delivery what we need: that it came, when, and what became of it."""
        self.put(replace(delivery, sender="", subject=""))

    def kept_apart(
        self, *, before: datetime | None, limit: int, cursor: Cursor
    ) -> Listing[Delivery]:
        """Return what lies apart, discarded or not, that came before an instant."""
        at = None if cursor is None else {shard: str(where) for shard, where in cursor.items()}
        mine = self._tenant_id
        lists = [keys.deliveries_list(mine), mail_keys.discarded_list(mine)]
        high = spelling.instant(before) if before else "~"
        found, at = reading.listed(lists, limit=limit, cursor=at, high=high)
        rows = [DeliveryRow.from_raw_data(raw).to_domain() for raw in reading.many(found)]
        return Listing(rows=rows, cursor=at)

    def list_page(self, *, limit: int, cursor: Mapping[str, object] | None) -> Listing[Delivery]:
        """Return what was quarantined or parked, oldest first."""
        return list_heads(
            DeliveryRow,
            [keys.deliveries_list(self._tenant_id)],
            limit=limit,
            cursor=cursor,
            read=DeliveryRow.to_domain,
        )
