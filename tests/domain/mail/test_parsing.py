"""Any bytes are read; none raise."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.mail.budget import Budget
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.message import Mailbox, MessageKind
from chalicelib.domain.mail.parsing import parse_message

SCRAPS = st.sampled_from(
    [
        b"From: ",
        b"To: (((",
        b"Subject: =?utf-8?B?4pyT?= =?x?q?=ff?=",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: text/html; charset=utf-7",
        b"Content-Type: message/rfc822",
        b"Content-Type: message/delivery-status",
        b"Content-Disposition: attachment; filename*0*=utf-8''a%20; filename*1=b",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Date: Mon, 99 Xxx 20000 99:99:99 +9999",
        b"Message-ID: <<<[x",
        b"Final-Recipient: rfc822; a@b",
        b"Action: failed",
        b"--b",
        b"--b--",
        b"",
        b"begin 644 x",
        b"<p><blockquote>&amp;",
        b"> On Monday x@y wrote:",
        b"\xff\xfe\x00+2AA-",
    ]
)


@given(st.binary(max_size=2000))
def test_arbitrary_bytes_never_raise(raw: bytes) -> None:
    parse_message(raw)


@given(st.lists(st.one_of(SCRAPS, st.binary(max_size=20)), max_size=60), st.booleans())
def test_scraps_of_mails_never_raise_and_can_be_written_down(
    lines: list[bytes], has_crlf: bool
) -> None:
    message = parse_message((b"\r\n" if has_crlf else b"\n").join(lines))

    (message.subject + message.text + message.html).encode()
    assert message.kind in MessageKind


def test_a_plain_mail_is_read() -> None:
    message = parse_message(
        b"From: =?utf-8?q?J=C3=BCrgen?= <J@Example.TEST>\r\n"
        b'To: "Doe, Jane" <jane@acme.test>, Doe, John <john@acme.test>\r\n'
        b"Cc: x@acme.test (Mr. X)\r\n"
        b"Subject: A folded\r\n subject\r\n"
        b"Date: Mon, 2 Mar 2026 10:00:00 +0100\r\n"
        b"Message-ID: <1@example.test>\r\n"
        b"In-Reply-To: <0@example.test>\r\n"
        b"References: <00@example.test>\r\n <0@example.test>\r\n"
        b"\r\n"
        b"Hello\r\n"
    )

    assert message.from_ == (Mailbox("j@example.test", "Jürgen"),)
    assert message.to == (
        Mailbox("jane@acme.test", "Doe, Jane"),
        Mailbox("john@acme.test", "Doe, John"),
    )
    assert message.cc == (Mailbox("x@acme.test", "Mr. X"),)
    assert message.recipients == (*message.to, *message.cc)
    assert message.subject == "A folded subject"
    assert message.dated_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert message.message_id == "1@example.test"
    assert message.ancestors == ("0@example.test", "00@example.test")
    assert message.text == "Hello\n"
    assert message.defects == ()


def test_the_parts_of_a_mail_are_sorted() -> None:
    message = parse_message(
        b"Content-Type: multipart/mixed; boundary=outer\n\npreamble\n"
        b"--outer\nContent-Type: multipart/alternative; boundary=inner\n\n"
        b"--inner\nContent-Type: text/plain; charset=iso-8859-1\n"
        b"Content-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe\n"
        b"--inner\nContent-Type: text/html\n\n<p>Gr&uuml;&szlig;e<script>x()</script></p>\n"
        b"--inner--\n"
        b"--outer\nContent-Type: application/pdf\n"
        b"Content-Disposition: attachment; filename*=utf-8''%C3%BCber%2F..%2F.offer.pdf\n"
        b"Content-Transfer-Encoding: base64\n\nJVBERg\n"
        b"--outer\nContent-Type: message/rfc822\n\nFrom: Inner <inner@acme.test>\n\nInside\n"
        b"--outer--\nepilogue"
    )

    assert message.text == "Grüße"
    assert message.html == "<p>Grüße</p>"
    assert [each.name for each in message.attachments] == ["offer.pdf", ""]
    assert message.attachments[0].content == b"%PDF"
    assert message.forwarded_from == (Mailbox("inner@acme.test", "Inner"),)


def test_a_broken_line_among_headers_is_passed_over() -> None:
    message = parse_message(b"Subject: x\nquite a: broken line\nFrom: p@a.test\n\nBody")

    assert message.from_ == (Mailbox("p@a.test"),)
    assert (message.text, message.defects) == ("Body", ("broken_header",))


def test_an_equals_sign_before_a_soft_line_break_stays() -> None:
    message = parse_message(b"Content-Transfer-Encoding: quoted-printable\n\na==\nb=3D\n")

    assert message.text == "a=b=\n"


@pytest.mark.parametrize("codec", ["euc_jp", "shift_jis"])
def test_japanese_in_another_dress_is_read(codec: str) -> None:
    raw = b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + "椅子を四十".encode(codec)

    assert parse_message(raw).text == "椅子を四十"


def test_a_mail_of_html_alone_has_a_text() -> None:
    message = parse_message(
        b"Content-Type: text/html; charset=utf-8\n\n"
        b"<title>t</title><table><tr><td>a</td><td>b</td></tr></table><p>c<br>d</p>"
        b"<blockquote>e</blockquote><img src='http://spy.test/x'>"
    )

    assert message.text == "a b\n\nc\nd\n\n> e"
    assert "spy.test" not in message.html


@pytest.mark.parametrize(
    "raw, defect",
    [
        (b"Subject: x\nno header\n\nbody", "headers_end_without_blank_line"),
        (b"a: b\n" * 1001 + b"\nx", "too_many_headers"),
        (b"a: " + b"b" * 40_000 + b"\n c\n\nx", "header_too_long"),
        (b"To: " + b"a@b.test, " * 1001 + b"\n\nx", "too_many_addresses"),
        (b"Content-Type: multipart/mixed\n\nx", "no_boundary"),
        (b"Content-Type: multipart/mixed; boundary=b\n\nx", "boundary_not_found"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx", "last_boundary_missing"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 2000, "too_many_parts"),
        (b"Content-Type: message/rfc822\n\n" * 30, "too_deep"),
        (b"Subject: x\n\n\xe9t\xe9", "charset_guessed"),
    ],
)
def test_what_is_amiss_is_noted(raw: bytes, defect: str) -> None:
    assert defect in parse_message(raw).defects


def test_what_lies_beyond_the_budget_is_cut_off() -> None:
    tiny = Budget(octets=20, text_characters=4)

    message = parse_message(b"Subject: x\n\n123456789", budget=tiny)

    assert message.text == "1234"
    assert message.defects == ("too_large", "text_too_long")


def test_a_reader_that_raises_costs_only_a_note() -> None:
    defects = Defects()

    def broken() -> str:
        raise RecursionError

    assert defects.guard("reader", broken, otherwise="nothing") == "nothing"
    assert defects.names == ("reader",)


HOSTILE = {
    "many empty parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 100_000,
    "many semicolons": b"Content-Type: text/plain" + b";" * 8_000 + b"\n\nx",
    "many parameters": b"Content-Type: text/plain" + b";a=b" * 8_000 + b"\n\nx",
    "many addresses": b"To: " + b"a@b.test," * 4_000 + b"\n\nx",
    "nested comments": b"From: " + b"(" * 2_000 + b"a@b.test\n\nx",
    "nested messages": b"Content-Type: message/rfc822\n\n" * 900 + b"x",
    "many line ends": b"Subject: x\n\n" + b"\n" * 50_000,
    "words without end": b"Subject: " + b"=?a?q?" * 5_000 + b"\n\nx",
    "an intro without end": b"Subject: x\n\nOn " + b"a " * 10_000,
    "many intros": b"Subject: x\n\n" + b"On x@y wrote:\n> z\nok\n" * 5_000,
    "nested tags": b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
    "many tags": b"Content-Type: text/html\n\n" + b"<p>x</p>" * 20_000,
    "many references": b"References: " + b"<a@b> " * 5_000 + b"\n\nx",
    "many forwards": b"Subject: x\n\n" + b"--- Forwarded message\nFrom: a\n" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_in_time(name: str) -> None:
    begun = time.process_time()

    parse_message(HOSTILE[name])

    assert time.process_time() - begun < 1
