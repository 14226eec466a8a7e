"""The row of a Pulse task, in its enrollment's partition."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Self

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.crm.items import Priority
from chalicelib.domain.ids import TenantId
from chalicelib.domain.sequences.tasks import Task
from chalicelib.storage import keys, spelling
from chalicelib.storage.rows.base import Row

_RANK: Final[Mapping[Priority, str]] = MappingProxyType(
    {Priority.HIGH: "0", Priority.NORMAL: "1", Priority.LOW: "2"}
)
_OWN_ATTRIBUTE: Final = frozenset({"state", "outcome", "why", "revision"})


class TaskRow(Row):
    """One entry of a feed; only open ones are listed."""

    state = UnicodeAttribute()
    outcome = UnicodeAttribute(null=True)
    why = UnicodeAttribute(null=True)
    what = JSONAttribute()
    revision = NumberAttribute(null=True)

    @classmethod
    def of(cls, tenant_id: TenantId, it: Task) -> Self:
        """Translate a task."""
        row = cls(
            pk=keys.enrollment(tenant_id, it.enrollment_id),
            sk=keys.task(it.step_id),
            state=it.state,
            outcome=it.outcome,
            why=it.why or None,
            revision=it.revision or None,
            what={
                name: value
                for name, value in msgspec.to_builtins(it).items()
                if name not in _OWN_ATTRIBUTE and value not in (None, False, [], ())
            },
        )
        if it.is_actionable:
            row.list_pk = keys.pulse_list(tenant_id, it.assignee_id)
            row.list_sk = f"{spelling.instant(it.due_at)}#{_RANK[it.priority]}#{it.id}"
        return row

    def to_domain(self) -> Task:
        """Translate back."""
        own = {
            "state": self.state,
            "outcome": self.outcome,
            "why": self.why or "",
            "revision": int(self.revision or 0),
        }
        return msgspec.convert({**self.what, **own}, Task)
