"""Keeps the tenant itself: its name, its settings, its switches."""

from dataclasses import replace

from pynamodb.exceptions import PutError

from chalicelib.domain.crm.users import Tenant
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.tenants import TenantRow


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
        try:
            row.save()
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise StaleWriteError(kind=keys.TENANT, id=tenant.id) from error
            raise
        return replace(tenant, version=int(row.version))
