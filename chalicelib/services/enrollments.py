"""What a salesperson does with items and sequences: pause, resume, remove, look."""

from datetime import UTC, datetime

from chalicelib.domain.crm.items import Item, ItemRef, ItemStatus
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import (
    MissingError,
    Problem,
    RuleError,
    StateError,
)
from chalicelib.domain.ids import EnrollmentId, SignalId, UserId
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import (
    ExitReason,
    PauseAsked,
    PauseReason,
    ResumeAsked,
    ResumeMode,
    Stopped,
)
from chalicelib.services import gates, progress, tally
from chalicelib.services.decisions import Bench
from chalicelib.services.item_past import past_of
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.stores import Stores

_CONVERTING = frozenset({ItemStatus.WON, ItemStatus.CONVERTED})


def pause(
    enrollment_id: EnrollmentId, *, until: datetime | None, by: UserId, bench: Bench
) -> Enrollment:
    """Hold an enrollment; its clocks stand still."""
    if until is not None and until <= bench.now():
        message = "`until` must lie in the future."
        raise RuleError(Problem(path="$.until", code="in_the_past", message=message))
    until = until.astimezone(UTC) if until else None
    signal = PauseAsked(reason=PauseReason.MANUAL, until=until, by=by)
    return progress.take(enrollment_id, signal, stores=bench.stores, outside=bench.outside)


def resume(
    enrollment_id: EnrollmentId,
    *,
    mode: ResumeMode = ResumeMode.SHIFT,
    by: UserId,
    bench: Bench,
) -> Enrollment:
    """Go on: what was planned moves by the length of the pause, or what has passed catches up."""
    signal = ResumeAsked(by=by, mode=mode)
    return progress.take(enrollment_id, signal, stores=bench.stores, outside=bench.outside)


def remove(enrollment_id: EnrollmentId, *, by: UserId, bench: Bench) -> Enrollment:
    """Take an item out of its sequence by hand (PD-SEQ-23); its history stays."""
    if bench.stores.enrollments.get(enrollment_id).is_over:
        raise StateError(kind="enrollment", state="over", remedy="there is nothing to remove")
    signal = Stopped(
        id=SignalId("removed"), reason=ExitReason.REMOVED_BY_USER, at=bench.now(), by=by
    )
    return progress.take(enrollment_id, signal, stores=bench.stores, outside=bench.outside)


def leave_if_closed(item: Item, *, bench: Bench) -> None:
    """Take an item that was won, lost, converted or deleted out of its sequence.

    The gates refuse its mails anyway; this closes its tasks and frees its slot.
    """
    if item.is_open:
        return
    stop = Stopped(
        id=SignalId(f"item-{item.status}-{item.version}"),
        reason=gates.EXIT_BY_STATUS[item.status],
        at=bench.now(),
    )
    if item.status in _CONVERTING:
        for each in bench.stores.enrollments.rotations_of(item.ref):
            tally.convert(each.sequence_id, each.enrollment_id, bench=bench)
    for enrollment in running(item.ref, bench=bench):
        progress.take(enrollment.id, stop, stores=bench.stores, outside=bench.outside)


def seen(enrollment_id: EnrollmentId, *, caller: Caller, stores: Stores) -> EnrollmentId:
    """Insist that the caller owns the enrollment or sees its item; any other is missing."""
    enrollment = stores.enrollments.get(enrollment_id)
    is_own = enrollment.owner_id == caller.user_id
    if not is_own and ItemSight(caller, stores).find(enrollment.item) is None:
        raise MissingError(kind="enrollment", id=enrollment_id)
    return enrollment_id


def running(item: ItemRef, *, bench: Bench) -> list[Enrollment]:
    """Return the enrollments that an item is in now: one, unless the tenant allows many."""
    rotations = bench.stores.enrollments.rotations_of(item)
    latest = bench.stores.enrollments.many([each.enrollment_id for each in rotations])
    return [each for each in latest if not each.is_over]


def of_item(item: ItemRef, *, bench: Bench) -> list[Enrollment]:
    """Return the latest enrollment of an item, and of what it was, in every sequence."""
    enrollments = bench.stores.enrollments
    past = past_of(bench.stores.items.get(item))
    rotations = [each for ref in past for each in enrollments.rotations_of(ref)]
    return bench.stores.enrollments.many([each.enrollment_id for each in rotations])
