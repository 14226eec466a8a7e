"""SES tells what became of a mail: its events come through the feedback queue.

By SNS, wrapped or raw, or by EventBridge: the event inside is the same.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.errors import MalformedError
from chalicelib.domain.ids import EnrollmentId, StepId, TenantId, WireId
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.observability import metrics
from chalicelib.entry.pulses import alive
from chalicelib.entry.settings import settings

routes = Blueprint(__name__)

Told = Mapping[str, Any]
"""An SES event as its documentation shows it; a vendor's shape."""

_TAGS: Final = ("tenant", "enrollment", "step", "attempt")


@routes.on_sqs_message(queue="feedback", batch_size=10)
def ses_feedback(event: SQSEvent) -> Failures:
    """Apply every event of the batch; one that fails comes again alone."""
    alive(event, "feedback")
    return one_by_one(event, _hear)


def _hear(body: str) -> None:
    """Apply one event; what does not bear our tags is no mail of a sequence, and only archived."""
    from chalicelib.services import doubts, feedback  # noqa: PLC0415 - doors load what they use
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - doors load what they use

    event = read_event(body)
    _archive(event)
    tags = event["mail"].get("tags", {})
    if not all(tag in tags for tag in _TAGS):
        return
    tenant_id, enrollment_id, step_id, attempt = (tags[tag][0] for tag in _TAGS)
    outside = wiring.outside()
    bench = Bench(stores=wiring.stores_for(TenantId(tenant_id)), outside=outside)
    word = feedback.Word(
        enrollment_id=EnrollmentId(enrollment_id),
        step_id=StepId(step_id),
        attempt=int(attempt),
        wire_id=WireId(outside.mailer.wire_id(event["mail"]["messageId"])),
        told=feedback.Told(_kind(event)),
        addresses=_addresses(event),
        at=_when(event),
        mailed_at=datetime.fromisoformat(event["mail"]["timestamp"]),
        agent=str(_details(event).get("userAgent", "")),
        reader_address=str(_details(event).get("ipAddress", "")),
    )
    if feedback.hear(word, bench=bench):
        metrics.add_metric(name="DuplicateMail", unit=MetricUnit.Count, value=1)
    if word.told is feedback.Told.SEND and word.mailed_at and _is_of_our_set(event):
        doubts.word_came(word.mailed_at)


def read_event(body: str) -> Told:
    """Unwrap what SNS or EventBridge put around it; MalformedError for what is no SES event."""
    try:
        told = json.loads(body)
        event = json.loads(told["Message"]) if "Message" in told else told.get("detail", told)
        event["mail"]["messageId"]
        event["mail"]["timestamp"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MalformedError(reason="not an SES event") from error
    return dict(event)


def _is_of_our_set(event: Told) -> bool:
    """Whether it is of the set that sequences send by; word of another proves nothing."""
    named = event["mail"]["tags"].get("ses:configuration-set", ())
    return settings().configuration_set in named


def _archive(event: Told) -> None:
    """Keep every event: after a restore they alone say what was sent."""
    told = json.dumps(event, sort_keys=True)
    mail = event["mail"]
    wiring.archive().keep_event(mail["messageId"], _kind(event), told, on=mail["timestamp"][:10])


def _kind(event: Told) -> str:
    kind = event.get("eventType") or event.get("notificationType") or "Other"
    if kind == "Bounce":
        return "HardBounce" if event["bounce"].get("bounceType") == "Permanent" else "SoftBounce"
    known = {"Send", "Delivery", "Complaint", "Open", "Click", "Reject"}
    return str(kind) if kind in known else "Other"


def _addresses(event: Told) -> list[str]:
    """Return whom a bounce or a complaint is about.

    SES calls an out-of-office note a transient bounce too: that has no status of a delivery.
    """
    bounce = event.get("bounce", {})
    bounced = bounce.get("bouncedRecipients", [])
    if bounce.get("bounceType") != "Permanent":
        bounced = [each for each in bounced if "status" in each or "diagnosticCode" in each]
    listed = [*bounced, *event.get("complaint", {}).get("complainedRecipients", [])]
    return [str(each["emailAddress"]) for each in listed]


def _details(event: Told) -> Told:
    """Return what an event says beside the mail; for an opening, by whom."""
    details: Told = event.get(str(event.get("eventType", "")).lower()) or {}
    return details


def _when(event: Told) -> datetime:
    """Return when it happened; a Send event tells only when the mail was taken."""
    kind = str(event.get("eventType", "")).lower()
    told = event.get(kind, {}).get("timestamp") or event["mail"]["timestamp"]
    return datetime.fromisoformat(told)
