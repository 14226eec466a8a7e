"""One message, as we keep it: what its headers and bodies say, and what was wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.ids import WireId

_MOST_REFERENCES: Final = 32
"""Of the references only the last ones and the first count: long threads repeat themselves."""
_MOST_ANSWERED: Final = 4
"""A person answers one mail, or a few at once; every id is a row of the filing transaction."""


class Direction(StrEnum):
    """Whether one of us wrote it, or somebody else."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class MessageKind(StrEnum):
    """What wrote it, and what for. Only `PLAIN` can be a person's answer."""

    PLAIN = "plain"
    AUTO_REPLY = "autoreply"
    BOUNCE = "bounce"
    FEEDBACK = "feedback"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a header; `address` is normalised and empty where there was only a name."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the text of the mail."""

    name: str
    content_type: str
    content: bytes
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRecipient:
    """One address that a bounce says could not be reached (RFC 3464)."""

    address: str
    status: str = ""
    is_hard: bool = False


class CalendarAnswer(StrEnum):
    """What somebody said to an invitation (RFC 5546)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    COUNTERED = "countered"
    """They propose another time."""
    DELEGATED = "delegated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the calendar part of a mail says; `answer` only where somebody answers with it."""

    method: str = ""
    """In lower case: request, reply, counter, cancel, publish …"""
    answer: CalendarAnswer | None = None
    attendee: str = ""
    """Who answers."""
    uid: str = ""
    summary: str = ""
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A report that somebody called our mail spam (RFC 5965), as far as it says more than that."""

    feedback_type: str = ""
    """abuse, fraud, opt-out …; `not-spam` and `auth-failure` are no complaints."""
    addresses: tuple[str, ...] = ()
    """Who complained, where the report tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """The mail inside another: what whoever forwards says it was. Claims, never proof."""

    how: str
    """What told that there is one: attached, separator, original_rule, headers, attribution."""
    from_: Mailbox | None = None
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: str = ""
    """As it was written, in whatever language."""
    dated_at: datetime | None = None
    body: str = ""
    text_above: str = ""
    """What the one who forwards wrote above it."""
    inside: "Forwarded | None" = None
    """What that mail forwarded in its turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One e-mail, read. `kind_signals` name what its kind was told by; `defects` what was amiss."""

    from_: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    dated_at: datetime | None = None
    message_id: WireId | None = None
    in_reply_to: tuple[WireId, ...] = ()
    references: tuple[WireId, ...] = ()
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    kind: MessageKind = MessageKind.PLAIN
    kind_signals: tuple[str, ...] = ()
    failed: tuple[FailedRecipient, ...] = ()
    calendar: Calendar | None = None
    complaint: Complaint | None = None
    quoted_tokens: tuple[str, ...] = ()
    """Of what machines sent: what looks like our Reply-To tokens in the mail they return, to be
    checked by `parse_reply_address`; nine bounces of ten name nothing else of ours."""
    authentication_results: str = ""
    """The first such header: SES writes its own above all that came with the mail."""
    visible_text: str = ""
    """What somebody newly wrote: without what they quote, and without their signature."""
    signature: str = ""
    forwarded: Forwarded | None = None
    defects: tuple[str, ...] = ()

    @property
    def recipients(self) -> tuple[Mailbox, ...]:
        """To and Cc together."""
        return (*self.to, *self.cc)

    @property
    def forwarded_from(self) -> tuple[Mailbox, ...]:
        """Who is said to have written the mail inside this one."""
        sender = self.forwarded.from_ if self.forwarded else None
        return (sender,) if sender and sender.address else ()

    @property
    def ancestors(self) -> tuple[WireId, ...]:
        """The ids it answers, nearest first: In-Reply-To, the last references, the first one."""
        answered = self.in_reply_to[:_MOST_ANSWERED]
        near = (*answered, *reversed(self.references[-_MOST_REFERENCES:]))
        first = self.references[:1]
        return tuple(each for each in dict.fromkeys((*near, *first)) if each != self.message_id)
