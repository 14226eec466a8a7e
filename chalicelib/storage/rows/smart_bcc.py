"""The rows of a Smart Bcc address: itself in its tenant's partition, and what finds it."""

from typing import Self

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.ids import TenantId
from chalicelib.domain.mail.bcc_address import SmartBccAddress
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.threads import compact


class SmartBccRow(Row):
    """The address, readable by its owner and by admins."""

    version = NumberAttribute()
    what = JSONAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, it: SmartBccAddress) -> Self:
        """Translate an address; its version is the one to be written."""
        return cls(
            keys.tenant(tenant_id),
            keys.smart_bcc_address(it.id),
            version=it.version,
            what=compact(it, without=("version",)),
        )

    def to_domain(self) -> SmartBccAddress:
        """Translate back."""
        return msgspec.convert({**self.what, "version": int(self.version)}, SmartBccAddress)


class SmartBccPointerRow(Row):
    """Leads from the hash of a local part to its tenant; the text itself does not stand here."""

    tenant_id = UnicodeAttribute()
    bcc_id = UnicodeAttribute()
