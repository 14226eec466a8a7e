"""Keeps enrollments: heads with their stored signals, slots, rotations, history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pynamodb.exceptions import DoesNotExist

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.errors import MissingError, StaleWriteError, StateError
from chalicelib.domain.ids import EnrollmentId, SequenceId, SignalId, TenantId
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import Heard, Stopped
from chalicelib.storage import keys, reading, spelling
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.enrollments import (
    LIST_SHARDS,
    HeadRow,
    HistoryRow,
    RotationRow,
    SignalRow,
    SlotRow,
)
from chalicelib.storage.transaction import Transaction

_READS: Final = 5


class AlreadyActiveError(StateError):
    """The item's slot is taken by another enrollment."""

    code = "already_active"
    sentence = "The item is active in a sequence already: enrollment {id}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """The latest enrollment of an item in one sequence."""

    sequence_id: SequenceId
    number: int
    enrollment_id: EnrollmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A head and every signal that was stored for it."""

    enrollment: Enrollment
    signals: tuple[Heard | Stopped, ...]

    def has(self, signal_id: SignalId) -> bool:
        """Whether the signal was stored before."""
        return any(each.id == signal_id for each in self.signals)

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What the other side did."""
        return tuple(each for each in self.signals if isinstance(each, Heard))


class EnrollmentStore:
    """The enrollments of one tenant."""

    def __init__(self, tenant_id: TenantId, *, due_shards: int) -> None:
        """Bind to `tenant_id`; `due_shards` is how many parts the due index has now."""
        self._tenant_id = tenant_id
        self._due_shards = due_shards

    def get(self, enrollment_id: EnrollmentId) -> Enrollment:
        """Read the head strongly; raises MissingError."""
        pk = keys.enrollment(self._tenant_id, enrollment_id)
        try:
            return HeadRow.get(pk, keys.HEAD, consistent_read=True).to_domain()
        except DoesNotExist:
            raise MissingError(kind="enrollment", id=enrollment_id) from None

    def stand(self, enrollment_id: EnrollmentId) -> Standing:
        """Read the head and its signals strongly, in one request; raises MissingError.

        A query is no snapshot: it may see the head of a transaction and miss its signal. The head
        counts the signals, so such a read is noticed and repeated.
        """
        pk = keys.enrollment(self._tenant_id, enrollment_id)
        for _ in range(_READS):
            raws = reading.between(pk, keys.HEAD, keys.AFTER_SIGNALS)
            if not raws:
                raise MissingError(kind="enrollment", id=enrollment_id)
            head = HeadRow.from_raw_data(raws[0]).to_domain()
            signals = tuple(SignalRow.from_raw_data(raw).to_domain() for raw in raws[1:])
            if len(signals) >= head.signals:
                return Standing(enrollment=head, signals=signals)
        raise StaleWriteError(kind="enrollment", id=enrollment_id)

    def history(self, enrollment_id: EnrollmentId) -> list[Record]:
        """Return what happened, oldest first."""
        pk = keys.enrollment(self._tenant_id, enrollment_id)
        raws = reading.between(pk, keys.HISTORY, f"{keys.HISTORY}~")
        return [line for raw in raws for line in HistoryRow.from_raw_data(raw).to_domain()]

    def rotation(self, sequence_id: SequenceId, item: ItemRef) -> Rotation | None:
        """Return the item's latest enrollment in a sequence, read strongly."""
        try:
            row = RotationRow.get(
                keys.item(self._tenant_id, item), keys.rotation(sequence_id), consistent_read=True
            )
        except DoesNotExist:
            return None
        return _rotation(row)

    def rotations_of(self, item: ItemRef) -> list[Rotation]:
        """Return the latest enrollment of an item in every sequence it was ever in."""
        prefix = keys.rotation(SequenceId(""))
        raws = reading.between(keys.item(self._tenant_id, item), prefix, f"{prefix}~")
        return [_rotation(RotationRow.from_raw_data(raw)) for raw in raws]

    def slot_holder(self, item: ItemRef) -> EnrollmentId | None:
        """Return the enrollment that has the item now."""
        try:
            row = SlotRow.get(self._slot_key(item), keys.SLOT, consistent_read=True)
        except DoesNotExist:
            return None
        return EnrollmentId(row.enrollment_id)

    def begin(
        self,
        tx: Transaction,
        enrollment: Enrollment,
        lines: tuple[Record, ...],
        *,
        inherits_slot: bool = False,
    ) -> Enrollment:
        """Add a new enrollment: rotation, slot (unless it is handed over), head, first history."""
        first = replace(enrollment, version=1)
        before = enrollment.rotation - 1
        tx.put(
            RotationRow(
                pk=keys.item(self._tenant_id, first.item),
                sk=keys.rotation(first.sequence_id),
                number=first.rotation,
                enrollment_id=first.id,
                started_at=spelling.instant(first.started_at),
            ),
            RotationRow.number == before if before else RotationRow.pk.does_not_exist(),
            refusal=StaleWriteError(kind="rotation", id=first.item.id),
        )
        if not inherits_slot:
            tx.put(
                SlotRow(pk=self._slot_key(first.item), sk=keys.SLOT, enrollment_id=first.id),
                SlotRow.pk.does_not_exist(),
                refusal=AlreadyActiveError(id="another", kind="item", state="", remedy=""),
            )
        row = HeadRow.of(self._tenant_id, first, due_shards=self._due_shards)
        tx.put(row, HeadRow.pk.does_not_exist())
        tx.put(HistoryRow.of(self._tenant_id, first, lines).as_listed(self._tenant_id, first))
        return first

    def change(
        self,
        tx: Transaction,
        enrollment: Enrollment,
        lines: tuple[Record, ...],
        *,
        heard: Heard | Stopped | None = None,
        heir: EnrollmentId | None = None,
    ) -> Enrollment:
        """Add a change of `enrollment`, as read at its version; free its slot if it is over.

        An `heir` gets the slot instead.

        Whoever wrote meanwhile makes the transaction fail with StaleWriteError: decide anew.
        """
        signals = enrollment.signals + (heard is not None)
        after = replace(enrollment, version=enrollment.version + 1, signals=signals)
        tx.put(
            HeadRow.of(self._tenant_id, after, due_shards=self._due_shards),
            HeadRow.version == enrollment.version,
            refusal=StaleWriteError(kind="enrollment", id=enrollment.id),
        )
        if heard is not None:
            tx.put(SignalRow.of(self._tenant_id, after.id, heard), SignalRow.pk.does_not_exist())
        if lines:
            tx.put(HistoryRow.of(self._tenant_id, after, lines))
        if heir is not None:
            tx.put(
                SlotRow(pk=self._slot_key(after.item), sk=keys.SLOT, enrollment_id=heir),
                (SlotRow.enrollment_id == after.id) | SlotRow.pk.does_not_exist(),
            )
        elif after.is_over:
            tx.delete(
                SlotRow(pk=self._slot_key(after.item), sk=keys.SLOT),
                (SlotRow.enrollment_id == after.id) | SlotRow.pk.does_not_exist(),
            )
        return after

    def list_page(
        self,
        sequence_id: SequenceId,
        *,
        limit: int,
        cursor: Mapping[str, object] | None,
        keep: Callable[[Enrollment], bool] = lambda _: True,
    ) -> Listing[Enrollment]:
        """Return enrollments of a sequence that `keep` likes, oldest first."""
        partitions = [
            keys.enrollments_list(self._tenant_id, sequence_id, shard)
            for shard in range(LIST_SHARDS)
        ]
        return list_heads(
            HeadRow,
            partitions,
            limit=limit,
            cursor=cursor,
            read=HeadRow.to_domain,
            keep=keep,
            head=keys.HEAD,
        )

    def many(self, ids: list[EnrollmentId]) -> list[Enrollment]:
        """Return the heads of `ids` that exist, in no order."""
        wanted = [(keys.enrollment(self._tenant_id, each), keys.HEAD) for each in ids]
        return [HeadRow.from_raw_data(raw).to_domain() for raw in reading.many(wanted)]

    def _slot_key(self, item: ItemRef) -> str:
        return keys.slot(self._tenant_id, item.kind, item.id)


def _rotation(row: RotationRow) -> Rotation:
    return Rotation(
        sequence_id=SequenceId(row.sk.split("#", 1)[1]),
        number=int(row.number),
        enrollment_id=EnrollmentId(row.enrollment_id),
    )
