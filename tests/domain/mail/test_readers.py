"""The small readers: addresses, charsets, encodings, headers, dates, parameters, ids."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.mail.addresses import parse_addresses
from chalicelib.domain.mail.bodies import safe_name
from chalicelib.domain.mail.charsets import decode
from chalicelib.domain.mail.dates import parse_date
from chalicelib.domain.mail.encodings import decode_transfer
from chalicelib.domain.mail.headers import decode_words
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.parameters import split_parameters
from chalicelib.domain.mail.wire_ids import parse_wire_ids


@pytest.mark.parametrize(
    "header, expected",
    [
        ("", []),
        ("a@b.test", [("a@b.test", "")]),
        ("<a@b.test>", [("a@b.test", "")]),
        ("A B <A@B.test>", [("a@b.test", "A B")]),
        ('"B, A" <a@b.test>, c@d.test', [("a@b.test", "B, A"), ("c@d.test", "")]),
        ("B, A <a@b.test>", [("a@b.test", "B, A")]),
        ("a@b.test; c@d.test", [("a@b.test", ""), ("c@d.test", "")]),
        ("a@b.test (Mr. (a) B)", [("a@b.test", "Mr. a B")]),
        ("Team: a@b.test, c@d.test;", [("a@b.test", ""), ("c@d.test", "")]),
        ("undisclosed-recipients:;", []),
        ("mailto:a@b.test", [("a@b.test", "")]),
        ("A [mailto:a@b.test]", [("a@b.test", "A")]),
        ("<mailto:a@b.test>", [("a@b.test", "")]),
        ("<@x.test:a@b.test>", [("a@b.test", "")]),
        ("a@b.test <a@b.test>", [("a@b.test", "a@b.test")]),
        ("'A' <a@b.test", [("a@b.test", "'A'")]),
        ('"a\\"b" <a@b.test>', [("a@b.test", 'a"b')]),
        ("A \\B <a@b.test>", [("a@b.test", "A B")]),
        ("=?utf-8?q?J=C3=BC?= <a@b.test>", [("a@b.test", "Jü")]),
        ("A <>, b@c.test", [("b@c.test", "A")]),
        ("x@, @y, z", []),
        ("MAILER-DAEMON (Mail System)", [("mailer-daemon", "mailer-daemon")]),
        ("Mailer-Daemon <>", [("", "mailer-daemon")]),
        (")a@b.test(", [("a@b.test", "")]),
        ("a" * 600 + "@b.test", []),
    ],
)
def test_an_address_header_is_read(header: str, expected: list[tuple[str, str]]) -> None:
    assert parse_addresses(header, most=10) == tuple(Mailbox(*each) for each in expected)


def test_only_so_many_addresses_are_read() -> None:
    assert len(parse_addresses("a@b.test, " * 30, most=10)) == 10


@pytest.mark.parametrize(
    "octets, declared, text, rung",
    [
        (b"plain", "utf-8", "plain", "ascii"),
        (b"\xef\xbb\xbfmark", "latin1", "mark", "bom"),
        (b"\xff\xfea\x00", "", "a", "bom"),
        ("ü".encode(), "utf-8", "ü", "declared"),
        ("üüü".encode(), "utf-8", "üüü", "utf-8"),
        ("中文".encode(), "big5", "中文", "utf-8"),
        ("Ã‚".encode("cp1252"), "iso-8859-1", "Ã‚", "declared"),
        (b"\xfc", "iso-8859-1", "ü", "declared"),
        (b"\x80", "iso-8859-1", "€", "declared"),
        ("中".encode("gb18030"), "GB2312", "中", "declared"),
        ("ä".encode(), "no-such-charset", "ä", "utf-8"),
        ("ä".encode(), "zlib", "ä", "utf-8"),
        ("ä".encode(), "unicode_escape", "ä", "utf-8"),
        ("ä".encode(), "a\x00b", "ä", "utf-8"),
        ("äöüäöü".encode() + b"\xe4", "utf-8", "äöüäöü\ufffd", "utf-8-repaired"),
        (b"caf\xe9", "utf-8", "café", "cp1252"),
        (b"\x81", "utf-8", "\x81", "latin-1"),
        (b"+2AA-", "utf-7", "+2AA-", "utf-8"),
        (b"+AOQ-", "utf-7", "ä", "declared"),
        (b"\x1b$B$3\x1b(B", "iso-2022-jp", "こ", "declared"),
    ],
)
def test_bytes_become_text_by_the_first_rung_that_holds(
    octets: bytes, declared: str, text: str, rung: str
) -> None:
    assert decode(octets, declared) == (text, rung)


@pytest.mark.parametrize(
    "octets, encoding, expected",
    [
        (b"aGVsbG8=", "base64", b"hello"),
        (b"aGVs!bG8", "base64", b"hello"),
        (b"aGVsbG8A=x", "base64", b"hello\x00"),
        (b"aGVsb", "base64", b"hel"),
        (b"a=3Db=\nc", "quoted-printable", b"a=bc"),
        (b"begin 644 x\n%:&5L;&\\\nend\nmore", "x-uuencode", b"hello"),
        (b"begin 644 x\n\xff\xff\n%:&5L;&\\\n", "uuencode", b"hello"),
        (b"as it is", "8bit", b"as it is"),
        (b"as it is", "", b"as it is"),
    ],
)
def test_a_transfer_encoding_is_undone_as_far_as_it_goes(
    octets: bytes, encoding: str, expected: bytes
) -> None:
    assert decode_transfer(octets, encoding) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("plain", "plain"),
        ("=?utf-8?B?w7w=?=", "ü"),
        ("=?utf-8?Q?a_b?= c", "a b c"),
        ("=?utf-8?B?w7w=?= =?utf-8?B?w7w=?=", "üü"),
        ("=?utf-8?B?ww==?= =?UTF-8?B?vA==?=", "ü"),
        ("=?utf-8?B?w7w=?= =?iso-8859-1?Q?=FC?=", "üü"),
        ("a =?utf-8?B?w7w=?= b", "a ü b"),
        ("=?utf-8?X?w7w=?=", "=?utf-8?X?w7w=?="),
        ("=?utf-8?B?w7", "=?utf-8?B?w7"),
        ("a\x00b\r\nc", "a b c"),
    ],
)
def test_encoded_words_are_read_as_people_see_them(text: str, expected: str) -> None:
    assert decode_words(text) == expected


@pytest.mark.parametrize(
    "header, expected",
    [
        ("Mon, 2 Mar 2026 10:00:00 +0100", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)),
        ("2 Mar 2026 10:00 GMT", datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 10:00:00 +9999", datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("Mon, 31 Feb 2026 10:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_read_where_there_is_one(header: str, expected: datetime | None) -> None:
    assert parse_date(header) == expected


@pytest.mark.parametrize(
    "header, value, parameters",
    [
        ("Text/Plain; Charset=UTF-8", "text/plain", {"charset": "UTF-8"}),
        ('a/b; name="x;\\"y"; z = 1', "a/b", {"name": 'x;"y', "z": "1"}),
        ("a/b; name=1; name=2", "a/b", {"name": "1"}),
        ("a/b; name*=utf-8'en'%C3%BC", "a/b", {"name": "ü"}),
        ("a/b; name*0=a; name*1=b", "a/b", {"name": "ab"}),
        ("a/b; name*1*=%62; name*0*=utf-8''a%20", "a/b", {"name": "a b"}),
        ("a/b; name*=%41", "a/b", {"name": "A"}),
        ("a/b; name==?utf-8?q?=C3=BC?=", "a/b", {"name": "ü"}),
        ('a/b; name="never closed', "a/b", {"name": "never closed"}),
        (";;; =; x", "", {}),
    ],
)
def test_parameters_are_read(header: str, value: str, parameters: dict[str, str]) -> None:
    assert split_parameters(header) == (value, parameters)


def test_only_so_many_parameters_are_read() -> None:
    header = "a/b" + "".join(f"; p{each}=x" for each in range(300))

    assert len(split_parameters(header)[1]) == 100


@pytest.mark.parametrize(
    "header, expected",
    [
        ("<a@b> <c@d>", ["a@b", "c@d"]),
        ("<a@b>\r\n (why) <a@b>", ["a@b"]),
        ("a@b c@d", ["a@b", "c@d"]),
        ("< a @ b >", ["a@b"]),
        ("from Paula on Monday", []),
    ],
)
def test_message_ids_are_read_as_clients_write_them(header: str, expected: list[str]) -> None:
    assert list(parse_wire_ids(header, most=9)) == expected


@pytest.mark.parametrize(
    "name, expected",
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\x.exe", "x.exe"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("..", ""),
        ("x" * 200, "x" * 150),
    ],
)
def test_a_file_name_is_made_safe(name: str, expected: str) -> None:
    assert safe_name(name) == expected
