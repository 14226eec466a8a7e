"""Mail comes in by SES, SNS and the intake queue; every hour, what lies about is looked for."""

import json

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.domain.mail.filed import Delivery, Outcome
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.observability import logger, metrics
from chalicelib.entry.pulses import alive

routes = Blueprint(__name__)


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
