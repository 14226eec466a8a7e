"""The rows of automations, and of what they did last with each item."""

from typing import Self

import msgspec
from pynamodb.attributes import (
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import AutomationId, TenantId
from chalicelib.domain.sequences.automations import Automation, Run
from chalicelib.storage import automation_keys
from chalicelib.storage.rows.base import Row

_OWN_ATTRIBUTE = frozenset({"id", "version"})


class AutomationRow(Row):
    """One rule."""

    what = JSONAttribute()
    version = VersionAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, it: Automation) -> Self:
        """Write it down; without a version the row must not exist yet."""
        what = {
            name: value
            for name, value in msgspec.to_builtins(it).items()
            if name not in _OWN_ATTRIBUTE and value is not None
        }
        row = cls(automation_keys.automations(tenant_id), it.id, what=what)
        if it.version:
            row.version = it.version
        return row

    def to_domain(self) -> Automation:
        """Read it."""
        return msgspec.convert(
            {**self.what, "id": self.sk, "version": int(self.version)}, Automation
        )


class RunRow(Row):
    """What an automation did last with an item, for which event."""

    event_id = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    outcome = JSONAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, automation_id: AutomationId, it: Run) -> Self:
        """Write it down; it is garbage once nobody asks for it any more."""
        return cls(
            automation_keys.runs(tenant_id, automation_id),
            automation_keys.run(it.item),
            event_id=it.event_id,
            at=it.at,
            outcome=dict(it.outcome),
            expires_at=int(it.kept_until.timestamp()),
        )

    def to_domain(self) -> Run:
        """Read it."""
        kind, _, item_id = self.sk.partition("#")
        return Run(
            item=msgspec.convert({"kind": kind, "id": item_id}, ItemRef),
            event_id=self.event_id,
            at=self.at,
            outcome=self.outcome,
        )
