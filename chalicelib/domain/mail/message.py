"""One message, as we keep it: what its headers and bodies say, and what was wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.ids import WireId


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
    forwarded_from: tuple[Mailbox, ...] = ()
    """Who is said to have written the mail inside this one: a claim of whoever forwards."""
    direction: Direction = Direction.INCOMING
    defects: tuple[str, ...] = ()
