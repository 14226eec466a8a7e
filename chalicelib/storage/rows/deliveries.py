"""The row of a delivery; those that somebody must look at are listed."""

from typing import Self

import msgspec
from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.domain.ids import TenantId
from chalicelib.domain.mail.filed import Delivery
from chalicelib.storage import keys, mail_keys, spelling
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.threads import compact


class DeliveryRow(Row):
    """One arrival of one mail at one envelope recipient."""

    delivery_id = UnicodeAttribute()
    outcome = UnicodeAttribute()
    what = JSONAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId | None, it: Delivery) -> Self:
        """Translate a delivery."""
        row = cls(
            keys.delivery(tenant_id, it.id),
            keys.HEAD,
            delivery_id=it.id,
            outcome=it.outcome,
            what=compact(it, without=("id", "outcome")),
        )
        if it.is_listed:
            list_of = keys.deliveries_list if it.is_waiting else mail_keys.discarded_list
            row.list_pk = list_of(tenant_id)
            row.list_sk = f"{spelling.instant(it.received_at)}#{it.id}"
        return row

    def to_domain(self) -> Delivery:
        """Translate back."""
        told = {**self.what, "id": self.delivery_id, "outcome": self.outcome}
        return msgspec.convert(told, Delivery)
