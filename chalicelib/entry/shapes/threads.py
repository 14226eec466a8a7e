"""How threads, messages and Smart Bcc addresses are shown."""

from typing import Annotated, Literal, TypedDict

from msgspec import Meta

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.mail.filed import Handling, Outcome
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.message import Direction, MessageKind
from chalicelib.domain.mail.threads import Folder
from chalicelib.entry.shapes.answers import Instant
from chalicelib.entry.shapes.items import ItemName


class Candidate(TypedDict):
    """An item that a thread may belong to."""

    kind: ItemKind
    id: str
    title: str


class Thread(TypedDict):
    """Messages that belong together, in one owner's copy."""

    id: str
    subject: str
    owner_id: str
    folder: Folder
    started_at: Instant
    last_message_at: Instant
    message_count: int
    item: Annotated[ItemName | None, Meta(description="The one item it is linked to.")]
    reason: Reason
    needs_choice: Annotated[bool, Meta(description="Several items fit: let a person choose.")]
    candidates: list[Candidate]
    persons: list[str]
    organizations: list[str]
    duplicate_of: Annotated[str | None, Meta(description="The same thread in a colleague's copy.")]
    shared: bool
    read: bool
    archived: bool


class Correspondent(TypedDict):
    """Somebody who takes part in a thread."""

    address: str
    name: str
    person_id: Annotated[str | None, Meta(description="Null: nobody the tenant knows.")]
    offered: Annotated[bool, Meta(description="A person may be made of them.")]
    why_not: Annotated[str | None, Meta(description="Why they are never offered.")]


class Considered(TypedDict):
    """An item that was thought of."""

    kind: ItemKind
    id: str
    why_not: Annotated[str | None, Meta(description="Null: it was the one that was taken.")]


class Explanation(TypedDict):
    """Why a thread is linked as it is."""

    decision: ItemName | None
    reason: Reason
    considered: list[Considered]


class Mailbox(TypedDict):
    """An address with its name; either may be empty."""

    address: str
    name: str


class Attachment(TypedDict):
    """A file of a message."""

    id: str
    name: str
    size: int
    content_type: str
    url: Annotated[str | None, Meta(description="Good for a minute; null: it holds a virus.")]


Message = TypedDict(
    "Message",
    {
        "id": str,
        "message_id": Annotated[str | None, Meta(description="Its `Message-ID`.")],
        "direction": Direction,
        "from": Mailbox | None,
        "to": list[Mailbox],
        "cc": list[Mailbox],
        "subject": str,
        "sent_at": Instant,
        "text": str,
        "html": Annotated[str, Meta(description="Cleaned: no scripts, no styles, no pixels.")],
        "visible_text": Annotated[str, Meta(description="What is new: no quote, no signature.")],
        "kind": MessageKind,
        "attachments": list[Attachment],
        "defects": Annotated[list[str], Meta(description="What was wrong with the mail itself.")],
    },
)


KeptApart = TypedDict(
    "KeptApart",
    {
        "id": str,
        "outcome": Outcome,
        "reason": str,
        "recipient": str,
        "received_at": Instant,
        "message_id": str | None,
        "thread_id": str | None,
        "from": Annotated[str, Meta(description="What the mail says; nobody vouches for it.")],
        "subject": str,
        "handling": Handling | None,
        "handled_by": str | None,
        "handled_at": Instant | None,
    },
)
KeptApart.__doc__ = "A mail that was quarantined or parked."


class ReplayDifference(TypedDict):
    """A field that is read differently than before."""

    field: str
    before: str
    after: str


class Replayed(KeptApart):
    """What became of a mail that was taken in anew."""

    diff: list[ReplayDifference]


class SmartBccAddress(TypedDict):
    """An address that files the mail it is copied on."""

    id: str
    address: str
    item: Annotated[ItemName | None, Meta(description="Null: it is a user's own.")]
    created_at: Instant
    grace_until: Annotated[
        Instant | None, Meta(description="How long the address it replaced works on.")
    ]


class SenderAddress(TypedDict):
    """An address that a user writes from."""

    id: str
    address: str
    status: Annotated[
        Literal["asked", "unconfirmed", "confirmed"],
        Meta(description="`asked` is what asking answers, whatever is known of the address."),
    ]
