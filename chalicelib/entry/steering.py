"""HTTP doors through which a person steers an enrollment, and sees what is up next for an item."""

from typing import Final

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.items import ENROLLABLE, ItemKind, ItemRef
from chalicelib.domain.errors import IllegalMoveError, MissingError, StaleWriteError, StateError
from chalicelib.domain.ids import EnrollmentId, ItemId, UserId
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.steps import type_of
from chalicelib.entry.enrollment_bodies import body_of
from chalicelib.entry.http import Answer, Request, answers, data
from chalicelib.entry.promises import promises
from chalicelib.entry.pulse_bodies import body_of as task_body
from chalicelib.entry.shapes import enrollments as shapes
from chalicelib.services import enrollments, sequences, steering, up_next
from chalicelib.services.item_sight import ItemSight

routes = Blueprint(__name__)

MOST_CONNECTABLE: Final = 100
"""So many sequences are offered for an item that is in none."""
_REFUSALS: Final = (IllegalMoveError, StaleWriteError, StateError)


class HandingOn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that hands the steps to come to another user."""

    user_id: UserId


@routes.route("/v1/enrollments/{enrollment_id}/assign", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=HandingOn, gives=shapes.Enrollment, refuses=_REFUSALS)
def assign_enrollment(request: Request, enrollment_id: str) -> Answer:
    """Hand the steps to come to another user; the task that stands open stays where it is."""
    user_id = request.body(HandingOn).user_id
    by = request.caller.user_id
    handed = steering.assign(
        _seen(request, enrollment_id), user_id=user_id, by=by, bench=request.bench
    )
    return data(body_of(handed))


@routes.route("/v1/enrollments/{enrollment_id}/skip-wait", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Enrollment, refuses=_REFUSALS)
def skip_wait(request: Request, enrollment_id: str) -> Answer:
    """Go on from a wait at once, or send a mail that waits for its hour."""
    request.nothing()
    by = request.caller.user_id
    hurried = steering.skip_wait(_seen(request, enrollment_id), by=by, bench=request.bench)
    return data(body_of(hurried))


@routes.route("/v1/items/{kind}/{item_id}/up-next", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.UpNext)
def show_up_next(request: Request, kind: str, item_id: str) -> Answer:
    """Show what was done with an item, what is to be done now, and what comes then."""
    if kind not in {each.value for each in ENROLLABLE}:
        raise MissingError(kind=kind, id=item_id)
    sight = ItemSight(request.caller, request.stores)
    item = sight.get(ItemRef(ItemKind(kind), ItemId(item_id))).ref
    found = up_next.of(item, bench=request.bench)
    is_free = found.enrollment is None or found.enrollment.is_over
    return data(
        {
            "enrollment": None if found.enrollment is None else body_of(found.enrollment),
            "done": found.done,
            "current": _current(found),
            "coming": found.coming,
            "connectable": _connectable(request, item.kind) if is_free else [],
        }
    )


def _seen(request: Request, enrollment_id: str) -> EnrollmentId:
    known = EnrollmentId(enrollment_id)
    return enrollments.seen(known, caller=request.caller, stores=request.stores)


def _current(found: up_next.UpNext) -> dict[str, object] | None:
    enrollment, step = found.enrollment, found.current
    if enrollment is None or step is None:
        return None
    return {
        "step_id": step.id,
        "type": type_of(step),
        "name": step.name,
        "due_at": body_of(enrollment)["due_at"],
        "why_then": enrollment.why_then,
        "task": None if found.task is None else task_body(found.task),
    }


def _connectable(request: Request, kind: ItemKind) -> list[dict[str, object]]:
    """List the sequences that would take the item (D365-SEQ-12, 13)."""
    listing = sequences.list_page(
        wanted=sequences.SequenceFilter(item_kind=kind, status=SequenceStatus.ACTIVE),
        limit=MOST_CONNECTABLE,
        cursor=None,
        caller=request.caller,
        stores=request.stores,
    )
    return [{"id": each.id, "name": each.name} for each in listing.rows]
