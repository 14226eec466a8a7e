"""What SES adds to a mail it receives, and what it tells of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from infra.local.receipts import Arrival, Verdicts, judge, notification, stamped

ARRIVAL = Arrival(
    ses_id="id1",
    sender="lea@lead.test",
    recipients=("r@in.sekvens.test",),
    at=datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC),
    raw=b"From: Lea <lea@lead.test>\r\nTo: a@b.test, c@d.test\r\nSubject: Hi\r\n there\r\n\r\nx",
)
PASS = Verdicts(spf="PASS", dkim="PASS", dmarc="PASS")
FAIL = Verdicts(spf="FAIL", dkim="FAIL", dmarc="FAIL")


@pytest.mark.parametrize(
    "sender,header,verdicts",
    [
        ("lea@lead.test", b"From: lea@LEAD.test", PASS),
        ("bounces@mail.lead.test", b"From: lea@lead.test", FAIL),
        ("", b"From: lea@lead.test", FAIL),
        ("lea@lead.test", b"X: no from", FAIL),
        ("a@x.gray.test", b"From: a@x.gray.test", Verdicts(spf="PASS", dkim="PASS", dmarc="GRAY")),
        ("z@else.test", b"From: a@x.gray.test", Verdicts(spf="FAIL", dkim="FAIL", dmarc="GRAY")),
    ],
)
def test_an_envelope_of_the_same_domain_is_believed(
    sender: str, header: bytes, verdicts: Verdicts
) -> None:
    assert judge(sender, header + b"\r\n\r\nx") == verdicts


def test_the_mail_itself_stays_byte_for_byte() -> None:
    mail = stamped(ARRIVAL, PASS)

    assert mail.endswith(ARRIVAL.raw)
    assert mail.startswith(b"Return-Path: <lea@lead.test>\r\nReceived: from localhost")


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"no header at all", b"From: \xff\xfe <a@b>\n\nx", b":\n:\n"]
)
def test_no_mail_is_too_broken_to_be_taken(raw: bytes) -> None:
    arrival = replace(ARRIVAL, raw=raw)
    verdicts = judge(arrival.sender, raw)

    told = notification(arrival, verdicts, stamped(arrival, verdicts))

    assert json.loads(json.dumps(told))["mail"]["messageId"] == "id1"


def test_the_results_say_what_the_verdicts_say() -> None:
    gray = stamped(ARRIVAL, Verdicts(spf="PASS", dkim="PASS", dmarc="GRAY"))

    assert b"\r\n dkim=pass header.i=@lead.test;" in gray
    assert b"\r\n dmarc=none header.from=lead.test;" in gray
    assert b"dkim=fail" in stamped(ARRIVAL, FAIL)


@pytest.mark.parametrize(
    "sender, spelled",
    [
        ("lea+1@lead.test", b"lea+1@lead.test"),
        ("", b"<>"),
        ('"x; dkim=pass"@evil.test', b'"x; dkim=pass"@evil.test'),
        ("x; dkim=pass@evil.test", b'"x; dkim=pass"@evil.test'),
        ('"x\\"; y@evil.test', b'"\\"x\\\\\\"; y"@evil.test'),
        ("x\r\nBcc: y@evil.test;z", b'"xBcc: y"@evil.testz'),
        ("x;y", b"xy"),
    ],
)
def test_an_envelope_sender_never_reads_as_anything_else(sender: str, spelled: bytes) -> None:
    mail = stamped(replace(ARRIVAL, sender=sender), FAIL)

    assert b"envelope-from=" + spelled + b"; helo=localhost;" in mail
    assert b"\nBcc" not in mail


def test_a_notification_lists_headers_unfolded() -> None:
    told = notification(ARRIVAL, PASS, stamped(ARRIVAL, PASS))

    assert {"name": "Subject", "value": "Hi there"} in told["mail"]["headers"]
    assert told["mail"]["timestamp"] == "2026-03-02T09:30:15.123Z"
    assert told["mail"]["destination"] == ["a@b.test", "c@d.test"]
    assert told["mail"]["commonHeaders"]["from"] == ["Lea <lea@lead.test>"]
    assert told["mail"]["headersTruncated"] is False


def test_a_policy_is_named_only_when_dmarc_fails() -> None:
    passed = notification(ARRIVAL, PASS, ARRIVAL.raw)
    failed = notification(ARRIVAL, FAIL, ARRIVAL.raw)

    assert "dmarcPolicy" not in passed["receipt"]
    assert failed["receipt"]["dmarcPolicy"] == "none"


def test_a_header_over_ten_kilobytes_is_cut() -> None:
    raw = b"References: " + b"<a@b>" * 3000 + b"\r\n" + ARRIVAL.raw

    told = notification(replace(ARRIVAL, raw=raw), PASS, raw)

    assert told["mail"]["headersTruncated"] is True
    assert told["mail"]["headers"] == []
