"""No mail makes the reader raise, or takes it longer than its length is worth.

`make hostile MAILS=directory` tries every mail of a directory in every distortion.
"""

import time
from pathlib import Path

import pytest

from chalicelib.domain.mail.message import Message
from chalicelib.domain.mail.parsing import parse_message
from tests.domain.mail.distortions import distorted, mails, octets_of

MOST_SECONDS = 1.0
MEGABYTE = 1024 * 1024
RAISED = ("unreadable", "not_split")
"""How the notes end that stand for a reader which raised."""


def read(raw: bytes) -> tuple[Message, float]:
    """Read a mail; return it and the seconds of this process that it took."""
    begun = time.process_time()
    message = parse_message(raw)
    return message, time.process_time() - begun


@pytest.mark.parametrize("mail", mails(), ids=lambda path: path.name)
def test_a_distorted_mail_is_read_in_time_without_any_reader_raising(mail: Path) -> None:
    troubles: list[tuple[str, object]] = []

    for name, raw in distorted(octets_of(mail)):
        message, spent = read(raw)
        troubles += [(name, each) for each in message.defects if each.endswith(RAISED)]
        troubles += [(name, spent)] if spent > MOST_SECONDS else []

    assert troubles == []


def nested_multiparts(depth: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth)
    )
    return head + b"Content-Type: text/plain\n\nx"


HOSTILE = {
    "multiparts in multiparts": nested_multiparts(900),
    "a boundary everywhere": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b" * 100_000,
    "a boundary of spaces": b"Content-Type: multipart/mixed; boundary=' '\n\n" + b"--  \n" * 9_000,
    "a parameter without value": b"Content-Type: text/plain; name*\n\nx",
    "a parameter of many pieces": b"Content-Type: a/b"
    + b"".join(b"; n*%d*=x" % at for at in range(3_000))
    + b"\n\nx",
    "an open quote": b'To: "\n\nx',
    "many open quotes": b'To: "' + b'\\" ' * 20_000 + b"\n\nx",
    "a group without a name": b"Cc: (x): a@b;\n\nx",
    "many angle brackets": b"From: " + b"<" * 20_000 + b"\n\nx",
    "an id in brackets": b"Message-ID: <[a@microsoft.com]>\n\nx",
    "many ids": b"In-Reply-To: " + b"<" * 30_000 + b"\n\nx",
    "a long folded header": b"Subject: x\n" + b" y\n" * 50_000 + b"\nx",
    "headers without end": b"A: b\n" * 100_000,
    "a header without end": b"Subject: " + b"x" * MEGABYTE,
    "a date of digits": b"Date: " + b"1" * 20_000 + b"\n\nx",
    "senders": b"Subject: Fwd: x\n\n" + b"From: a\n" * 5_000,
    "a snowballed quotation": b"Subject: Re: x\n\n"
    + b"".join(b">" * (at % 400) + b" On Monday, a@b.test wrote:\n" for at in range(25_000)),
    "quotations in quotations": b"Content-Type: text/html\n\n" + b"<blockquote>" * 40_000,
    "clients' marks": b"Content-Type: text/html\n\n" + b'<div class="gmail_quote">x' * 20_000,
    "an open tag": b"Content-Type: text/html\n\n<div " + b"class=gmail_quote " * 20_000,
    "half tags": b"Content-Type: text/html\n\n" + b"<" * 100_000,
    "entities": b"Content-Type: text/html\n\n" + b"&amp;" * 60_000,
    "attributes": b"Content-Type: text/html\n\n<p " + b"a=b " * 50_000 + b">x",
    "base64 of nothing": b"Content-Transfer-Encoding: base64\n\n" + b"=" * 300_000,
    "soft line ends": b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 150_000,
    "lines of uuencode": b"Content-Transfer-Encoding: x-uuencode\n\n" + b"M\n" * 100_000,
    "a calendar without end": b"Content-Type: text/calendar\n\n" + b"ATTENDEE;" * 30_000,
    "a folded calendar": b"Content-Type: text/calendar\n\nA:" + b"\n " * 100_000,
    "a winmail.dat of properties": b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22"
    + b"\x01" * 200_000,
    "reports without end": b"From: MAILER-DAEMON\nContent-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@b.test\nAction: failed\n\n" * 5_000,
    "a bounce of phrases": b"From: MAILER-DAEMON\nSubject: Undeliverable\n\n"
    + b"user unknown <a@b.test>\n" * 5_000,
    "tokens": b"From: MAILER-DAEMON\nSubject: Undeliverable\n\n" + b"r-" * 100_000,
    "a note of absence": b"Auto-Submitted: auto-replied\n\n" + b"back on 1.1. until 2.2.-" * 9_000,
    "a zip bomb of encoded words": b"Subject: " + b"=?utf-7?Q?+AAA-?= " * 1_800 + b"\n\nx",
}
CHARSETS = (
    "unknown-8bit", "cp-850", "iso-8859-8-i", "windows-874", "x-user-defined", "", "utf-8 junk",
    "gb2312", "utf-7", "utf-16", "utf-32", "idna", "rot13", "zlib", "\x00", "x" * 5_000,
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_in_time_without_any_reader_raising(name: str) -> None:
    message, spent = read(HOSTILE[name])

    assert [each for each in message.defects if each.endswith(RAISED)] == []
    assert spent < MOST_SECONDS


@pytest.mark.parametrize("charset", CHARSETS)
def test_whatever_a_charset_is_called_there_is_a_text(charset: str) -> None:
    octets = f'Content-Type: text/plain; charset="{charset}"\n\n'.encode() + b"caf\xe9 +AOk-"

    message, _ = read(octets)

    assert message.text != ""
    assert message.text.encode("utf-8", "strict") != b""


def test_time_grows_no_faster_than_the_attachment() -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
    head += b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    small, large = (head + b"QUJD" * 18 * count for count in (14_000, 140_000))

    (first, quick), (second, slow) = read(small), read(large)

    assert [len(each.attachments) for each in (first, second)] == [1, 1]
    assert quick < MOST_SECONDS
    assert slow < MOST_SECONDS + 0.1 * len(large) / MEGABYTE
