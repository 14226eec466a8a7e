"""Bounces in words: told by who says it, and read by what stands near it."""

import pytest

from chalicelib.domain.mail.message import FailedRecipient, MessageKind
from chalicelib.domain.mail.parsing import parse_message

BODY = "Sorry.\n\n{phrase}\n\n  <nobody@b.test>\n"


def a_bounce(text: str, headers: str = "From: Mail System <postmaster@x.test>") -> bytes:
    return f"{headers}\nReturn-Path: <>\nTo: sally@n.test\n\n{text}".encode()


@pytest.mark.parametrize(
    "phrase",
    [
        "Your message could not be delivered to:",
        "The following recipients did not get it; the mailbox is full:",
        "Ihre Nachricht konnte nicht zugestellt werden:",
        "Ditt meddelande kunde inte levereras:",
        "送信先のメールボックスが一杯のため、送信できませんでした。",
        "Votre message n'a pas pu être remis :",
    ],
)
def test_a_bounce_in_words_names_whom_it_is_about(phrase: str) -> None:
    message = parse_message(a_bounce(BODY.format(phrase=phrase)))

    assert message.kind is MessageKind.BOUNCE
    assert message.failed == (FailedRecipient(address="nobody@b.test"),)
    assert (message.forwarded, message.signature) == (None, "")


def test_words_that_the_library_knows_are_read_by_it() -> None:
    text = (
        "This message was created automatically by mail delivery software.\n\n"
        "  pete@b.test\n    unrouteable\n\nThe following addresses had permanent fatal errors:\n"
        "<pete@b.test>\n<paula@c.test>\n\n   ----- Transcript of session follows -----\nx\n"
    )

    failed = parse_message(a_bounce(text)).failed

    assert [each.address for each in failed] == ["paula@c.test", "pete@b.test"]


@pytest.mark.parametrize(
    "text",
    [
        "Your message could not be delivered.",
        "Your message could not be delivered. Ask postmaster@x.test, sally@n.test.",
    ],
)
def test_a_bounce_may_name_nobody(text: str) -> None:
    message = parse_message(a_bounce(text))

    assert (message.kind, message.failed) == (MessageKind.BOUNCE, ())


@pytest.mark.parametrize(
    "headers",
    [
        "From: Paula <paula@a.test>\nSubject: Delivery",
        "From: Parcels <no-reply@parcels.test>\nSubject: Your parcel",
    ],
)
def test_a_person_or_a_shop_may_say_that_something_could_not_be_delivered(headers: str) -> None:
    raw = f"{headers}\n\nYour parcel could not be delivered to paula@a.test.".encode()

    assert parse_message(raw).kind is MessageKind.PLAIN


def test_a_machine_that_returns_a_mail_with_such_words_bounces_it() -> None:
    raw = (
        b"From: no-reply@x.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        b"Could not be delivered to <nobody@b.test>.\n--b\nContent-Type: message/rfc822\n\n"
        b"Subject: Chairs\n\nx\n--b--\n"
    )

    message = parse_message(raw)

    assert message.kind is MessageKind.BOUNCE
    assert "returns_original" in message.kind_signals
    assert [each.address for each in message.failed] == ["nobody@b.test"]


def test_a_report_without_its_report_is_bad_news() -> None:
    raw = (
        b"From: foo@x.test\nContent-Type: multipart/report; report-type=delivery-status; boundary=b"
        b"\n\n--b\n\nSorry\n--b--\n"
    )

    message = parse_message(raw)

    assert message.kind is MessageKind.BOUNCE
    assert message.kind_signals == ("delivery_status_report", "report_without_recipients")


def test_a_library_that_raises_costs_only_a_note(caplog: pytest.LogCaptureFixture) -> None:
    message = parse_message(
        a_bounce("User unknown", headers="From: \n\tpostmaster <>\nSubject: failure notice")
    )

    assert message.kind is MessageKind.BOUNCE
    assert set(message.defects) <= {"prose_unreadable"}


@pytest.mark.parametrize(
    "text, is_hard",
    [
        ("<a@b.test>: 550 5.1.1 User unknown", True),
        ("a@b.test\nThis is a permanent error.", True),
        ("a@b.test does not exist", True),
        ("Die Adresse a@b.test existiert nicht: konnte nicht zugestellt werden", True),
        ("送信できませんでした a@b.test 宛先不明", True),
        ("a@b.test: mailbox is full (552)", False),
        ("a@b.test: 450 4.2.1 user unknown, we will retry", False),
        ("Delivery to the following recipient has been delayed: a@b.test", False),
        ("a@b.test could not be delivered", False),
        ("a@b.test could not be delivered on 12.5.1.1.2", False),
    ],
)
def test_only_what_says_that_it_is_for_ever_is_hard(text: str, is_hard: bool) -> None:
    headers = "From: MAILER-DAEMON@x.test\nSubject: Undeliverable\nX-Failed-Recipients: a@b.test"

    (failed,) = parse_message(a_bounce(text, headers)).failed

    assert (failed.address, failed.is_hard) == ("a@b.test", is_hard)
