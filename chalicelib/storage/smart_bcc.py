"""Keeps Smart Bcc addresses, found by the hash of their local part."""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import BccId, TenantId
from chalicelib.domain.mail.bcc_address import SmartBccAddress
from chalicelib.storage import keys
from chalicelib.storage.rows.smart_bcc import SmartBccPointerRow, SmartBccRow
from chalicelib.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Which tenant's address a local part is."""

    tenant_id: TenantId
    bcc_id: BccId


class SmartBccDirectory:
    """Finds an address before its tenant is known: only its hash is asked for."""

    def find(self, local_part: str) -> Found | None:
        """Return whose address this is; also of one that was replaced or revoked."""
        try:
            row = SmartBccPointerRow.get(keys.smart_bcc(local_part), keys.HEAD)
        except SmartBccPointerRow.DoesNotExist:
            return None
        return Found(tenant_id=TenantId(row.tenant_id), bcc_id=BccId(row.bcc_id))


class SmartBccStore:
    """The Smart Bcc addresses of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def get(self, bcc_id: BccId) -> SmartBccAddress:
        """Return one address."""
        try:
            row = SmartBccRow.get(
                keys.tenant(self._tenant_id), keys.smart_bcc_address(bcc_id), consistent_read=True
            )
        except SmartBccRow.DoesNotExist:
            raise MissingError(kind="Smart Bcc address", id=bcc_id) from None
        return row.to_domain()

    def list_all(self) -> list[SmartBccAddress]:
        """Return every address of the tenant, oldest first."""
        rows = SmartBccRow.query(
            keys.tenant(self._tenant_id), SmartBccRow.sk.startswith(keys.BCCS), consistent_read=True
        )
        return [row.to_domain() for row in rows]

    def save(self, address: SmartBccAddress) -> SmartBccAddress:
        """Write if nobody has written since it was read; its local part leads here from now on."""
        after = replace(address, version=address.version + 1)
        pk = keys.smart_bcc(after.local_part)
        pointer = SmartBccPointerRow(pk, keys.HEAD, tenant_id=self._tenant_id, bcc_id=after.id)
        is_new = SmartBccRow.pk.does_not_exist()
        condition = SmartBccRow.version == address.version if address.version else is_new
        refusal = StaleWriteError(kind="Smart Bcc address", id=after.id)
        with Transaction() as tx:
            tx.put(SmartBccRow.of(self._tenant_id, after), condition, refusal=refusal)
            tx.put(pointer)
        return after
