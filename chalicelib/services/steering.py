"""How a person steers an enrollment that runs: pass a wait over, hand what comes to another."""

from chalicelib.domain.crm.items import Item
from chalicelib.domain.ids import EnrollmentId, UserId
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import OwnerChanged, WaitSkipped
from chalicelib.services import enrollments, progress
from chalicelib.services.decisions import Bench
from chalicelib.services.working import active_user


def skip_wait(enrollment_id: EnrollmentId, *, by: UserId, bench: Bench) -> Enrollment:
    """Go on from a wait at once, or send a mail that waits for its hour (M19)."""
    signal = WaitSkipped(by=by)
    return progress.take(enrollment_id, signal, stores=bench.stores, outside=bench.outside)


def assign(enrollment_id: EnrollmentId, *, user_id: UserId, by: UserId, bench: Bench) -> Enrollment:
    """Make the steps to come another user's; the task that stands open stays where it is (M20)."""
    bench.stores.enrollments.get(enrollment_id)  # an unknown one is missing, whoever is to have it
    signal = OwnerChanged(owner_id=active_user(user_id, bench).id, by=by)
    return progress.take(enrollment_id, signal, stores=bench.stores, outside=bench.outside)


def follow_owner(item: Item, *, before: UserId, by: UserId | None, bench: Bench) -> None:
    """Hand the steps to come on with their item, if they were its former owner's."""
    if item.owner_id == before:
        return
    signal = OwnerChanged(owner_id=item.owner_id, by=by)
    for enrollment in enrollments.running(item.ref, bench=bench):
        if enrollment.owner_id == before:  # else somebody else was chosen to work it
            progress.take(enrollment.id, signal, stores=bench.stores, outside=bench.outside)
