"""Rows in an enrollment's partition (head, stored signals, history), and its slot and rotation."""

from datetime import datetime
from typing import Final, Self

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.domain.sequences import slots
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import Heard, Stopped
from chalicelib.storage import keys, spelling
from chalicelib.storage.lean import lean
from chalicelib.storage.rows.base import LeanJSONAttribute, Row

NORMAL_RANK: Final = 1
"""How urgent a mail that goes out by itself is among the entries of a feed."""
LIST_SHARDS: Final = 4
"""A sequence's enrollments are listed from this many partitions."""

_OWN_ATTRIBUTE: Final = frozenset({"id", "sequence_id", "status", "version"})
_NEEDED: Final = frozenset({"step_id"})
"""What a line of history says even if it is of no step."""


class HeadRow(Row):
    """The enrollment itself: under 1 KB, so that a change costs one unit (two in a transaction).

    What conditions ask for has an attribute of its own; the rest is one JSON text without defaults.
    """

    version = NumberAttribute()
    status = UnicodeAttribute()
    sequence_id = UnicodeAttribute()
    rest = LeanJSONAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, it: Enrollment, *, due_shards: int) -> Self:
        """Translate an enrollment; its version is the one to be written."""
        row = cls(
            pk=keys.enrollment(tenant_id, it.id),
            sk=keys.HEAD,
            version=it.version,
            status=it.status,
            sequence_id=it.sequence_id,
            rest=_rest(it),
        )
        if it.mail_ahead is not None:
            row.list_pk = keys.pulse_list(tenant_id, it.owner_id)
            at = spelling.instant(it.planned_at or it.due_at or it.arrived_at)
            row.list_sk = f"{at}#{NORMAL_RANK}#{keys.task_id(it.id, it.mail_ahead)}"
        if it.due_at is not None:
            row.due_pk = keys.due_shard(spelling.spread(it.id, due_shards))
            row.due_sk = keys.due_at(it.due_at, tenant_id, it.id, it.token)
        return row

    def to_domain(self) -> Enrollment:
        """Translate back."""
        return msgspec.convert(
            {
                **self.rest,
                "id": self.pk.rsplit("#", 1)[1],
                "sequence_id": self.sequence_id,
                "status": self.status,
                "version": int(self.version),
            },
            Enrollment,
        )


def _rest(it: Enrollment) -> dict[str, object]:
    """Return what no condition asks for; the places are left out that every enrollment has."""
    has_usual_slots = it.slots == (slots.of_item(it.item),)
    left_out = {*_OWN_ATTRIBUTE, "slots"} if has_usual_slots else _OWN_ATTRIBUTE
    every = msgspec.to_builtins(it)
    return lean({name: each for name, each in every.items() if name not in left_out}, _NEEDED)


class SignalRow(Row):
    """One stored signal: the same signal twice is one row."""

    kind = UnicodeAttribute()
    what = JSONAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, enrollment_id: EnrollmentId, it: Heard | Stopped) -> Self:
        """Translate a signal that came from outside."""
        return cls(
            pk=keys.enrollment(tenant_id, enrollment_id),
            sk=keys.signal(it.id),
            kind="heard" if isinstance(it, Heard) else "stopped",
            what=msgspec.to_builtins(it),
        )

    def to_domain(self) -> Heard | Stopped:
        """Translate back."""
        if self.kind == "heard":
            return msgspec.convert(self.what, Heard)
        return msgspec.convert(self.what, Stopped)


class HistoryRow(Row):
    """The lines that one change added to the history; tallied from the stream."""

    sequence_id = UnicodeAttribute()
    flow_version = NumberAttribute()
    lines = JSONAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, it: Enrollment, lines: tuple[Record, ...]) -> Self:
        """Translate what the change to `it`'s version did."""
        return cls(
            pk=keys.enrollment(tenant_id, it.id),
            sk=f"{keys.HISTORY}{it.version:06d}",
            sequence_id=it.sequence_id,
            flow_version=it.flow_version,
            lines=[
                {name: value for name, value in msgspec.to_builtins(line).items() if value}
                for line in lines
            ],
        )

    def as_listed(self, tenant_id: TenantId, it: Enrollment) -> Self:
        """Return the first row of an enrollment as the one that its sequence lists.

        It never changes, so the list costs nothing after the first write, and the head's place in
        the list index is free for its owner's feed.
        """
        shard = spelling.spread(it.id, LIST_SHARDS)
        self.list_pk = keys.enrollments_list(tenant_id, it.sequence_id, shard)
        self.list_sk = f"{spelling.instant(it.started_at)}#{it.id}"
        return self

    def to_domain(self) -> tuple[Record, ...]:
        """Translate back."""
        return tuple(msgspec.convert({"step_id": None, **line}, Record) for line in self.lines)


class SlotRow(Row):
    """The one-active rule: who has the item, or the address, now."""

    enrollment_id = UnicodeAttribute()


class RotationRow(Row):
    """How often an item was enrolled in a sequence; never deleted."""

    number = NumberAttribute()
    enrollment_id = UnicodeAttribute()
    started_at = UnicodeAttribute()

    def when(self) -> datetime:
        """Return when the latest rotation began."""
        return datetime.fromisoformat(self.started_at)
