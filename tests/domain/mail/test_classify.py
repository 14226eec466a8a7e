"""What kind of mail it is, and by which signals."""

import pytest

from chalicelib.domain.mail.message import FailedRecipient, MessageKind
from chalicelib.domain.mail.parsing import parse_message

DSN = """From: {sender}
Subject: {subject}
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Text
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

{fields}
--b--
"""
FAILED = "Final-Recipient: rfc822; A@b.test\nAction: failed\nStatus: 5.1.1"


def a_report(fields: str, sender: str = "x@y.test", subject: str = "x") -> bytes:
    return DSN.format(fields=fields, sender=sender, subject=subject).encode()


@pytest.mark.parametrize(
    "fields, expected",
    [
        (FAILED, FailedRecipient(address="a@b.test", status="5.1.1", is_hard=True)),
        (
            "Original-Recipient: rfc822;a@b.test\nAction: Failed\nStatus: 4.2.2 (full)",
            FailedRecipient(address="a@b.test", status="4.2.2"),
        ),
        (
            "Final-Recipient: rfc822;a@b.test\nAction: delayed\nStatus: 5.0.0",
            FailedRecipient(address="a@b.test", status="5.0.0"),
        ),
        (
            "Final-Recipient: rfc822;a@b.test\nAction: failed\nDiagnostic-Code: smtp; 550 no",
            FailedRecipient(address="a@b.test", is_hard=True),
        ),
    ],
)
def test_a_report_names_whom_it_is_about(fields: str, expected: FailedRecipient) -> None:
    message = parse_message(a_report(fields))

    assert (message.kind, message.failed) == (MessageKind.BOUNCE, (expected,))


@pytest.mark.parametrize(
    "fields",
    [
        "Final-Recipient: rfc822;a@b.test\nAction: delivered\nStatus: 2.0.0",
        "Final-Recipient: rfc822;nobody\nAction: failed\nStatus: 5.0.0",
        "Action: failed",
    ],
)
def test_a_report_of_no_failure_fails_nobody(fields: str) -> None:
    assert parse_message(a_report(fields)).failed == ()


def test_a_delivery_that_worked_is_no_bounce() -> None:
    fields = "Final-Recipient: rfc822;a@b.test\nAction: delivered\nStatus: 2.0.0"

    assert parse_message(a_report(fields)).kind is MessageKind.PLAIN


@pytest.mark.parametrize(
    "headers, kind",
    [
        ("X-Failed-Recipients: a@b.test, <c@d.test> x", MessageKind.BOUNCE),
        ("From: MAILER-DAEMON\nSubject: Undeliverable", MessageKind.BOUNCE),
        ("From: postmaster@x.test\nSubject: Delivery failure", MessageKind.BOUNCE),
        ("From: postmaster@x.test\nReturn-Path: <>", MessageKind.PLAIN),
        (
            "From: postmaster@x.test\nReturn-Path: <>\nSubject: Automatic reply: Undeliverable",
            MessageKind.AUTO_REPLY,
        ),
        ("Auto-Submitted: auto-replied (vacation)", MessageKind.AUTO_REPLY),
        ("Auto-Submitted: auto-generated; x=y", MessageKind.AUTO_REPLY),
        ("Auto-Submitted: no", MessageKind.PLAIN),
        ("Auto-Submitted: auto-forwarded", MessageKind.PLAIN),
        ("X-Auto-Response-Suppress: All", MessageKind.PLAIN),
        ("X-Auto-Response-Suppress: All\nSubject: Out of Office: x", MessageKind.AUTO_REPLY),
        ("X-Autoreply: yes", MessageKind.AUTO_REPLY),
        ("X-Autoreply: no", MessageKind.PLAIN),
        ("X-Apple-Action: VACATION", MessageKind.AUTO_REPLY),
        ("Precedence: auto_reply", MessageKind.AUTO_REPLY),
        ("Precedence: list", MessageKind.PLAIN),
        ("Precedence: junk", MessageKind.PLAIN),
        ("Precedence: bulk\nReturn-Path: <>", MessageKind.PLAIN),
        ("Subject: Abwesenheitsnotiz\nIn-Reply-To: <1@x>", MessageKind.AUTO_REPLY),
        ("Subject: Frånvaro\nReturn-Path: <>", MessageKind.AUTO_REPLY),
        ("Subject: I was away from my desk", MessageKind.PLAIN),
        (
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            MessageKind.AUTO_REPLY,
        ),
        ("Content-Type: text/calendar; method=REPLY", MessageKind.CALENDAR),
        ("Content-Type: text/calendar\nContent-Disposition: attachment", MessageKind.PLAIN),
        ("Content-Type: message/feedback-report", MessageKind.FEEDBACK),
        ("Subject: Re: Forty chairs", MessageKind.PLAIN),
    ],
)
def test_named_signals_tell_the_kind(headers: str, kind: MessageKind) -> None:
    assert parse_message(f"{headers}\n\nx".encode()).kind is kind


def test_the_signals_that_told_the_kind_are_kept() -> None:
    message = parse_message(b"Auto-Submitted: auto-replied\nReturn-Path: <>\n\nx")

    assert message.kind_signals == ("auto_submitted", "null_return_path")


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Forty chairs",
        "Out of Office: Re: Forty chairs",
        "Autosvar: Fyrtio stolar",
        "Automatisk svar: Forty chairs",
        "Automaattinen vastaus: Forty chairs",
        "Automatische Antwort: Forty chairs",
        "Abwesenheitsnotiz: Forty chairs",
        "Automatisch antwoord: Forty chairs",
        "Réponse automatique : Forty chairs",
        "Respuesta automática: Forty chairs",
        "Resposta automática: Forty chairs",
        "Risposta automatica: Forty chairs",
        "Automatyczna odpowiedź: Forty chairs",
        "Автоматический ответ: Forty chairs",
        "自动答复: Forty chairs",
        "自動応答：Forty chairs",
        "자동 회신: Forty chairs",
    ],
)
def test_the_words_of_the_client_tell_a_note_of_absence(subject: str) -> None:
    raw = f"Subject: {subject}\nIn-Reply-To: <1@n.test>\n\nSee below.".encode()

    assert parse_message(raw).kind is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Monday.",
        "Jag är på semester till och med 9 augusti.",
        "Jeg er på ferie.",
        "Jeg er ude af kontoret.",
        "Olen lomalla 9.8. asti.",
        "Ich bin nicht im Büro.",
        "Ik ben op vakantie.",
        "Je suis absent du bureau.",
        "Estoy fuera de la oficina.",
        "Estou de férias.",
        "Sono in ferie.",
        "Jestem na urlopie.",
    ],
)
def test_words_of_absence_count_only_beside_what_machines_leave(text: str) -> None:
    machine = f"Return-Path: <>\nPrecedence: bulk\nSubject: Re: x\n\n{text}".encode()
    person = f"Subject: Re: x\nIn-Reply-To: <1@n.test>\n\n{text}".encode()

    kinds = [parse_message(machine).kind, parse_message(person).kind]

    assert kinds == [MessageKind.AUTO_REPLY, MessageKind.PLAIN]


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Automatic reply: Forty chairs",
        "SV: Autosvar: Fyrtio stolar",
        "AW: Abwesenheitsnotiz",
        "Vacation plans",
        "Office chairs, out of stock",
    ],
)
def test_an_answer_to_a_note_of_absence_is_a_persons(subject: str) -> None:
    raw = f"Subject: {subject}\nIn-Reply-To: <1@n.test>\n\nI am away as well.".encode()

    assert parse_message(raw).kind is MessageKind.PLAIN


@pytest.mark.parametrize(
    "header",
    [
        "X-Autoreply-From: a@b.test",
        "X-Precedence: auto_reply",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "Delivered-To: Autoresponder",
        "X-POST-MessageClass: 9; Autoresponder",
        "X-Mailer: vacation 1.2.7.0",
    ],
)
def test_headers_made_for_the_purpose_suffice(header: str) -> None:
    assert parse_message(f"{header}\nSubject: x\n\nx".encode()).kind is MessageKind.AUTO_REPLY
