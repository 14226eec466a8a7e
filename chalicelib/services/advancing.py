"""Hands an item over from one sequence to another, in the transaction that ends the first.

The slot moves with it, so that nobody else can take the item in between.
"""

from datetime import datetime

from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences import slots
from chalicelib.domain.sequences.definition import FlowVersion, SequenceStatus
from chalicelib.domain.sequences.effects import AdvanceTo, Record
from chalicelib.domain.sequences.enrollment import Count, Enrollment, Phase
from chalicelib.domain.sequences.steps import reached
from chalicelib.storage import keys
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction


def takes_items(sequence_id: SequenceId, *, stores: Stores) -> bool:
    """Whether items may be handed to a sequence now."""
    sequence = stores.sequences.find(sequence_id)
    return sequence is not None and sequence.status is SequenceStatus.ACTIVE


def takes(sequence_id: SequenceId, enrollment: Enrollment, *, stores: Stores) -> bool:
    """Whether a sequence takes this item now: where many may have it, it may be there already."""
    if not takes_items(sequence_id, stores=stores):
        return False
    before = slots.of_item_in(enrollment.sequence_id, enrollment.item)
    place = slots.of_item_in(sequence_id, enrollment.item)
    return before not in enrollment.slots or not stores.enrollments.slot_holders([place])


def heir_of(
    enrollment: Enrollment, effect: AdvanceTo, *, stores: Stores, now: datetime
) -> Enrollment:
    """Return the enrollment that begins in the other sequence, at its published flow.

    Raises StaleWriteError if that has stopped taking items since it was asked: decide anew.
    """
    target = stores.sequences.find(effect.sequence_id)
    is_open = target is not None and target.status is SequenceStatus.ACTIVE
    if target is None or not is_open or target.flow_version is None:
        raise StaleWriteError(kind="sequence", id=effect.sequence_id)
    published = stores.sequences.flow_version(target.id, target.flow_version)
    latest = stores.enrollments.rotation(target.id, enrollment.item)
    rotation = latest.number + 1 if latest else 1
    return Enrollment(
        id=keys.enrollment_id(stores.tenant_id, target.id, enrollment.item, rotation),
        sequence_id=target.id,
        flow_version=published.number,
        item=enrollment.item,
        owner_id=enrollment.owner_id,
        rotation=rotation,
        zone=enrollment.zone,
        country=enrollment.country,
        person_id=enrollment.person_id,
        slots=slots.inherited(
            enrollment.slots or (slots.of_item(enrollment.item),),
            enrollment.item,
            of=enrollment.sequence_id,
            by=target.id,
        ),
        step_id=published.flow.start,
        phase=Phase.READY,
        due_at=now,
        arrived_at=now,
        why_then="at once: another sequence handed it over",
        started_at=now,
    )


def begin(
    tx: Transaction, heir: Enrollment, predecessor: Enrollment, *, stores: Stores
) -> Enrollment:
    """Add the new enrollment to the transaction that ends its predecessor."""
    published: FlowVersion = stores.sequences.flow_version(heir.sequence_id, heir.flow_version)
    origin = Record(
        step_id=None,
        type="advance",
        state="advanced",
        at=heir.started_at,
        why=f"from sequence {predecessor.sequence_id}, enrollment {predecessor.id}",
    )
    lines = (origin, *reached(published.flow, heir.step_id, heir.started_at))
    begun = stores.enrollments.begin(
        tx, heir, lines, inherits=predecessor.slots or (slots.of_item(predecessor.item),)
    )
    stores.counts.move(tx, begun.sequence_id, begun.id, out_of=None, into=Count.IN_PROGRESS)
    return begun
