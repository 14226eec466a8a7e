"""The row of an audit entry, in a partition of the thing it is about."""

from typing import Self

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.domain.crm.audits import KEPT_FOR, AuditDeed, AuditEntry
from chalicelib.domain.ids import ApiTokenId, TenantId, UserId
from chalicelib.storage.audit_keys import audit_list, audited
from chalicelib.storage.rows.base import Row


class AuditRow(Row):
    """One change of one thing; listed for its tenant by when it happened."""

    at = UTCDateTimeAttribute()
    by = UnicodeAttribute()
    token_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    of = UnicodeAttribute()
    action = UnicodeAttribute()
    changes = JSONAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, entry: AuditEntry) -> Self:
        """Write an entry down."""
        return cls(
            audited(tenant_id, entry.kind, entry.of),
            entry.id,
            list_pk=audit_list(tenant_id),
            list_sk=entry.id,
            at=entry.at,
            by=entry.by,
            token_id=entry.token_id,
            kind=entry.kind,
            of=entry.of,
            action=entry.action.value,
            changes=dict(entry.changes),
            expires_at=int((entry.at + KEPT_FOR).timestamp()),
        )

    def to_domain(self) -> AuditEntry:
        """Read an entry."""
        return AuditEntry(
            id=self.sk,
            at=self.at,
            by=UserId(self.by),
            token_id=ApiTokenId(self.token_id),
            kind=self.kind,
            of=self.of,
            action=AuditDeed(self.action),
            changes={
                name: None if each is None else (each[0], each[1])
                for name, each in self.changes.items()
            },
        )
