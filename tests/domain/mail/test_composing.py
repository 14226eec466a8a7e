"""A mail as we write it, read by our own reader."""

from dataclasses import replace

import pytest

from chalicelib.domain.ids import WireId
from chalicelib.domain.mail.composing import Draft, compose
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.parsing import parse_message


def a_draft() -> Draft:
    return Draft(
        sender_name="Sally Sällér",
        sender="sally@northwind.test",
        reply_to=("sally@northwind.test", "r-token@in.sekvens.test"),
        to=("paula@acme.test",),
        subject="Grüße",
        html="<p>Hello</p>",
        text="Hello",
    )


def test_a_mail_that_we_write_reads_as_it_was_meant() -> None:
    message = parse_message(compose(a_draft()))

    assert message.from_ == (Mailbox("sally@northwind.test", "Sally Sällér"),)
    assert message.to == (Mailbox("paula@acme.test"),)
    assert (message.subject, message.text.strip(), message.html.strip()) == (
        "Grüße",
        "Hello",
        "<p>Hello</p>",
    )
    assert message.defects == ()
    assert message.ancestors == ()


def test_a_follow_up_names_what_it_follows() -> None:
    follow_up = replace(a_draft(), in_reply_to=WireId("2@x.test"), references=(WireId("1@x.test"),))

    message = parse_message(compose(follow_up))

    assert message.in_reply_to == ("2@x.test",)
    assert message.references == ("1@x.test", "2@x.test")


def test_a_line_break_adds_no_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        compose(replace(a_draft(), subject="x\r\nBcc: eve@evil.test"))


def test_the_long_ids_of_ses_stand_on_the_wire_as_they_are() -> None:
    wire_id = WireId(f"{'0' * 60}-000000@eu-north-1.amazonses.com")
    follow_up = replace(a_draft(), in_reply_to=wire_id, references=(WireId(f"1{wire_id}"),))

    lines = compose(follow_up).split(b"\r\n")

    assert f"In-Reply-To: <{wire_id}>".encode() in lines
    assert f"References: <1{wire_id}>".encode() in lines
    assert f" <{wire_id}>".encode() in lines


def test_an_id_that_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="evil"):
        compose(replace(a_draft(), in_reply_to=WireId("1@x.test>\r\nBcc: <eve@evil.test")))


def test_a_long_subject_is_folded_into_words_that_every_client_reads() -> None:
    subject = "Hei på deg, dette er en ganske lang emnelinje med ærlige æøå bokstaver utover"

    head = compose(replace(a_draft(), subject=subject)).partition(b"\r\n\r\n")[0]

    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert parse_message(compose(replace(a_draft(), subject=subject))).subject == subject
