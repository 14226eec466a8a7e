"""Mails for tests: one valid letter, and a post office that hands it in as SES would."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

import boto3

from chalicelib.domain.mail.filed import Delivery
from chalicelib.entry import wiring
from chalicelib.services import inbound
from chalicelib.services.mailroom import Mailroom
from tests.builders import NOW
from tests.conftest import BUCKET
from tests.doubles import Doubles

SES_RESULTS = "amazonses.com; spf=pass (spfCheck) client-ip=192.0.2.1; dkim={dkim}; dmarc={dmarc}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail, as far as tests vary it."""

    from_: str = "Sally Seller <sally@northwind.test>"
    to: str = "Paula Prospect <paula@acme.test>"
    cc: str = ""
    subject: str = "Forty chairs"
    sent_at: datetime = NOW
    message_id: str = "letter-1@northwind.test"
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = "Here is our offer."
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def octets(self) -> bytes:
        headers = {
            "From": self.from_,
            "To": self.to,
            "Cc": self.cc,
            "Subject": self.subject,
            "Date": format_datetime(self.sent_at.astimezone(UTC)),
            "Message-ID": f"<{self.message_id}>" if self.message_id else "",
            "In-Reply-To": f"<{self.in_reply_to}>" if self.in_reply_to else "",
            "References": " ".join(f"<{each}>" for each in self.references),
            **self.headers,
        }
        lines = [f"{name}: {value}" for name, value in headers.items() if value]
        return "\r\n".join([*lines, "", self.text, ""]).encode()


def a_letter() -> Letter:
    """Sally's mail to Paula."""
    return Letter()


def an_answer() -> Letter:
    """Paula's answer to it."""
    return Letter(
        from_="Paula Prospect <paula@acme.test>",
        to="Sally Seller <sally@northwind.test>",
        subject="Re: Forty chairs",
        message_id="answer-1@acme.test",
        in_reply_to="letter-1@northwind.test",
        references=("letter-1@northwind.test",),
        text="Yes, please.\n\nOn Monday Sally Seller wrote:\n> Here is our offer.",
    )


def a_notification(
    *recipients: str, ses_id: str = "ses-in-1", dmarc: str = "PASS", virus: str = "PASS"
) -> dict[str, object]:
    """What SES says of a mail it wrote to S3."""
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": NOW.isoformat(),
            "source": "sally@northwind.test",
            "messageId": ses_id,
            "destination": list(recipients),
        },
        "receipt": {
            "timestamp": NOW.isoformat(),
            "recipients": list(recipients),
            "spamVerdict": {"status": "PASS"},
            "virusVerdict": {"status": virus},
            "spfVerdict": {"status": "PASS"},
            "dkimVerdict": {"status": "PASS"},
            "dmarcVerdict": {"status": dmarc},
            "action": {"type": "S3", "bucketName": BUCKET, "objectKey": f"inbound/{ses_id}"},
        },
    }


@dataclass(slots=True)
class PostOffice:
    """Hands mails in: the raw mail to S3, the notification to intake."""

    doubles: Doubles
    count: int = 0

    @property
    def room(self) -> Mailroom:
        return wiring.mailroom()

    def put(self, octets: bytes, ses_id: str) -> None:
        boto3.client("s3").put_object(Bucket=BUCKET, Key=f"inbound/{ses_id}", Body=octets)

    def deliver(
        self, octets: bytes, *recipients: str, dmarc: str = "PASS", virus: str = "PASS"
    ) -> list[Delivery]:
        """Hand one mail in and return what became of it at each recipient."""
        self.count += 1
        ses_id = f"ses-in-{self.count}"
        self.put(octets, ses_id)
        told = a_notification(*recipients, ses_id=ses_id, dmarc=dmarc, virus=virus)
        return self.notify(told)

    def notify(self, told: Mapping[str, object]) -> list[Delivery]:
        return inbound.receive(
            json.dumps(told).encode(), room=self.room, outside=self.doubles.outside
        )
