"""Reads an event of SES, as SNS (wrapped or raw), EventBridge or our archive hand it on."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.errors import MalformedError
from chalicelib.domain.ids import EnrollmentId, StepId, TenantId, WireId

if TYPE_CHECKING:
    from chalicelib.services.feedback import Word

Told = Mapping[str, Any]
"""An SES event as its documentation shows it; a vendor's shape."""

_TAGS: Final = ("tenant", "enrollment", "step", "attempt")


def word_of(event: Told, wire_id: Callable[[str], str]) -> "tuple[TenantId, Word] | None":
    """Return what an event says of a sequence's mail, and whose it is; None without our tags."""
    from chalicelib.services import feedback  # noqa: PLC0415 - doors load what they use

    tags = event["mail"].get("tags", {})
    if not all(tag in tags for tag in _TAGS):
        return None
    tenant_id, enrollment_id, step_id, attempt = (tags[tag][0] for tag in _TAGS)
    word = feedback.Word(
        enrollment_id=EnrollmentId(enrollment_id),
        step_id=StepId(step_id),
        attempt=int(attempt),
        wire_id=WireId(wire_id(event["mail"]["messageId"])),
        told=feedback.Told(kind_of(event)),
        addresses=_addresses(event),
        at=_when(event),
        mailed_at=datetime.fromisoformat(event["mail"]["timestamp"]),
        agent=str(_details(event).get("userAgent", "")),
        reader_address=str(_details(event).get("ipAddress", "")),
    )
    return TenantId(tenant_id), word


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


def kind_of(event: Told) -> str:
    """Return what kind of word it is; a bounce is hard or soft."""
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
