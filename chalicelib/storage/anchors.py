"""What is read before a message is filed, and what is then written at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from chalicelib.domain.ids import DeliveryId, MessageKey, StepId, ThreadId, WireId
from chalicelib.domain.mail.filed import FiledMessage
from chalicelib.domain.mail.threads import Thread
from chalicelib.storage.rows.threads import KnownMessageRow, PointerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where a Message-ID leads, which message bears it, and which step sent that."""

    thread_id: ThreadId
    message_key: MessageKey | None
    step_id: StepId | None

    @classmethod
    def of(cls, row: PointerRow) -> Self:
        """Translate a row."""
        return cls(
            thread_id=ThreadId(row.thread_id),
            message_key=MessageKey(row.message_key) if row.message_key else None,
            step_id=StepId(row.step_id) if row.step_id else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A message that is filed already."""

    thread_id: ThreadId
    delivery_id: DeliveryId

    @classmethod
    def of(cls, row: KnownMessageRow) -> Self:
        """Translate a row."""
        return cls(thread_id=ThreadId(row.thread_id), delivery_id=DeliveryId(row.delivery_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """All that is known of the ids a message names, in one owner's files."""

    known: Known | None
    pointer_by_id: Mapping[WireId, Pointer]
    thread_by_id: Mapping[WireId, Thread]
    """The living thread that each pointer leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A message to be filed, with everything that must happen together."""

    thread: Thread
    """As it shall be."""
    before: Thread | None
    """As it was read; None for a new thread."""
    message: FiledMessage
    ids: Sequence[WireId]
    """Ids that shall point to the thread, the message's own among them."""
    anchors: Anchors
    delivery_id: DeliveryId
    variant: str = ""
    """Names the copy where one owner files a message in more than one thread."""
    words: Sequence[str] = ()
    """By which the thread shall be found."""
    subject: str = ""
    """What a thread that begins is called, without marks of answers."""
