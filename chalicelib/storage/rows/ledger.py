"""The ledger's row, in its enrollment's partition."""

from typing import Final, Self

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.ids import TenantId
from chalicelib.domain.sequences.ledger import LedgerEntry
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row

_OWN_ATTRIBUTE: Final = frozenset({"state", "attempt", "status", "revision"})


class LedgerRow(Row):
    """What was sent at a step: state, attempt and rung are what writers insist on."""

    state = UnicodeAttribute()
    attempt = NumberAttribute()
    status = UnicodeAttribute()
    revision = NumberAttribute(null=True)
    what = JSONAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, it: LedgerEntry) -> Self:
        """Translate an entry."""
        return cls(
            pk=keys.enrollment(tenant_id, it.enrollment_id),
            sk=keys.ledger(it.step_id),
            state=it.state,
            attempt=it.attempt,
            status=it.status,
            revision=it.revision or None,
            what={
                name: value
                for name, value in msgspec.to_builtins(it).items()
                if name not in _OWN_ATTRIBUTE and value not in (None, False, [], ())
            },
        )

    def to_domain(self) -> LedgerEntry:
        """Translate back."""
        return msgspec.convert(
            {
                **self.what,
                "state": self.state,
                "attempt": int(self.attempt),
                "status": self.status,
                "revision": int(self.revision or 0),
            },
            LedgerEntry,
        )
