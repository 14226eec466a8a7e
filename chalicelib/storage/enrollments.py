"""Keeps enrollments: heads with their stored signals, slots, rotations, history."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pynamodb.exceptions import DoesNotExist

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.errors import MissingError, StaleWriteError, StateError
from chalicelib.domain.ids import EnrollmentId, SequenceId, SignalId, TenantId
from chalicelib.domain.sequences import slots
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


class SlotTakenError(StateError):
    """A place that the enrollment needs for itself alone is another's."""

    code = "already_active"
    sentence = "The place {slot} is taken by another enrollment."

    def __init__(self, slot: str) -> None:
        """Keep the name of the place."""
        super().__init__(slot=slot)
        self.slot = slot


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
        """Return the enrollment that has the item now, in a tenant where only one may."""
        return self.slot_holders([slots.of_item(item)]).get(slots.of_item(item))

    def slot_holders(self, names: Collection[str]) -> dict[str, EnrollmentId]:
        """Return who holds each of these places; those that are free are left out."""
        name_by_pk = {keys.slot(self._tenant_id, name): name for name in names}
        raws = reading.many([(pk, keys.SLOT) for pk in name_by_pk])
        rows = [SlotRow.from_raw_data(raw) for raw in raws]
        return {name_by_pk[row.pk]: EnrollmentId(row.enrollment_id) for row in rows}

    def begin(
        self,
        tx: Transaction,
        enrollment: Enrollment,
        lines: tuple[Record, ...],
        *,
        inherits: Collection[str] = (),
    ) -> Enrollment:
        """Add a new enrollment: rotation, places but those it inherits, head, first history.

        Raises SlotTakenError, or StaleWriteError if the item was enrolled here meanwhile.
        """
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
        for name in _slots_of(first):
            if name not in inherits:
                row = self._slot(name, first.id)
                tx.put(row, SlotRow.pk.does_not_exist(), refusal=SlotTakenError(name))
        head = HeadRow.of(self._tenant_id, first, due_shards=self._due_shards)
        tx.put(head, HeadRow.pk.does_not_exist())
        tx.put(HistoryRow.of(self._tenant_id, first, lines).as_listed(self._tenant_id, first))
        return first

    def change(
        self,
        tx: Transaction,
        enrollment: Enrollment,
        lines: tuple[Record, ...],
        *,
        heard: Heard | Stopped | None = None,
        forgotten: SignalId | None = None,
        heir: Enrollment | None = None,
        listed_at: tuple[str, str] | None = None,
    ) -> Enrollment:
        """Add a change of `enrollment`, as read at its version; free its places if it is over.

        An `heir` gets those that it needs, too. With a signal that is `heard` another may be
        `forgotten`, so that no enrollment ever holds more than can be read at once.

        `listed_at` is a place in a list that the line of history takes, for it never changes.
        Whoever wrote meanwhile makes the transaction fail with StaleWriteError: decide anew.
        """
        signals = enrollment.signals + (heard is not None) - (forgotten is not None)
        after = replace(enrollment, version=enrollment.version + 1, signals=signals)
        tx.put(
            HeadRow.of(self._tenant_id, after, due_shards=self._due_shards),
            HeadRow.version == enrollment.version,
            refusal=StaleWriteError(kind="enrollment", id=enrollment.id),
        )
        if heard is not None:
            tx.put(SignalRow.of(self._tenant_id, after.id, heard), SignalRow.pk.does_not_exist())
        if forgotten is not None:
            pk = keys.enrollment(self._tenant_id, after.id)
            tx.delete(SignalRow(pk=pk, sk=keys.signal(forgotten)))
        if lines:
            row = HistoryRow.of(self._tenant_id, after, lines)
            row.list_pk, row.list_sk = listed_at or (None, None)
            tx.put(row)
        if after.is_over:
            self._leave_slots(tx, after, heir)
        return after

    def _leave_slots(self, tx: Transaction, after: Enrollment, heir: Enrollment | None) -> None:
        kept = _slots_of(heir) if heir else ()
        for name in _slots_of(after):
            is_ours = (SlotRow.enrollment_id == after.id) | SlotRow.pk.does_not_exist()
            if heir is not None and name in kept:
                tx.put(self._slot(name, heir.id), is_ours)
            else:
                tx.delete(self._slot(name, after.id), is_ours)

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

    def _slot(self, name: str, holder: EnrollmentId) -> SlotRow:
        return SlotRow(pk=keys.slot(self._tenant_id, name), sk=keys.SLOT, enrollment_id=holder)


def _slots_of(enrollment: Enrollment) -> tuple[str, ...]:
    return enrollment.slots or (slots.of_item(enrollment.item),)


def _rotation(row: RotationRow) -> Rotation:
    return Rotation(
        sequence_id=SequenceId(row.sk.split("#", 1)[1]),
        number=int(row.number),
        enrollment_id=EnrollmentId(row.enrollment_id),
    )
