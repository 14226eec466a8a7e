"""Keeps webhooks, and what is on its way to each of them."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec
from pynamodb.exceptions import DeleteError, PutError

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import TenantId, WebhookId
from chalicelib.domain.webhooks.parcels import Parcel, ParcelState
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.storage import reading, webhook_keys
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.outages import is_refused
from chalicelib.storage.rows.webhooks import ParcelRow, WebhookRow
from chalicelib.storage.transaction import Transaction

_KIND = "webhook"


class WebhookStore:
    """The webhooks of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def all(self) -> list[Webhook]:
        """Return every webhook, oldest first."""
        raws = reading.between(webhook_keys.webhooks(self._tenant_id), " ", "~")
        return [WebhookRow.from_raw_data(raw).to_domain() for raw in raws]

    def find(self, webhook_id: WebhookId) -> Webhook | None:
        """Return one webhook."""
        pk = webhook_keys.webhooks(self._tenant_id)
        try:
            return WebhookRow.get(pk, webhook_id, consistent_read=True).to_domain()
        except WebhookRow.DoesNotExist:
            return None

    def get(self, webhook_id: WebhookId) -> Webhook:
        """Return one webhook; raises MissingError."""
        found = self.find(webhook_id)
        if found is None:
            raise MissingError(kind=_KIND, id=webhook_id)
        return found

    def save(self, webhook: Webhook) -> Webhook:
        """Write if nobody has written since it was read; audited."""
        written = msgspec.structs.replace(webhook, version=webhook.version + 1)
        is_unmoved = (
            WebhookRow.version == webhook.version
            if webhook.version
            else WebhookRow.pk.does_not_exist()
        )
        row = WebhookRow.from_domain(self._tenant_id, written)
        with Transaction() as tx:
            tx.put(row, is_unmoved, refusal=StaleWriteError(kind=_KIND, id=webhook.id))
        return written

    def remove(self, webhook: Webhook) -> None:
        """Remove if nobody has written since it was read; audited."""
        row = WebhookRow.from_domain(self._tenant_id, webhook)
        refusal = StaleWriteError(kind=_KIND, id=webhook.id)
        with Transaction() as tx:
            tx.delete(row, WebhookRow.version == webhook.version, refusal=refusal)

    def begin(self, parcel: Parcel) -> Parcel | None:
        """Keep a new parcel; None if it was begun before."""
        try:
            return self.keep(parcel)
        except StaleWriteError:
            return None

    def parcel(self, webhook_id: WebhookId, parcel_id: str) -> Parcel:
        """Return one parcel; raises MissingError."""
        pk = webhook_keys.parcels(self._tenant_id, webhook_id)
        try:
            return ParcelRow.get(pk, parcel_id, consistent_read=True).to_domain()
        except ParcelRow.DoesNotExist:
            raise MissingError(kind="delivery", id=parcel_id) from None

    def keep(self, parcel: Parcel) -> Parcel:
        """Write if nobody has written since it was read."""
        written = msgspec.structs.replace(parcel, version=parcel.version + 1)
        row = ParcelRow.from_domain(self._tenant_id, written)
        is_unmoved = (
            ParcelRow.version == parcel.version if parcel.version else ParcelRow.pk.does_not_exist()
        )
        try:
            row.save(is_unmoved)
        except PutError as error:
            if is_refused(error):
                raise StaleWriteError(kind="delivery", id=parcel.id) from error
            raise
        return written

    def forget(self, parcel: Parcel) -> None:
        """Remove a parcel whose webhook is gone, unless somebody has written it since."""
        row = ParcelRow.from_domain(self._tenant_id, parcel)
        with suppress(DeleteError):  # whoever wrote it meanwhile is told the same, and forgets it
            row.delete(ParcelRow.version == parcel.version)

    def parcels(
        self,
        webhook_id: WebhookId,
        *,
        state: ParcelState | None,
        limit: int,
        cursor: Mapping[str, object] | None,
    ) -> Listing[Parcel]:
        """Return what a webhook was told, newest first."""
        return list_heads(
            ParcelRow,
            [webhook_keys.parcels_list(self._tenant_id, webhook_id)],
            limit=limit,
            cursor=cursor,
            read=ParcelRow.to_domain,
            keep=lambda parcel: state is None or parcel.state is state,
            is_newest_first=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingParcel:
    """A parcel that somebody must look at, of whatever tenant."""

    tenant_id: TenantId
    webhook_id: WebhookId
    parcel_id: str


def waiting(shard: int, until: datetime) -> Iterator[list[WaitingParcel]]:
    """Yield pages of parcels to be looked at by `until`, across tenants: keys alone."""
    for page in reading.due(webhook_keys.due_shard(shard), until=until):
        yield [_waiting(due_sk) for due_sk in page]


def _waiting(due_sk: str) -> WaitingParcel:
    _, tenant_id, webhook_id, parcel_id = due_sk.split("#")
    return WaitingParcel(
        tenant_id=TenantId(tenant_id), webhook_id=WebhookId(webhook_id), parcel_id=parcel_id
    )
