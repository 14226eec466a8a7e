"""The rows of webhooks, and of parcels on their way to them."""

from typing import Self

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.ids import TenantId, WebhookId
from chalicelib.domain.webhooks.parcels import KEPT_FOR, Parcel
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.storage import spelling, webhook_keys
from chalicelib.storage.rows.base import Row


class WebhookRow(Row):
    """One listener."""

    what = JSONAttribute()
    version = NumberAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, it: Webhook) -> Self:
        """Write it down; its version is the one to be written."""
        what = {
            name: value
            for name, value in msgspec.to_builtins(it).items()
            if name not in {"id", "version"}
        }
        return cls(webhook_keys.webhooks(tenant_id), it.id, what=what, version=it.version)

    def to_domain(self) -> Webhook:
        """Read it."""
        return msgspec.convert({**self.what, "id": self.sk, "version": int(self.version)}, Webhook)


class ParcelRow(Row):
    """One piece of news for one webhook; garbage after a month."""

    state = UnicodeAttribute()
    what = JSONAttribute()
    version = NumberAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, it: Parcel) -> Self:
        """Write it down; its version is the one to be written."""
        rest = {
            name: value
            for name, value in msgspec.to_builtins(it).items()
            if name not in {"state", "webhook_id", "version"} and value is not None
        }
        row = cls(
            webhook_keys.parcels(tenant_id, it.webhook_id),
            it.id,
            state=it.state,
            what=rest,
            version=it.version,
            list_pk=webhook_keys.parcels_list(tenant_id, it.webhook_id),
            list_sk=f"{spelling.instant(it.created_at)}#{it.id}",
            expires_at=int((it.created_at + KEPT_FOR).timestamp()),
        )
        if it.look_at is not None:
            row.due_pk = webhook_keys.due_shard(webhook_keys.shard_of(it.webhook_id, it.id))
            row.due_sk = webhook_keys.look_at(it.look_at, tenant_id, it.webhook_id, it.id)
        return row

    def to_domain(self) -> Parcel:
        """Read it."""
        known = {
            "look_at": None,
            **self.what,
            "state": self.state,
            "webhook_id": WebhookId(self.pk.rpartition("#")[2]),
            "version": int(self.version),
        }
        return msgspec.convert(known, Parcel)
