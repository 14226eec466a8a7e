"""Keeps the tenant itself: its name, its settings, its switches."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chalicelib.domain.crm.users import Tenant
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys, tenant_keys
from chalicelib.storage.listing import list_heads
from chalicelib.storage.rows.tenants import TenantRow
from chalicelib.storage.transaction import Transaction

_A_PAGE: Final = 100


def listed() -> Iterator[list[Tenant]]:
    """Yield pages of all tenants, for the rounds that look after each."""
    cursor: dict[str, str] | None = None
    while True:
        listing = list_heads(
            TenantRow,
            [tenant_keys.TENANTS],
            limit=_A_PAGE,
            cursor=cursor,
            read=TenantRow.to_domain,
        )
        yield listing.rows
        cursor = listing.cursor
        if cursor is None:
            return


class TenantStore:
    """The one tenant of these stores."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def get(self) -> Tenant:
        """Return the tenant."""
        try:
            row = TenantRow.get(keys.tenant(self._tenant_id), keys.HEAD, consistent_read=True)
        except TenantRow.DoesNotExist:
            raise MissingError(kind=keys.TENANT, id=self._tenant_id) from None
        return row.to_domain()

    def save(self, tenant: Tenant) -> Tenant:
        """Write if nobody has written since `tenant` was read."""
        row = TenantRow.from_domain(replace(tenant, id=self._tenant_id))
        with Transaction() as tx:
            tx.put(row, refusal=StaleWriteError(kind=keys.TENANT, id=tenant.id))
        return replace(tenant, version=tenant.version + 1)
