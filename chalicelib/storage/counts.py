"""Keeps the three status counts of every sequence, exact at all times.

They change in the transaction that changes the state, spread over a few rows so that a busy
sequence does not wait for itself.
"""

from collections.abc import Mapping
from typing import Final

from pynamodb.attributes import NumberAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import EnrollmentId, SequenceId, TenantId
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.storage import keys, reading, spelling
from chalicelib.storage.rows.counts import CountsRow
from chalicelib.storage.transaction import Transaction

SHARDS: Final = 8

_ATTRIBUTE: Final = {
    Count.IN_PROGRESS: CountsRow.in_progress,
    Count.COMPLETED: CountsRow.completed,
    Count.FAILED: CountsRow.failed,
}


class CountStore:
    """The counters of one tenant's sequences."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def move(
        self,
        tx: Transaction,
        sequence_id: SequenceId,
        enrollment_id: EnrollmentId,
        *,
        out_of: Count | None,
        into: Count,
    ) -> None:
        """Add the change of one enrollment's count, if it is one."""
        if out_of == into:
            return
        actions = [
            _ATTRIBUTE[count].add(by)
            for count, by in ((out_of, -1), (into, 1))
            if count in _ATTRIBUTE
        ]
        row = CountsRow(
            pk=keys.sequence(self._tenant_id, sequence_id),
            sk=keys.counter(spelling.spread(enrollment_id, SHARDS)),
        )
        tx.update(row, actions)

    def of_shard(self, sequence_id: SequenceId) -> dict[Count, int]:
        """Return what the first shard holds, which is the one that is mended."""
        pk = keys.sequence(self._tenant_id, sequence_id)
        raws = reading.between(pk, keys.counter(0), keys.counter(0))
        rows = [CountsRow.from_raw_data(raw) for raw in raws]
        return {
            each: sum(int(getattr(row, each.value) or 0) for row in rows) for each in _ATTRIBUTE
        }

    def mend(
        self, sequence_id: SequenceId, *, by: Mapping[Count, int], was: Mapping[Count, int]
    ) -> None:
        """Change the first shard, if it still holds what it `was`; raises StaleWriteError."""
        row = CountsRow(pk=keys.sequence(self._tenant_id, sequence_id), sk=keys.counter(0))
        unmoved = [_holds(_ATTRIBUTE[each], was[each]) for each in _ATTRIBUTE]
        with Transaction() as tx:
            tx.update(
                row,
                [_ATTRIBUTE[each].add(number) for each, number in by.items()],
                unmoved[0] & unmoved[1] & unmoved[2],
                refusal=StaleWriteError(kind="counts", id=sequence_id),
            )

    def of(self, sequence_id: SequenceId) -> dict[Count, int]:
        """Return the counts, summed over the shards."""
        pk = keys.sequence(self._tenant_id, sequence_id)
        raws = reading.between(pk, keys.counter(0), keys.counter(SHARDS - 1))
        rows = [CountsRow.from_raw_data(raw) for raw in raws]
        return {
            Count.IN_PROGRESS: sum(int(row.in_progress or 0) for row in rows),
            Count.COMPLETED: sum(int(row.completed or 0) for row in rows),
            Count.FAILED: sum(int(row.failed or 0) for row in rows),
        }


def _holds(attribute: NumberAttribute, value: int) -> Condition:
    return attribute == value if value else attribute.does_not_exist() | (attribute == 0)
