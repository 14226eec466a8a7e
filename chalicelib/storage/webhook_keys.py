"""How keys of webhooks and of what they are told are spelled."""

from datetime import datetime
from typing import Final

from chalicelib.domain.ids import TenantId, WebhookId
from chalicelib.storage.spelling import instant, spread

DUE_SHARDS: Final = 4
"""Parcels that somebody must look at stand in this many partitions of the due index."""


def webhooks(tenant_id: TenantId) -> str:
    """Partition of a tenant's webhooks: few, and read together for whatever happens."""
    return f"t#{tenant_id}#webhooks"


def parcels(tenant_id: TenantId, webhook_id: WebhookId) -> str:
    """Partition of what one webhook is told, by the news' ids."""
    return f"t#{tenant_id}#webhook#{webhook_id}"


def parcels_list(tenant_id: TenantId, webhook_id: WebhookId) -> str:
    """List partition of what one webhook was told, by when."""
    return f"t#{tenant_id}#list#webhook#{webhook_id}"


def due_shard(shard: int) -> str:
    """Partition of the due index that holds parcels."""
    return f"due#webhooks#{shard}"


def shard_of(webhook_id: WebhookId, parcel_id: str) -> int:
    """Return which partition of the due index a parcel stands in."""
    return spread(f"{webhook_id}{parcel_id}", DUE_SHARDS)


def look_at(when: datetime, tenant_id: TenantId, webhook_id: WebhookId, parcel_id: str) -> str:
    """Sort key of the due index: reads as a message for `webhook`."""
    return f"{instant(when)}#{tenant_id}#{webhook_id}#{parcel_id}"
