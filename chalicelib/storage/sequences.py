"""Keeps sequences and their published flows; takes and gives domain objects only."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import RemoveAction, SetAction

from chalicelib.domain.errors import ActiveSequenceLimitError, MissingError, StaleWriteError
from chalicelib.domain.ids import SequenceId, TenantId
from chalicelib.domain.sequences.definition import (
    ACTIVE_LIMIT,
    FlowVersion,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.holds import SequenceState
from chalicelib.storage import keys, reading, sequence_keys
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.sequences import (
    ActiveCountRow,
    FlowVersionRow,
    GoingRow,
    SequenceRow,
    StateRow,
)
from chalicelib.storage.sequence_keys import NEVER_HELD
from chalicelib.storage.spelling import instant
from chalicelib.storage.transaction import Transaction


class SequenceStore:
    """The sequences of one tenant; it cannot spell another tenant's key."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind the store to `tenant_id`."""
        self._tenant_id = tenant_id

    def get(self, sequence_id: SequenceId) -> Sequence:
        """Return the sequence as it is this instant; a deleted one is missing."""
        sequence = self.find(sequence_id)
        if sequence is None:
            raise MissingError(kind="sequence", id=sequence_id)
        return sequence

    def find(self, sequence_id: SequenceId) -> Sequence | None:
        """Return the sequence as it is this instant; None if there is none, or it was deleted."""
        try:
            row = SequenceRow.get(
                keys.sequence(self._tenant_id, sequence_id), keys.SEQUENCE, consistent_read=True
            )
        except SequenceRow.DoesNotExist:
            return None
        sequence = row.to_domain()
        return None if sequence.status is SequenceStatus.DELETED else sequence

    def list_page(
        self,
        *,
        limit: int,
        cursor: Mapping[str, object] | None,
        keep: Callable[[Sequence], bool] = lambda _: True,
    ) -> Listing[Sequence]:
        """Return sequences that `keep` likes, oldest first."""
        return list_heads(
            SequenceRow,
            [keys.sequences_list(self._tenant_id)],
            limit=limit,
            cursor=cursor,
            read=SequenceRow.to_domain,
            keep=lambda each: each.status is not SequenceStatus.DELETED and keep(each),
        )

    def save(self, sequence: Sequence) -> Sequence:
        """Write if nobody has written since `sequence` was read; return it as it now stands."""
        with Transaction() as tx:
            return self.put(tx, sequence)

    def put(self, writes: Transaction, sequence: Sequence) -> Sequence:
        """Add the same write to a transaction; what changes whether it runs must come here."""
        row = SequenceRow.from_domain(self._tenant_id, sequence)
        writes.put(row, _unchanged(sequence), refusal=_stale(sequence))
        writes.put(StateRow.of(self._tenant_id, sequence))
        going = GoingRow(keys.tenant(self._tenant_id), sequence_keys.GOING)
        writes.update(going, [_going(sequence)])
        return row.to_domain()

    def mend_going(self, sequence_id: SequenceId) -> bool:
        """Say whether the gates were told wrong that the sequence goes; they no longer are.

        A release before that row changed the sequence without it. That nothing is told is never
        wrong: the gates then ask the sequence itself. Raises StaleWriteError if it moved meanwhile.
        """
        sequence = self.find(sequence_id)
        told = reading.many([(keys.tenant(self._tenant_id), sequence_keys.GOING)])
        name = sequence_keys.going(sequence_id)
        said = next((raw[name]["S"] for raw in told if name in raw), None)
        if sequence is None or said is None or said == _goes_since(sequence):
            return False
        self.save(sequence)
        return True

    def state(self, sequence_id: SequenceId) -> SequenceState:
        """Return what those inside must heed, a moment old: the gates read strongly."""
        # Without a row it was never activated: nobody is inside.
        return self._state(sequence_id, is_strong=False) or SequenceState()

    def status_now(self, sequence_id: SequenceId) -> SequenceStatus:
        """Return whether the sequence runs at this instant; what there is not is deleted."""
        state = self._state(sequence_id, is_strong=True)
        return state.status if state else SequenceStatus.DELETED

    def _state(self, sequence_id: SequenceId, *, is_strong: bool) -> SequenceState | None:
        pk = keys.sequence(self._tenant_id, sequence_id)
        try:
            row = StateRow.get(pk, sequence_keys.STATE, consistent_read=is_strong)
        except StateRow.DoesNotExist:
            return None
        return row.to_domain()

    def publish(self, writes: Transaction, published: FlowVersion) -> None:
        """Add a new flow version; one that exists is never written again."""
        row = FlowVersionRow.from_domain(self._tenant_id, published)
        writes.put(
            row,
            FlowVersionRow.pk.does_not_exist(),
            refusal=StaleWriteError(kind="sequence", id=published.sequence_id),
        )

    def flow_version(self, sequence_id: SequenceId, number: int) -> FlowVersion:
        """Return a published flow; it never changes, so a process reads it once."""
        return _published(Row.Meta.table_name, self._tenant_id, sequence_id, number)

    def list_versions(self, sequence_id: SequenceId) -> list[FlowVersion]:
        """Return every published flow, newest first."""
        rows = FlowVersionRow.query(
            keys.sequence(self._tenant_id, sequence_id),
            FlowVersionRow.sk.startswith(keys.FLOWS),
            consistent_read=True,
            scan_index_forward=False,
        )
        return [row.to_domain() for row in rows]

    def count_in(self, writes: Transaction) -> None:
        """Count one more active sequence; the 251st is refused alone, however many come at once."""
        writes.update(
            self._active_count(),
            [ActiveCountRow.active.add(1)],
            ActiveCountRow.active.does_not_exist() | (ActiveCountRow.active < ACTIVE_LIMIT),
            refusal=ActiveSequenceLimitError(limit=ACTIVE_LIMIT),
        )

    def count_out(self, writes: Transaction) -> None:
        """Count one active sequence less."""
        writes.update(self._active_count(), [ActiveCountRow.active.add(-1)])

    def count_active(self) -> int:
        """Return how many sequences are active or paused."""
        row = self._active_count()
        try:
            row.refresh(consistent_read=True)
        except ActiveCountRow.DoesNotExist:
            return 0
        return int(row.active)

    def _active_count(self) -> ActiveCountRow:
        return ActiveCountRow(keys.tenant(self._tenant_id), keys.ACTIVE_SEQUENCES)


@lru_cache(maxsize=256)
def _published(
    _table: str, tenant_id: TenantId, sequence_id: SequenceId, number: int
) -> FlowVersion:
    """Read one published flow; `_table` only tells one test's table from another's."""
    try:
        row = FlowVersionRow.get(
            keys.sequence(tenant_id, sequence_id),
            keys.flow_version(number),
            consistent_read=True,
        )
    except FlowVersionRow.DoesNotExist:
        raise MissingError(kind="flow version", id=f"{sequence_id}/{number}") from None
    return row.to_domain()


def _going(sequence: Sequence) -> SetAction | RemoveAction:
    """Return how the row of those that go becomes true of `sequence`."""
    name, since = Path([sequence_keys.going(sequence.id)]), _goes_since(sequence)
    return name.remove() if since is None else name.set(since)


def _goes_since(sequence: Sequence) -> str | None:
    """Return when the latest pause of one that goes ended, as that row spells it."""
    if sequence.status is not SequenceStatus.ACTIVE:
        return None
    ended = [each.until for each in sequence.holds if each.until is not None]
    return instant(max(ended)) if ended else NEVER_HELD


def _unchanged(sequence: Sequence) -> Condition:
    if sequence.version == 0:
        return SequenceRow.pk.does_not_exist()
    return SequenceRow.version == sequence.version


def _stale(sequence: Sequence) -> StaleWriteError:
    return StaleWriteError(kind="sequence", id=sequence.id)
