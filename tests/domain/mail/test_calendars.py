"""Invitations and the answers to them, as Outlook, Google, Apple and Teams write them."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.mail.calendars import parse_calendar
from chalicelib.domain.mail.message import Calendar, CalendarAnswer, MessageKind
from chalicelib.domain.mail.parsing import parse_message

EVENT = """BEGIN:VCALENDAR
PRODID:{product}
VERSION:2.0
METHOD:{method}
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:16011028T030000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;{attendee}
UID:040000008200E00074C5B7101A82E008
SUMMARY:Forty chairs\\, again
DTSTART{start}
BEGIN:VALARM
TRIGGER:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""
MAIL = """From: paula@customer.test
Subject: {subject}
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

{text}
--b
Content-Type: text/calendar; charset="utf-8"; method={method}
{disposition}

{event}
--b--
"""


def a_calendar(
    attendee: str, *, method: str = "REPLY", start: str = ":20260810T080000Z", product: str = "x"
) -> str:
    return EVENT.format(attendee=attendee, method=method, start=start, product=product)


def a_mail(event: str, *, method: str = "REPLY", disposition: str = "X-A: b") -> bytes:
    said = MAIL.format(
        subject="Accepted: x", text="", method=method, event=event, disposition=disposition
    )
    return said.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "attendee, answer",
    [
        ("PARTSTAT=ACCEPTED;CN=Paula:mailto:Paula@customer.test", CalendarAnswer.ACCEPTED),
        ("CN=Paula;PARTSTAT=DECLINED:MAILTO:paula@customer.test", CalendarAnswer.DECLINED),
        (
            'CUTYPE=X;PARTSTAT=TENTATIVE;CN="D: P";\n A=0:mailto:paula@customer.test',
            CalendarAnswer.TENTATIVE,
        ),
        ('partstat="delegated":mailto:paula@customer.test', CalendarAnswer.DELEGATED),
    ],
)
def test_an_answer_says_who_answers_what(attendee: str, answer: CalendarAnswer) -> None:
    message = parse_message(a_mail(a_calendar(attendee)))

    assert message.kind is MessageKind.CALENDAR
    assert message.calendar == Calendar(
        method="reply",
        answer=answer,
        attendee="paula@customer.test",
        uid="040000008200E00074C5B7101A82E008",
        summary="Forty chairs, again",
        starts_at=datetime(2026, 8, 10, 8, tzinfo=UTC),
    )
    assert message.kind_signals == ("calendar_part", f"calendar_{answer}")


def test_another_time_is_an_answer_too() -> None:
    calendar = parse_calendar(
        a_calendar("CN=Paula:mailto:p@c.test", method="COUNTER").encode(), {"method": "counter"}
    )

    assert (calendar.answer, calendar.attendee) == (CalendarAnswer.COUNTERED, "p@c.test")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_an_invitation_answers_nothing(method: str) -> None:
    event = a_calendar("PARTSTAT=ACCEPTED:mailto:p@c.test", method=method)

    message = parse_message(a_mail(event, method=method))

    assert message.kind is MessageKind.CALENDAR
    assert message.calendar is not None
    assert (message.calendar.method, message.calendar.answer) == (method.lower(), None)


@pytest.mark.parametrize(
    "method, kind", [("REQUEST", MessageKind.PLAIN), ("REPLY", MessageKind.CALENDAR)]
)
def test_a_calendar_file_is_a_persons_mail_unless_it_answers(
    method: str, kind: MessageKind
) -> None:
    event = a_calendar("PARTSTAT=ACCEPTED:mailto:p@c.test", method=method)

    message = parse_message(
        a_mail(event, method=method, disposition="Content-Disposition: attachment")
    )

    assert message.kind is kind


@pytest.mark.parametrize(
    "start, expected",
    [
        (";TZID=Europe/Stockholm:20260810T100000", datetime(2026, 8, 10, 8, tzinfo=UTC)),
        (";VALUE=DATE:20260810", datetime(2026, 8, 10, tzinfo=UTC)),
        (";TZID=W. Europe Standard Time:20260810T100000", None),
        (";TZID=Nowhere/Land:20260810T100000", None),
        (":20260810T100000", None),
        (":20261340T100000Z", None),
        (":next week", None),
    ],
)
def test_a_start_is_read_where_its_zone_is_known(start: str, expected: datetime | None) -> None:
    event = a_calendar("PARTSTAT=ACCEPTED:mailto:p@c.test", start=start)

    assert parse_calendar(event.encode(), {}).starts_at == expected


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff\xfe",
        b"BEGIN:VCALENDAR",
        b"METHOD:REPLY\nATTENDEE:",
        b";" * 60_000,
        b"A;" * 30_000,
    ],
)
def test_no_calendar_makes_the_reader_raise(octets: bytes) -> None:
    assert parse_calendar(octets, {}).answer is None
