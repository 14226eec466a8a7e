"""What the calendar part of a mail says: an invitation, a change, or somebody's answer to one.

Read line by line from text that is no longer than any invitation (RFC 5545, 5546). Only the first
event counts; an answer is what the one attendee of a `REPLY` says, or a `COUNTER`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.mail.charsets import decode
from chalicelib.domain.mail.message import Calendar, CalendarAnswer
from chalicelib.domain.mail.parts import Part
from chalicelib.domain.mail.tnef import TNEF_TYPES, message_class

_CALENDAR: Final = "text/calendar"
_LONGEST: Final = 64 * 1024
_LONGEST_VALUE: Final = 500
_LONGEST_LINE: Final = 2000
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_LINE: Final = re.compile(
    r"([A-Za-z-]{1,40})((?:;[^;:\"]{0,200}(?:\"[^\"]{0,200}\"[^;:\"]{0,99})?){0,20}):(.*)"
)
_PARTSTAT: Final = re.compile(r"PARTSTAT=\"?([A-Z-]{1,20})", re.IGNORECASE)
_ZONE: Final = re.compile(r"TZID=\"?([A-Za-z]{1,20}/[A-Za-z_/+-]{1,40})")
_INSTANT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_ESCAPED: Final = re.compile(r"\\(.)")
_ANSWERS: Final[Mapping[str, CalendarAnswer]] = {
    "ACCEPTED": CalendarAnswer.ACCEPTED,
    "DECLINED": CalendarAnswer.DECLINED,
    "TENTATIVE": CalendarAnswer.TENTATIVE,
    "DELEGATED": CalendarAnswer.DELEGATED,
}
# What Outlook calls a mail that it sends without a calendar part, as winmail.dat.
_CLASSES: Final[Mapping[str, Calendar]] = {
    "ipm.microsoft schedule.mtgrespp": Calendar(method="reply", answer=CalendarAnswer.ACCEPTED),
    "ipm.microsoft schedule.mtgrespn": Calendar(method="reply", answer=CalendarAnswer.DECLINED),
    "ipm.microsoft schedule.mtgrespa": Calendar(method="reply", answer=CalendarAnswer.TENTATIVE),
    "ipm.schedule.meeting.resp.pos": Calendar(method="reply", answer=CalendarAnswer.ACCEPTED),
    "ipm.schedule.meeting.resp.neg": Calendar(method="reply", answer=CalendarAnswer.DECLINED),
    "ipm.schedule.meeting.resp.tent": Calendar(method="reply", answer=CalendarAnswer.TENTATIVE),
    "ipm.microsoft schedule.mtgreq": Calendar(method="request"),
    "ipm.schedule.meeting.request": Calendar(method="request"),
    "ipm.microsoft schedule.mtgcncl": Calendar(method="cancel"),
    "ipm.schedule.meeting.canceled": Calendar(method="cancel"),
}


def read_calendar(root: Part) -> Calendar | None:
    """Return what the calendar in a mail says; None where it is a person's mail.

    A calendar file among attachments is something a person sends, unless it answers.
    """
    for part in root.walk():
        if part.content_type == _CALENDAR:
            calendar = parse_calendar(part.content, part.parameters)
            if part.disposition != "attachment" or calendar.answer is not None:
                return calendar
        elif part.content_type in TNEF_TYPES:
            known = _CLASSES.get(message_class(part.content).lower())
            if known is not None:
                return known
    return None


def parse_calendar(octets: bytes, parameters: Mapping[str, str]) -> Calendar:
    """Read a calendar; what cannot be read is empty."""
    text, _ = decode(octets[:_LONGEST], parameters.get("charset", "utf-8"))
    read = _Read(method=parameters.get("method", "").lower())
    for name, options, value in _properties(text):
        if name == "END" and value.strip().upper() == "VEVENT":
            break
        read.take(name, options, value.strip()[:_LONGEST_VALUE])
    return read.calendar


@dataclass(slots=True)
class _Read:
    """What was read so far."""

    method: str = ""
    attendees: list[tuple[str, str]] = field(default_factory=list)
    by_name: dict[str, str] = field(default_factory=dict)
    starts_at: datetime | None = None

    def take(self, name: str, options: str, value: str) -> None:
        match name:
            case "METHOD":
                self.method = self.method or value.lower()
            case "ATTENDEE":
                stat = _PARTSTAT.search(options)
                address = normalized(value.rpartition(":")[2])
                self.attendees.append((address, stat[1].upper() if stat else ""))
            case "DTSTART":
                # Time zones of a calendar have starts of their own, above the event's.
                self.starts_at = _instant(value, options)
            case "UID" | "SUMMARY":
                self.by_name.setdefault(name, _ESCAPED.sub(r"\1", value))
            case _:
                pass

    @property
    def calendar(self) -> Calendar:
        """Return it as one; of several attendees of an answer the first that says anything."""
        said = ((who, _ANSWERS[stat]) for who, stat in self.attendees if stat in _ANSWERS)
        attendee, answer = next(said, ("", None)) if self.method == "reply" else ("", None)
        if self.method == "counter":
            attendee = self.attendees[0][0] if self.attendees else ""
            answer = CalendarAnswer.COUNTERED
        return Calendar(
            method=self.method,
            answer=answer,
            attendee=attendee,
            uid=self.by_name.get("UID", ""),
            summary=self.by_name.get("SUMMARY", ""),
            starts_at=self.starts_at,
        )


def _properties(text: str) -> Iterator[tuple[str, str, str]]:
    for line in _FOLD.sub("", text).splitlines():
        found = _LINE.match(line[:_LONGEST_LINE])
        if found is not None:
            yield found[1].upper(), found[2], found[3]


def _instant(value: str, options: str) -> datetime | None:
    """Return an instant with a zone that is known; a day begins at midnight UTC."""
    found = _INSTANT.fullmatch(value)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(each) for each in found.groups("0")[:6])
    named = _ZONE.search(options)
    try:
        zone = ZoneInfo(named[1]) if named else UTC
        written = datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError):
        return None
    is_told = named or found[7] == "Z" or found[4] is None
    return written if is_told else None
