"""Replaying a mail finds its envelope in what the mail says."""

from email.message import Message
from email.parser import Parser

from infra.local.replay import envelope

BCC = "b-someone@in.sekvens.test"
FALLBACK = "b-admin@in.sekvens.test"


def headers(text: str) -> Message:
    return Parser().parsestr(text, headersonly=True)


def test_a_mail_goes_to_whoever_of_the_inbound_domain_stands_in_it() -> None:
    mail = headers(f"From: A <a@a.test>\nTo: c@c.test, {BCC}\nDelivered-To: {BCC}\n\n")

    assert envelope(mail, given=[], fallback=FALLBACK) == ("a@a.test", [BCC])


def test_a_mail_that_names_nobody_of_ours_goes_to_the_fallback() -> None:
    mail = headers("From: a@a.test\nTo: c@c.test\n\n")

    assert envelope(mail, given=[], fallback=FALLBACK) == ("a@a.test", [FALLBACK])


def test_whom_the_caller_names_stands_alone() -> None:
    mail = headers(f"Return-Path: <bounce@a.test>\nFrom: a@a.test\nTo: {BCC}\n\n")

    sender, recipients = envelope(mail, given=["x@in.sekvens.test"], fallback=FALLBACK)

    assert (sender, recipients) == ("bounce@a.test", ["x@in.sekvens.test"])


def test_a_bounce_has_no_sender() -> None:
    mail = headers(f"To: {BCC}\n\n")

    assert envelope(mail, given=[], fallback=FALLBACK) == ("", [BCC])
