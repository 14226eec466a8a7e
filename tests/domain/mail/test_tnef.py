"""What Outlook packs into winmail.dat is unpacked, and no such file can hurt."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.mail.message import Attachment, CalendarAnswer, MessageKind
from chalicelib.domain.mail.parsing import parse_message
from chalicelib.domain.mail.tnef import Tnef, message_class, parse_tnef
from tests.domain.mail.tnefs import SIGNATURE, a_winmail, attribute

PRICES = Attachment(
    name="Preisliste Stühle.pdf", content_type="application/pdf", content=b"%PDF-1.7"
)
MAIL = """Subject: Prices
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

{text}
--b
Content-Type: {content_type}; name="winmail.dat"
Content-Transfer-Encoding: base64

{coded}
--b--
"""


def a_mail(octets: bytes, text: str = "", content_type: str = "application/ms-tnef") -> bytes:
    coded = base64.encodebytes(octets).decode()
    return MAIL.format(text=text, coded=coded, content_type=content_type).encode()


@pytest.mark.parametrize("content_type", ["application/ms-tnef", "application/octet-stream"])
def test_the_files_inside_are_the_attachments(content_type: str) -> None:
    message = parse_message(a_mail(a_winmail(), "Here they are.", content_type))

    assert message.text == "Here they are."
    assert message.attachments == (PRICES,)
    assert message.defects == ()


def test_the_text_inside_is_read_where_there_is_no_other() -> None:
    octets = a_winmail(text="Grüße\r\nPaula", html="<b>Grüße</b><script>x</script>")
    raw = b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n"

    message = parse_message(raw + base64.encodebytes(octets))

    assert (message.text, message.html) == ("Grüße\nPaula", "<b>Grüße</b>")


def test_a_torn_file_is_kept_whole_beside_what_it_gave() -> None:
    octets = a_winmail()[:-20]

    message = parse_message(a_mail(octets))

    names = [each.name for each in message.attachments]
    assert names == ["winmail.dat", "PREISL~1.PDF"]
    assert message.attachments[0].content == octets
    assert message.defects == ("tnef_torn",)


@pytest.mark.parametrize(
    "name, answer",
    [
        ("IPM.Microsoft Schedule.MtgRespP", CalendarAnswer.ACCEPTED),
        ("IPM.Schedule.Meeting.Resp.Neg", CalendarAnswer.DECLINED),
        ("IPM.Schedule.Meeting.Resp.Tent", CalendarAnswer.TENTATIVE),
    ],
)
def test_outlook_answers_an_invitation_by_the_class_of_its_mail(
    name: str, answer: CalendarAnswer
) -> None:
    message = parse_message(a_mail(a_winmail(message_class=name)))

    assert message.kind is MessageKind.CALENDAR
    assert message.calendar is not None
    assert message.calendar.answer is answer


def test_an_ordinary_mail_in_winmail_dat_is_a_persons() -> None:
    assert parse_message(a_mail(a_winmail())).kind is MessageKind.PLAIN


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"garbage",
        SIGNATURE + b"\x01",
        SIGNATURE + b"\x01" * 9,
        SIGNATURE + attribute(0x00069003, b"\xff\xff\xff\xff"),
        SIGNATURE + attribute(0x00069003, b"\x01\x00\x00\x00\x1f\x10\x00\x10\xff\xff\xff\xff"),
        SIGNATURE + attribute(0x00069003, b"\x01\x00\x00\x00\x99\x00\x00\x10"),
        a_winmail() + b"garbage at end",
    ],
)
def test_what_is_no_such_file_gives_what_it_can(octets: bytes) -> None:
    tnef = parse_tnef(octets)

    assert tnef.is_whole is False
    assert len(tnef.files) <= 1


@given(st.integers(0, len(a_winmail())), st.integers(0, 255))
def test_no_changed_byte_makes_the_reader_raise(at: int, byte: int) -> None:
    octets = a_winmail(text="Hello")
    changed = octets[:at] + bytes([byte]) + octets[at + 1 :]

    assert isinstance(parse_tnef(changed), Tnef)
    assert isinstance(message_class(changed), str)


def test_a_file_of_nothing_but_files_is_bounded() -> None:
    octets = SIGNATURE + attribute(0x00069002, b"") * 20_000

    tnef = parse_tnef(octets)

    assert (len(tnef.files), tnef.is_whole) == (500, False)
