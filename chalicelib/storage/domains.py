"""Keeps the domains a tenant sends from; no two tenants have the same."""

from chalicelib.domain.crm.sending_domains import DomainTakenError, SendingDomain
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import DomainName, TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.domains import DomainClaimRow, DomainRow
from chalicelib.storage.transaction import Transaction


class DomainStore:
    """The sending domains of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id
        self._pk = keys.tenant(tenant_id)

    def get(self, name: DomainName) -> SendingDomain:
        """Return one domain."""
        domain = self.find(name)
        if domain is None:
            raise MissingError(kind="sending domain", id=name)
        return domain

    def find(self, name: DomainName) -> SendingDomain | None:
        """Return one domain, if the tenant has it."""
        try:
            row = DomainRow.get(self._pk, keys.sending_domain(name), consistent_read=True)
        except DomainRow.DoesNotExist:
            return None
        return row.to_domain()

    def list_all(self) -> list[SendingDomain]:
        """Return every domain of the tenant, by name; there are few."""
        rows = DomainRow.query(
            self._pk, DomainRow.sk.startswith(keys.DOMAINS), consistent_read=True
        )
        return [row.to_domain() for row in rows]

    def claim(self, name: DomainName) -> None:
        """Make sure that no other tenant has this domain, now or later."""
        claim = DomainClaimRow(keys.domain_claim(name), keys.HEAD, tenant_id=self._tenant_id)
        ours = DomainClaimRow.tenant_id == self._tenant_id
        with Transaction() as tx:
            tx.put(
                claim,
                DomainClaimRow.pk.does_not_exist() | ours,
                refusal=DomainTakenError(domain=name),
            )

    def save(self, domain: SendingDomain) -> SendingDomain:
        """Write a domain that was claimed; how far its proof has come is told by SES alone."""
        with Transaction() as tx:
            tx.put(DomainRow.from_domain(self._tenant_id, domain))
        return domain
