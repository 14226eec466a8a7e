"""SES's sending side: what its door refuses, and what becomes of a mail."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.local.outbox import as_sent, entry_of
from infra.local.ses_events import SentMail, events_of, out_of_office
from infra.local.ses_sending import RefusedError, SendingDoor

RAW = b"From: Sam <sam@demo.test>\r\nTo: lea@lead.test\r\nSubject: Hi\r\n\r\nHello\r\n"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SENT = SentMail(
    ses_id="0110-id",
    sender="sam@demo.test",
    recipients=("lea@lead.test",),
    tags={"tenant": "t1"},
    configuration_set="local",
    fields=(("From", "Sam <sam@demo.test>"), ("Subject", "Hi")),
    at=AT,
)


def test_a_mail_is_on_disk_before_ses_says_yes(tmp_path: Path) -> None:
    ses_id = _door(tmp_path).take(_request(RAW))

    (kept,) = tmp_path.iterdir()
    assert kept.name.endswith(f"{ses_id}.json")
    assert json.loads(kept.read_text())["recipients"] == ["lea@lead.test"]


@pytest.mark.parametrize(
    "raw,envelope,recipients,configuration_set,code",
    [
        (RAW, "sam@stranger.test", ["lea@lead.test"], "local", "MessageRejected"),
        (RAW.replace(b"demo", b"else"), "sam@demo.test", ["a@b.test"], "local", "MessageRejected"),
        (RAW, "sam@demo.test", ["lea@lead.test"], "another", "NotFoundException"),
        (RAW, "sam@demo.test", ["lea"], "local", "BadRequestException"),
        (RAW, "sam@demo.test", ["löa@lead.test"], "local", "BadRequestException"),
        (RAW, "sam@demo.test", ["a@b.test"] * 51, "local", "BadRequestException"),
        (b"To: a@b.test\r\n\r\nx", "sam@demo.test", ["a@b.test"], "local", "BadRequestException"),
        (b"Subject: a\r\n" + RAW, "sam@demo.test", ["a@b.test"], "local", "BadRequestException"),
    ],
)
def test_a_refused_mail_is_not_kept(
    tmp_path: Path,
    raw: bytes,
    envelope: str,
    recipients: list[str],
    configuration_set: str,
    code: str,
) -> None:
    request = _request(
        raw, envelope=envelope, recipients=recipients, configuration_set=configuration_set
    )

    with pytest.raises(RefusedError) as refusal:
        _door(tmp_path).take(request)

    assert refusal.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_subdomain_of_a_proven_domain_may_send(tmp_path: Path) -> None:
    raw = RAW.replace(b"demo.test", b"mail.demo.test")

    assert _door(tmp_path).take(_request(raw, envelope="sam@mail.demo.test"))


def test_ses_writes_its_own_message_id_and_date_and_takes_its_headers_out() -> None:
    raw = RAW.replace(
        b"Subject",
        b"Message-ID: <ours@x>\r\nDate: never\r\nBcc: z@z.test\r\nX-SES-TENANT: t\r\nSubject",
    )
    kept = {
        "raw": base64.b64encode(raw).decode(),
        "ses_id": "0110-id",
        "sender": "sam@demo.test",
        "recipients": ["lea@lead.test"],
        "tags": {},
        "configuration_set": "local",
    }

    mail, sent = as_sent(kept, at=AT)

    names = [name for name, _ in mail.fields]
    assert names == [
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Date",
        "Feedback-ID",
        "X-SES-Outgoing",
    ]
    assert ("Message-ID", "<0110-id@eu-north-1.amazonses.com>") in mail.fields
    assert ("Date", "Mon, 02 Mar 2026 09:30:00 +0000") in mail.fields
    assert sent.endswith(b"\r\n\r\nHello\r\n")
    assert entry_of(mail, sent)["at"] == "2026-03-02T09:30:00Z"


def test_the_events_of_a_mail_without_a_configuration_set_are_nobodys() -> None:
    assert events_of(replace(SENT, configuration_set=None)) == []


def test_each_recipient_has_a_fate_of_its_own() -> None:
    bounced, complained = "bounce@simulator.amazonses.com", "complaint+x@simulator.amazonses.com"
    mail = replace(SENT, recipients=("lea@lead.test", bounced, complained))

    send, delivery, bounce, complaint = events_of(mail)

    assert send["send"] == {}
    assert delivery["delivery"]["recipients"] == ["lea@lead.test", complained]
    assert bounce["bounce"]["bounceType"] == "Permanent"
    assert bounce["bounce"]["bouncedRecipients"][0]["emailAddress"] == bounced
    assert complaint["complaint"]["complainedRecipients"] == [{"emailAddress": complained}]
    assert send["mail"]["tags"]["tenant"] == ["t1"]
    assert send["mail"]["commonHeaders"]["messageId"] == "0110-id"


def test_bounce_at_another_domain_is_a_person() -> None:
    assert len(events_of(replace(SENT, recipients=("bounce@lead.test",)))) == 2


def test_an_absent_person_answers_to_our_address_alone_and_threads() -> None:
    mail = replace(
        SENT,
        ses_id="0110" + "0123456789abcdef" * 4,
        recipients=("ooto@simulator.amazonses.com",),
        fields=(*SENT.fields, ("Reply-To", "Sam <sam@demo.test>, s-x@in.sekvens.test")),
    )

    ((sender, recipient, reply),) = out_of_office(mail)

    assert (sender, recipient) == ("ooto@simulator.amazonses.com", "s-x@in.sekvens.test")
    assert f"\r\nIn-Reply-To: <{mail.wire_id}>\r\n".encode() in reply


def _door(folder: Path) -> SendingDoor:
    return SendingDoor(
        folder=folder, identities=lambda: ["demo.test"], configuration_sets=lambda: ["local"]
    )


def _request(
    raw: bytes,
    *,
    envelope: str = "sam@demo.test",
    recipients: list[str] | None = None,
    configuration_set: str = "local",
) -> bytes:
    request = {
        "FromEmailAddress": envelope,
        "Destination": {"ToAddresses": recipients or ["lea@lead.test"]},
        "Content": {"Raw": {"Data": base64.b64encode(raw).decode()}},
        "ConfigurationSetName": configuration_set,
        "EmailTags": [{"Name": "tenant", "Value": "t1"}],
    }
    return json.dumps(request).encode()
