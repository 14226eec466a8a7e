"""Complaints of mailbox providers, and reports that are none."""

import base64
from datetime import date

import pytest

from chalicelib.domain.mail.message import Complaint, MessageKind
from chalicelib.domain.mail.parsing import parse_message
from chalicelib.domain.mail.verdicts import VerdictKind, decide_verdict

TOKEN = "r-" + "a" * 53
ARF = """From: feedback@provider.test
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b

An abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: X/1
Version: 1
Original-Rcpt-To: <Paula@customer.test>
Removal-Recipient: rfc822; paula@customer.test

--b
Content-Type: message/rfc822

Reply-To: {token}@in.sekvens.test
Subject: Forty chairs

Hello
--b--
"""
OUTLOOK = """From: staff@hotmail.com
Subject: complaint about message from 1.2.3.4
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: message/rfc822

X-HmXmrOriginalRecipient: <paula@customer.test>
Subject: Forty chairs

Hello
--b--
"""


def test_a_complaint_says_who_complains_and_about_which_mail() -> None:
    message = parse_message(ARF.format(kind="abuse", token=TOKEN).encode())

    assert message.kind is MessageKind.FEEDBACK
    assert message.complaint == Complaint(feedback_type="abuse", addresses=("paula@customer.test",))
    assert message.quoted_tokens == (TOKEN,)


def test_outlook_com_reports_in_its_own_form() -> None:
    message = parse_message(OUTLOOK.encode())

    assert message.complaint == Complaint(feedback_type="abuse", addresses=("paula@customer.test",))


@pytest.mark.parametrize(
    "kind, verdict",
    [
        ("abuse", VerdictKind.COMPLAINT),
        ("fraud", VerdictKind.COMPLAINT),
        ("opt-out", VerdictKind.COMPLAINT),
        ("", VerdictKind.COMPLAINT),
        ("not-spam", VerdictKind.UNRELATED),
        ("auth-failure", VerdictKind.UNRELATED),
    ],
)
def test_only_bad_news_is_a_complaint(kind: str, verdict: VerdictKind) -> None:
    message = parse_message(ARF.format(kind=kind, token=TOKEN).encode())

    decided = decide_verdict(message, received_on=date(2026, 7, 22), is_ours=False, is_answer=True)

    assert decided.kind is verdict


def test_a_token_in_letters_of_base64_is_found() -> None:
    raw = b"""From: MAILER-DAEMON@x.test
Subject: Undeliverable
Content-Transfer-Encoding: base64

""" + base64.encodebytes(f"returned: {TOKEN}@in.sekvens.test".encode())

    assert parse_message(raw).quoted_tokens == (TOKEN,)
