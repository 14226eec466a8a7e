"""Mail comes in by SES, SNS and the intake queue; what was kept apart is listed."""

import json

from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.crm.rights import Right, RoleMissingError, require
from chalicelib.domain.mail.filed import Delivery
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.http import PAGING, Answer, Request, answers, page
from chalicelib.entry.observability import logger
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import threads as shapes

routes = Blueprint(__name__)


@routes.on_sqs_message(queue="intake", batch_size=10)
def inbound_mail(event: SQSEvent) -> Failures:
    """Take in every mail of the batch; one that fails comes again alone."""
    return one_by_one(event, _take_in)


@routes.route("/v1/intake", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.KeptApart, refuses=(RoleMissingError,))
def list_kept_apart(request: Request) -> Answer:
    """List what was quarantined or parked, with the reasons; for admins."""
    require(request.caller, Right.SEE_INTAKE)
    asked = request.page()
    listing = request.stores.deliveries.list_page(limit=asked.limit, cursor=asked.cursor)
    return page([_show(each) for each in listing.rows], listing.cursor)


def _show(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id,
        "outcome": delivery.outcome,
        "reason": delivery.reason,
        "recipient": delivery.recipient,
        "received_at": delivery.received_at,
        "message_id": delivery.message_key,
        "thread_id": delivery.thread_id,
    }


def _take_in(body: str) -> None:
    from chalicelib.services import inbound  # noqa: PLC0415 - doors load what they use

    deliveries = inbound.receive(
        _notification(body), room=wiring.mailroom(), outside=wiring.outside()
    )
    for each in deliveries:
        told = {"delivery_id": each.id, "outcome": each.outcome, "reason": each.reason}
        logger.info("mail taken in", extra=told)


def _notification(body: str) -> bytes:
    """Unwrap the SNS envelope; what is none is handed on, to be kept as unreadable."""
    try:
        message = json.loads(body)["Message"]
    except (ValueError, KeyError, TypeError):
        return body.encode()
    return str(message).encode()
