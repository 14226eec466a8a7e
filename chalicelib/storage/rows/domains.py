"""The rows of sending domains: the tenant's own, and the claim that no other tenant may make."""

from typing import Self

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from chalicelib.domain.crm.sending_domains import DnsRecord, DomainStatus, SendingDomain
from chalicelib.domain.ids import DomainName, TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row


class DomainRow(Row):
    """A domain, in the tenant's partition."""

    name = UnicodeAttribute()
    status = UnicodeAttribute()
    records = JSONAttribute()
    is_in_ses_tenant = BooleanAttribute(null=True)
    created_at = UTCDateTimeAttribute()
    checked_at = UTCDateTimeAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, domain: SendingDomain) -> Self:
        """Write it down."""
        return cls(
            keys.tenant(tenant_id),
            keys.sending_domain(domain.name),
            name=domain.name,
            status=domain.status.value,
            records=[[each.type, each.name, each.value] for each in domain.records],
            is_in_ses_tenant=domain.is_in_ses_tenant or None,
            created_at=domain.created_at,
            checked_at=domain.checked_at,
        )

    def to_domain(self) -> SendingDomain:
        """Read it."""
        return SendingDomain(
            name=DomainName(self.name),
            status=DomainStatus(self.status),
            records=tuple(
                DnsRecord(type=kind, name=name, value=value) for kind, name, value in self.records
            ),
            is_in_ses_tenant=bool(self.is_in_ses_tenant),
            created_at=self.created_at,
            checked_at=self.checked_at,
        )


class DomainClaimRow(Row):
    """Whose domain it is, over all tenants."""

    tenant_id = UnicodeAttribute()
