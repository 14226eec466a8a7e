"""What SES says of a mail it received: the envelope and the verdicts, which exist nowhere else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from chalicelib.domain.errors import MalformedError


class Verdict(StrEnum):
    """What SES found, of SPF, DKIM, DMARC, spam or viruses."""

    PASS = "PASS"
    FAIL = "FAIL"
    GRAY = "GRAY"
    PROCESSING_FAILED = "PROCESSING_FAILED"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One mail as SES took it; `recipients` are the envelope's, a Bcc stands nowhere else."""

    ses_id: str
    object_key: str
    envelope_sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    spf: Verdict
    dkim: Verdict
    dmarc: Verdict
    virus: Verdict


class _Found(msgspec.Struct, frozen=True):
    status: str = "PROCESSING_FAILED"


class _Action(msgspec.Struct, frozen=True, rename="camel"):
    object_key: str = ""


class _Receipt(msgspec.Struct, frozen=True, rename="camel"):
    timestamp: datetime
    recipients: list[str]
    spf_verdict: _Found = _Found()
    dkim_verdict: _Found = _Found()
    dmarc_verdict: _Found = _Found()
    virus_verdict: _Found = _Found()
    action: _Action = _Action()


class _Mail(msgspec.Struct, frozen=True, rename="camel"):
    message_id: str
    source: str = ""


class _Notification(msgspec.Struct, frozen=True):
    mail: _Mail
    receipt: _Receipt


def parse_receipt(notification: bytes | str) -> Receipt:
    """Read SES's notification of a received mail; raises MalformedError."""
    try:
        told = msgspec.json.decode(notification, type=_Notification)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise MalformedError(reason=f"not a receipt of SES ({error})") from error
    found = told.receipt
    at = found.timestamp
    return Receipt(
        ses_id=told.mail.message_id,
        object_key=found.action.object_key or f"inbound/{told.mail.message_id}",
        envelope_sender=told.mail.source,
        recipients=tuple(dict.fromkeys(each.strip().lower() for each in found.recipients)),
        received_at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
        spf=_verdict(found.spf_verdict),
        dkim=_verdict(found.dkim_verdict),
        dmarc=_verdict(found.dmarc_verdict),
        virus=_verdict(found.virus_verdict),
    )


def _verdict(found: _Found) -> Verdict:
    try:
        return Verdict(found.status.upper())
    except ValueError:
        return Verdict.PROCESSING_FAILED
