"""A message in its thread: what stands in lists and what lies beside it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import (
    DeliveryId,
    EnrollmentId,
    ItemId,
    MessageKey,
    StepId,
    ThreadId,
    UserId,
    WireId,
)
from chalicelib.domain.mail.message import Direction, Mailbox, MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledMessage:
    """The head of a message, in a thread; its bodies lie in S3 under `body_key`."""

    key: MessageKey
    thread_id: ThreadId
    wire_id: WireId | None
    direction: Direction
    kind: MessageKind = MessageKind.PLAIN
    from_: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    sent_at: datetime
    received_at: datetime
    body_key: str
    """Ends in `.json` where the bodies were read out; else it is the mail as it was sent."""
    step_id: StepId | None = None
    is_same_id_other_content: bool = False
    is_forwarded: bool = False
    is_mailing: bool = False
    """Sent to many at once: a list, a newsletter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentHead:
    """An attachment that lies in S3."""

    id: str
    name: str
    size: int
    content_type: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is read of a message when somebody opens it."""

    text: str
    html: str
    visible_text: str
    from_: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    attachments: tuple[AttachmentHead, ...] = ()
    kind_signals: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    has_virus: bool = False
    """By SES's verdict: its files are kept, and given to nobody."""
    is_kept_apart: bool = False
    """Nobody has filed it: it goes when the time of mail that is kept apart is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A mail that an enrollment sent, as far as its thread must know.

    `person_id`, `organization_id`: who the enrolled item belongs to, where known. `is_first`: it
    begins the enrollment's thread.
    """

    enrollment_id: EnrollmentId
    owner_id: UserId
    item: ItemRef
    wire_id: WireId
    recipients: tuple[str, ...]
    subject: str
    raw_key: str
    sent_at: datetime
    sender: str = ""
    step_id: StepId | None = None
    person_id: ItemId | None = None
    organization_id: ItemId | None = None
    is_first: bool = True


class Outcome(StrEnum):
    """What became of a delivery; nothing else can become of one."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    PARKED = "parked"


KEPT_APART: Final = frozenset({Outcome.QUARANTINED, Outcome.PARKED})


class Handling(StrEnum):
    """What a person did with a mail that was kept apart."""

    RELEASED = "released"
    DISCARDED = "discarded"
    EXPIRED = "expired"
    """Nobody did anything, or it was discarded, until its time was over (`retention`)."""


class AlreadyHandledError(StateError):
    """Somebody has released or discarded it, or it was filed at once."""

    code = "already_handled"
    sentence = "The delivery {id} does not wait for anybody: it was {state}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One arrival of one mail at one envelope recipient, and what became of it."""

    id: DeliveryId
    ses_id: str
    recipient: str = ""
    """Empty where nobody knows the envelope any more."""
    object_key: str
    received_at: datetime
    outcome: Outcome
    reason: str = ""
    message_key: MessageKey | None = None
    thread_id: ThreadId | None = None
    sender: str = ""
    subject: str = ""
    handling: Handling | None = None
    handled_by: UserId | None = None
    handled_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether somebody must look at it."""
        return self.outcome in KEPT_APART and self.handling is None

    @property
    def is_listed(self) -> bool:
        """Whether its bytes lie apart, and must go some day."""
        return self.outcome in KEPT_APART and self.handling in {None, Handling.DISCARDED}


def expired(delivery: Delivery, now: datetime) -> Delivery:
    """Return a delivery whose mail is gone."""
    at = delivery.handled_at or now
    return replace(delivery, handling=Handling.EXPIRED, handled_at=at, sender="", subject="")
