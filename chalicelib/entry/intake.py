"""Mail comes in by SES, SNS and the intake queue; what was kept apart is listed."""

import json
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.domain.crm.rights import Right, RoleMissingError, require
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import DeliveryId
from chalicelib.domain.mail.filed import AlreadyHandledError, Delivery, Outcome
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.http import PAGING, Answer, Request, answers, data, page
from chalicelib.entry.observability import logger, metrics
from chalicelib.entry.promises import promises
from chalicelib.entry.pulses import alive
from chalicelib.entry.shapes import threads as shapes

if TYPE_CHECKING:
    from chalicelib.services.intake_desk import Desk

routes = Blueprint(__name__)

_REFUSALS: Final = (RoleMissingError, AlreadyHandledError, StaleWriteError)


@routes.on_sqs_message(queue="intake", batch_size=10)
def inbound_mail(event: SQSEvent) -> Failures:
    """Take in every mail of the batch; one that fails comes again alone."""
    alive(event, "intake")
    return one_by_one(event, _take_in)


@routes.schedule(Rate(1, unit=Rate.HOURS))
def unclaimed_mail(event: CloudWatchEvent) -> None:
    """Look for mail that intake was never told of, or did not finish."""
    from chalicelib.services import unclaimed  # noqa: PLC0415 - doors load what they use

    del event
    found = unclaimed.look(room=wiring.mailroom(), outside=wiring.outside())
    metrics.add_metric(name="UnclaimedMail", unit=MetricUnit.Count, value=found.parked)
    metrics.add_metric(name="UnclaimedMailFailed", unit=MetricUnit.Count, value=found.failed)
    told = {"looked_at": found.looked_at, "parked": found.parked, "failed": found.failed}
    logger.info("unclaimed mail looked for", extra=told)


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


def _take_in(body: str) -> None:
    from chalicelib.services import inbound  # noqa: PLC0415 - doors load what they use

    deliveries = inbound.receive(
        _notification(body), room=wiring.mailroom(), outside=wiring.outside()
    )
    for each in deliveries:
        told = {"delivery_id": each.id, "outcome": each.outcome, "reason": each.reason}
        logger.info("mail taken in", extra=told)
        _count(each)


def _count(delivery: Delivery) -> None:
    """Have alarms see what is kept apart."""
    if delivery.is_waiting:
        name = "MailQuarantined" if delivery.outcome is Outcome.QUARANTINED else "MailParked"
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)


def _notification(body: str) -> bytes:
    """Unwrap the SNS envelope; what is none is handed on, to be kept as unreadable."""
    try:
        message = json.loads(body)["Message"]
    except (ValueError, KeyError, TypeError):
        return body.encode()
    return str(message).encode()
