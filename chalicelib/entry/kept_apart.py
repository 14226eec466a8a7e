"""HTTP doors to mail that intake kept apart: listed, released, replayed, discarded."""

from typing import TYPE_CHECKING, Final

from chalice.app import Blueprint

from chalicelib.domain.crm.rights import Right, RoleMissingError, require
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import DeliveryId
from chalicelib.domain.mail.filed import AlreadyHandledError, Delivery
from chalicelib.entry import wiring
from chalicelib.entry.http import PAGING, Answer, Request, answers, data, page
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import threads as shapes

if TYPE_CHECKING:
    from chalicelib.services.intake_desk import Desk

routes = Blueprint(__name__)

_REFUSALS: Final = (RoleMissingError, AlreadyHandledError, StaleWriteError)


@routes.route("/v1/intake", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.KeptApart, refuses=(RoleMissingError,))
def list_kept_apart(request: Request) -> Answer:
    """List what was quarantined or parked, with the reasons; for admins."""
    require(request.caller, Right.SEE_INTAKE)
    asked = request.page()
    listing = request.stores.deliveries.list_page(limit=asked.limit, cursor=asked.cursor)
    return page([_show(each) for each in listing.rows], listing.cursor)


@routes.route("/v1/intake/{delivery_id}/release", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.KeptApart, refuses=_REFUSALS)
def release_delivery(request: Request, delivery_id: str) -> Answer:
    """File a mail that was kept apart, on the word of an admin."""
    from chalicelib.services import intake_desk  # noqa: PLC0415 - doors load what they use

    request.nothing()
    released = intake_desk.release(DeliveryId(delivery_id), desk=_desk(request))
    return data(_show(released))


@routes.route("/v1/intake/{delivery_id}/replay", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Replayed, refuses=_REFUSALS)
def replay_delivery(request: Request, delivery_id: str) -> Answer:
    """Take a mail in as if it came now, and say what is read differently."""
    from chalicelib.services import intake_desk  # noqa: PLC0415 - as above

    request.nothing()
    replayed = intake_desk.replay(DeliveryId(delivery_id), desk=_desk(request))
    diff = [
        {"field": each.field, "before": each.before, "after": each.after} for each in replayed.diff
    ]
    return data({**_show(replayed.delivery), "diff": diff})


@routes.route("/v1/intake/{delivery_id}/discard", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.KeptApart, refuses=_REFUSALS)
def discard_delivery(request: Request, delivery_id: str) -> Answer:
    """Take a mail off the list for good."""
    from chalicelib.services import intake_desk  # noqa: PLC0415 - as above

    request.nothing()
    return data(_show(intake_desk.discard(DeliveryId(delivery_id), desk=_desk(request))))


def _desk(request: Request) -> "Desk":
    from chalicelib.services.intake_desk import Desk  # noqa: PLC0415 - as above

    return Desk(
        caller=request.caller,
        room=wiring.mailroom(),
        stores=request.stores,
        outside=request.outside,
    )


def _show(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id,
        "outcome": delivery.outcome,
        "reason": delivery.reason,
        "recipient": delivery.recipient,
        "received_at": delivery.received_at,
        "message_id": delivery.message_key,
        "thread_id": delivery.thread_id,
        "from": delivery.sender,
        "subject": delivery.subject,
        "handling": delivery.handling,
        "handled_by": delivery.handled_by,
        "handled_at": delivery.handled_at,
    }
