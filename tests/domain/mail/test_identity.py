"""Which message it is, however it travelled."""

from chalicelib.domain.ids import WireId
from chalicelib.domain.mail.identity import content_digest, message_key

MAIL = b"From: a@b.test\r\nSubject: A\r\n b\r\nMessage-ID: <1@b.test>\r\n\r\nHello\r\nyou\r\n"


def test_headers_added_on_the_way_and_line_ends_do_not_count() -> None:
    travelled = b"Received: from x\nX-Spam: no\n" + MAIL.replace(b"\r\n", b"\n").replace(
        b"A\n b", b"A   b"
    )

    assert content_digest(travelled) == content_digest(MAIL)


def test_what_people_wrote_counts() -> None:
    assert content_digest(MAIL.replace(b"you", b"her")) != content_digest(MAIL)
    assert content_digest(MAIL.replace(b"a@b", b"c@b")) != content_digest(MAIL)


def test_a_message_is_named_by_its_id_and_its_content() -> None:
    key = message_key(WireId("1@b.test"), b"digest")

    assert key == "6sfwdpyd2ekoe2bph2xmxivt4i"
    assert key != message_key(WireId("2@b.test"), b"digest")
    assert key != message_key(WireId("1@b.test"), b"another")
    assert message_key(None, b"digest") == message_key(None, b"digest")
