"""What SES adds to a mail it receives, and what it tells of it (the S3 action's notification).

Formats: docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html.
"""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from infra.local.mime_fields import Field, addresses, domain, join, shown, split, value
from infra.local.settings import BUCKET, INBOUND_TOPIC, REGION, topic_arn

PREFIX: Final = "inbound/"
MOST_HEADER_BYTES: Final = 10 * 1024
GRAY: Final = ".gray.test"
_DOT_ATOM: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")
_NO_HOST: Final = re.compile(r"[^\w.:\[\]-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What SES found out about the sender."""

    spf: str
    dkim: str
    dmarc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One mail as SES received it."""

    ses_id: str
    sender: str
    recipients: tuple[str, ...]
    at: datetime
    raw: bytes

    @property
    def key(self) -> str:
        """Where the bytes go."""
        return f"{PREFIX}{self.ses_id}"


def new_receipt_id() -> str:
    """Return an id as SES gives them to mail it receives."""
    return "".join(secrets.choice("0123456789abcdefghijklmnopqrstuv") for _ in range(40))


def judge(sender: str, raw: bytes) -> Verdicts:
    """Believe an envelope sender of the same domain as From, as `spec/api.md` has it."""
    from_domain = _from_domain(shown(split(raw)[0]))
    verdict = "PASS" if from_domain and domain(sender) == from_domain else "FAIL"
    gray = f".{from_domain}".endswith(GRAY)
    return Verdicts(spf=verdict, dkim=verdict, dmarc="GRAY" if gray else verdict)


def stamped(arrival: Arrival, verdicts: Verdicts) -> bytes:
    """Return the mail with the fields SES puts before it."""
    fields, body = split(arrival.raw)
    return join([*_stamps(arrival, verdicts, _from_domain(shown(fields))), *fields], body)


def notification(arrival: Arrival, verdicts: Verdicts, stamped_mail: bytes) -> dict[str, Any]:
    """Return the message that SES publishes after its S3 action."""
    fields = shown(split(stamped_mail)[0])
    kept = _first_bytes(fields)
    at = instant(arrival.at)
    receipt: dict[str, Any] = {
        "timestamp": at,
        "processingTimeMillis": 211,
        "recipients": list(arrival.recipients),
        "spamVerdict": {"status": "PASS"},
        "virusVerdict": {"status": "PASS"},
        "spfVerdict": {"status": verdicts.spf},
        "dkimVerdict": {"status": verdicts.dkim},
        "dmarcVerdict": {"status": verdicts.dmarc},
        "action": {
            "type": "S3",
            "topicArn": topic_arn(INBOUND_TOPIC),
            "bucketName": BUCKET,
            "objectKeyPrefix": PREFIX,
            "objectKey": arrival.key,
        },
    }
    if verdicts.dmarc == "FAIL":
        receipt["dmarcPolicy"] = "none"
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": at,
            "source": arrival.sender,
            "messageId": arrival.ses_id,
            "destination": addresses(kept, "to", "cc") or list(arrival.recipients),
            "headersTruncated": len(kept) < len(fields),
            "headers": [{"name": name, "value": text} for name, text in kept],
            "commonHeaders": _common(arrival.sender, kept),
        },
        "receipt": receipt,
    }


def instant(at: datetime) -> str:
    """Spell an instant as SES does."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _stamps(arrival: Arrival, verdicts: Verdicts, from_domain: str) -> list[bytes]:
    sender, spf = _spelled(arrival.sender), verdicts.spf.lower()
    checked = f"(spfCheck: domain of {domain(sender) or 'localhost'}) client-ip=127.0.0.1"
    envelope = f"envelope-from={sender or '<>'}; helo=localhost;"
    dmarc = "none" if verdicts.dmarc == "GRAY" else verdicts.dmarc.lower()
    dkim = f"pass header.i=@{from_domain}" if verdicts.dkim == "PASS" else "fail"
    received = (
        "Received: from localhost (localhost [127.0.0.1])\r\n"
        f" by inbound-smtp.{REGION}.amazonaws.com with SMTP id {arrival.ses_id}\r\n"
        f" for {arrival.recipients[0]};\r\n {format_datetime(arrival.at)} (UTC)"
    )
    results = (
        "Authentication-Results: amazonses.com;\r\n"
        f" spf={spf} {checked};\r\n {envelope}\r\n"
        f" dkim={dkim};\r\n dmarc={dmarc} header.from={from_domain or 'unknown'};"
    )
    lines = (
        f"Return-Path: <{sender}>",
        received,
        "X-SES-Spam-Verdict: PASS",
        "X-SES-Virus-Verdict: PASS",
        f"Received-SPF: {spf} {checked};\r\n {envelope}",
        results,
        f"X-SES-RECEIPT: {arrival.ses_id}",
        "X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; d=amazonses.com; s=local;",
    )
    return [line.encode("utf-8", "replace") for line in lines]


def _spelled(sender: str) -> str:
    """Spell an envelope sender as RFC 5321 does: quoted, unless the local part is plain words."""
    local_part, at, host = _CONTROLS.sub("", sender).rpartition("@")
    if not at or _DOT_ATOM.fullmatch(local_part) or _QUOTED.fullmatch(local_part):
        return f"{local_part}{at}{_NO_HOST.sub('', host)}"
    quoted = local_part.replace("\\", r"\\").replace('"', r"\"")
    return f'"{quoted}"@{_NO_HOST.sub("", host)}'


def _from_domain(fields: Collection[Field]) -> str:
    return next((domain(address) for address in addresses(fields, "from")), "")


def _first_bytes(fields: list[Field]) -> list[Field]:
    """Keep what fits: SES truncates header lists of more than 10 KB."""
    size = 0
    for place, (name, text) in enumerate(fields):
        size += len(name) + len(text.encode())
        if size > MOST_HEADER_BYTES:
            return fields[:place]
    return fields


def _common(sender: str, fields: list[Field]) -> dict[str, Any]:
    lists = {
        json_name: [text for found, text in fields if found.lower() == name]
        for name, json_name in (
            ("from", "from"),
            ("to", "to"),
            ("cc", "cc"),
            ("reply-to", "replyTo"),
        )
    }
    singles = {
        "returnPath": sender,
        "date": value(fields, "date"),
        "messageId": value(fields, "message-id"),
        "subject": value(fields, "subject"),
    }
    return {name: found for name, found in (lists | singles).items() if found}
