"""What SES says of a mail it sends, as a configuration set publishes it, and its simulator; pure.

Formats: docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html.
Recipients at simulator.amazonses.com, with or without `+label`, get what SES's simulator gives.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final

from infra.local.mime_fields import Field, addresses, domain, value
from infra.local.receipts import instant
from infra.local.settings import ACCOUNT, INBOUND_DOMAIN, REGION

SIMULATOR: Final = "simulator.amazonses.com"
BOUNCES: Final = {
    "bounce": ("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown"),
    "suppressionlist": (
        "Permanent",
        "Suppressed",
        "5.1.1",
        "Amazon SES has suppressed sending to this address: it bounced before.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """One mail as it left SES."""

    ses_id: str
    sender: str
    recipients: tuple[str, ...]
    tags: Mapping[str, str]
    configuration_set: str | None
    fields: tuple[Field, ...]
    at: datetime

    @property
    def wire_id(self) -> str:
        """The Message-ID on the wire, without its angle brackets."""
        return f"{self.ses_id}@{REGION}.amazonses.com"


def events_of(mail: SentMail) -> list[dict[str, Any]]:
    """Return the events in the order in which they come true; none without a configuration set."""
    if mail.configuration_set is None:
        return []
    bounced = [each for each in mail.recipients if simulated(each) in BOUNCES]
    complained = [each for each in mail.recipients if simulated(each) == "complaint"]
    delivered = [each for each in mail.recipients if each not in bounced]
    events = [_event(mail, "Send", "send", {})]
    if delivered:
        events.append(_event(mail, "Delivery", "delivery", _delivery(mail, delivered)))
    events += [_event(mail, "Bounce", "bounce", _bounce(mail, each)) for each in bounced]
    if complained:
        events.append(_event(mail, "Complaint", "complaint", _complaint(mail, complained)))
    return events


def out_of_office(mail: SentMail) -> list[tuple[str, str, bytes]]:
    """Return (sender, recipient, reply) for every recipient at `ooto`, to our own addresses."""
    to = [each for each in addresses(mail.fields, "reply-to") if domain(each) == INBOUND_DOMAIN]
    away = [each for each in mail.recipients if simulated(each) == "ooto"]
    return [(sender, each, _away(mail, sender, each)) for sender in away for each in to]


def simulated(address: str) -> str:
    """Return the simulator's mailbox, without its label; nothing for a real address."""
    if domain(address) != SIMULATOR:
        return ""
    return address.partition("@")[0].partition("+")[0].lower()


def _event(mail: SentMail, kind: str, key: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"eventType": kind, "mail": _mail(mail), key: dict(said)}


def _mail(mail: SentMail) -> dict[str, Any]:
    return {
        "timestamp": instant(mail.at),
        "source": value(mail.fields, "from") or mail.sender,
        "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain(mail.sender)}",
        "sendingAccountId": ACCOUNT,
        "messageId": mail.ses_id,
        "destination": list(mail.recipients),
        "headersTruncated": False,
        "headers": [{"name": name, "value": text} for name, text in mail.fields],
        "commonHeaders": _common(mail),
        "tags": {
            "ses:source-tls-version": ["TLSv1.3"],
            "ses:operation": ["SendEmail"],
            "ses:configuration-set": [mail.configuration_set],
            "ses:source-ip": ["127.0.0.1"],
            "ses:from-domain": [domain(mail.sender)],
            "ses:caller-identity": ["local"],
            **{name: [text] for name, text in mail.tags.items()},
        },
    }


def _common(mail: SentMail) -> dict[str, Any]:
    def lines(name: str) -> list[str]:
        return [each.strip() for each in value(mail.fields, name).split(",") if each.strip()]

    found = {
        "from": lines("from"),
        "replyTo": lines("reply-to"),
        "to": lines("to"),
        "cc": lines("cc"),
        "date": value(mail.fields, "date"),
        "messageId": mail.ses_id,
        "subject": value(mail.fields, "subject"),
    }
    return {name: each for name, each in found.items() if each}


def _delivery(mail: SentMail, recipients: Collection[str]) -> dict[str, Any]:
    return {
        "timestamp": instant(mail.at),
        "processingTimeMillis": 524,
        "recipients": list(recipients),
        "smtpResponse": "250 2.6.0 Message received",
        "remoteMtaIp": "127.0.0.1",
        "reportingMTA": "a8-70.smtp-out.amazonses.com",
    }


def _bounce(mail: SentMail, recipient: str) -> dict[str, Any]:
    kind, subkind, status, diagnostic = BOUNCES[simulated(recipient)]
    return {
        "feedbackId": f"{mail.ses_id[:16]}-feedback-000000",
        "bounceType": kind,
        "bounceSubType": subkind,
        "bouncedRecipients": [
            {
                "emailAddress": recipient,
                "action": "failed",
                "status": status,
                "diagnosticCode": diagnostic,
            }
        ],
        "timestamp": instant(mail.at),
        "reportingMTA": "dns; a8-70.smtp-out.amazonses.com",
    }


def _complaint(mail: SentMail, recipients: Collection[str]) -> dict[str, Any]:
    return {
        "feedbackId": f"{mail.ses_id[:16]}-complaint-000000",
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": each} for each in recipients],
        "timestamp": instant(mail.at),
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": "abuse",
        "arrivalDate": instant(mail.at),
    }


def _away(mail: SentMail, sender: str, recipient: str) -> bytes:
    # Lines as long as they come: folded, an id would be encoded and thread nothing.
    reply = EmailMessage(policy=SMTP.clone(max_line_length=998))
    reply["From"] = sender
    reply["To"] = recipient
    reply["Subject"] = f"Automatic reply: {value(mail.fields, 'subject')}"
    reply["Date"] = format_datetime(mail.at)
    reply["Message-ID"] = f"<{mail.ses_id}.ooto@{SIMULATOR}>"
    reply["In-Reply-To"] = f"<{mail.wire_id}>"
    reply["References"] = f"<{mail.wire_id}>"
    reply["Auto-Submitted"] = "auto-replied"
    reply["X-Auto-Response-Suppress"] = "All"
    reply.set_content("I am out of the office and will read my mail when I am back.\n")
    return reply.as_bytes()
