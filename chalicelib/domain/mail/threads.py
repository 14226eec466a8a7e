"""Which thread a message belongs to: by the ids it names, never by its subject.

Every id a message names points to a thread, also before the message with that id has come (a
ghost). Where the ids of one message point to several threads, these are one conversation and merge:
the thread of an enrollment goes on, else the one with the smaller id. So the groups are the same in
whatever order the messages come.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, ThreadId, UserId
from chalicelib.domain.mail.linking import MOST_CANDIDATES, Considered, Decision, Reason

MOST_PEOPLE: Final = 20
"""Persons, and organizations, that one thread is linked to."""
SAME_SUBJECT: Final = "same_subject_only"
"""Why an item was not taken: only a thread of the same subject belongs to it."""


class Folder(StrEnum):
    """Where people look for a thread."""

    INBOX = "inbox"
    SENT = "sent"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A thread's tie to its one item, with what was thought of on the way (PD-LINK-04).

    What a person took out is `rejected`: it is never put back, and never offered.
    """

    item: ItemRef | None = None
    reason: Reason
    is_by_hand: bool = False
    needs_choice: bool = False
    candidates: tuple[ItemRef, ...] = ()
    considered: tuple[Considered, ...] = ()
    rejected: tuple[ItemRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Messages joined by their headers, in one owner's copy; linked as a whole or not at all."""

    id: ThreadId
    owner_id: UserId
    subject: str
    started_at: datetime
    last_message_at: datetime
    received: int = 0
    sent: frozenset[str] = frozenset()
    """Marks of the mails that an enrollment sent: sent twice, counted once."""
    has_incoming: bool = False
    link: Link
    persons: tuple[ItemId, ...] = ()
    organizations: tuple[ItemId, ...] = ()
    enrollment_id: EnrollmentId | None = None
    enrolled: ItemRef | None = None
    duplicate_of: ThreadId | None = None
    merged_into: ThreadId | None = None
    is_shared: bool = False
    is_read: bool = False
    is_archived: bool = False
    version: int = 0

    @property
    def message_count(self) -> int:
        """How many messages it holds."""
        return self.received + len(self.sent)

    @property
    def links(self) -> tuple[ItemRef, ...]:
        """Everything it is linked to: its item, persons, organizations."""
        item = (self.link.item,) if self.link.item else ()
        persons = (ItemRef(ItemKind.PERSON, each) for each in self.persons)
        organizations = (ItemRef(ItemKind.ORGANIZATION, each) for each in self.organizations)
        return tuple(dict.fromkeys((*item, *persons, *organizations)))

    @property
    def folder(self) -> Folder:
        """Where people look for it."""
        if self.is_archived:
            return Folder.ARCHIVE
        return Folder.INBOX if self.has_incoming else Folder.SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Where a message goes: into `into` (None: it begins a thread), into which `absorbed` merge."""

    into: Thread | None
    absorbed: tuple[Thread, ...] = ()


def decide_thread(named: Collection[Thread]) -> Joining:
    """Decide by the living threads that the ids of a message point to."""
    ranked = sorted({each.id: each for each in named}.values(), key=_rank)
    if not ranked:
        return Joining(into=None)
    return Joining(into=ranked[0], absorbed=tuple(ranked[1:]))


def _rank(thread: Thread) -> tuple[bool, ThreadId]:
    """An enrollment's thread goes on, so that its later mails find it; else the smaller id."""
    return thread.enrollment_id is None, thread.id


def with_message(thread: Thread, *, sent_at: datetime, is_incoming: bool) -> Thread:
    """Return the thread with one more message."""
    return replace(
        thread,
        started_at=min(thread.started_at, sent_at),
        last_message_at=max(thread.last_message_at, sent_at),
        received=thread.received + 1,
        has_incoming=thread.has_incoming or is_incoming,
        is_read=thread.is_read and not is_incoming,
        # An answer brings a thread back to where it is seen.
        is_archived=thread.is_archived and not is_incoming,
    )


def with_flags(
    thread: Thread,
    *,
    is_shared: bool | None = None,
    is_read: bool | None = None,
    is_archived: bool | None = None,
) -> Thread:
    """Return the thread as its owner marks it; None leaves a mark as it is."""
    return replace(
        thread,
        is_shared=thread.is_shared if is_shared is None else is_shared,
        is_read=thread.is_read if is_read is None else is_read,
        is_archived=thread.is_archived if is_archived is None else is_archived,
    )


def with_absorbed(thread: Thread, absorbed: Thread) -> Thread:
    """Return the thread that two become: all messages, all people, one item slot."""
    return replace(
        thread,
        started_at=min(thread.started_at, absorbed.started_at),
        last_message_at=max(thread.last_message_at, absorbed.last_message_at),
        received=thread.received + absorbed.received,
        sent=thread.sent | absorbed.sent,
        has_incoming=thread.has_incoming or absorbed.has_incoming,
        link=_merged(thread.link, absorbed.link),
        persons=_united(thread.persons, absorbed.persons),
        organizations=_united(thread.organizations, absorbed.organizations),
        enrollment_id=thread.enrollment_id or absorbed.enrollment_id,
        enrolled=thread.enrolled or absorbed.enrolled,
        duplicate_of=thread.duplicate_of or absorbed.duplicate_of,
        is_shared=thread.is_shared and absorbed.is_shared,
        is_read=thread.is_read and absorbed.is_read,
        is_archived=thread.is_archived and absorbed.is_archived,
    )


def _merged(link: Link, absorbed: Link) -> Link:
    """Keep a link once made; two different items are both shown, for a person to choose.

    What a person decided in either thread counts for both, above all what they took out.
    """
    first, second = (absorbed, link) if absorbed.is_by_hand > link.is_by_hand else (link, absorbed)
    first = replace(first, rejected=tuple(dict.fromkeys((*first.rejected, *second.rejected))))
    if second.item is None or second.item in {first.item, *first.rejected}:
        return first
    if first.item is None and not first.is_by_hand:
        return replace(second, rejected=first.rejected)
    return replace(
        first,
        needs_choice=True,
        candidates=tuple(dict.fromkeys((*first.candidates, second.item))),
        considered=(*first.considered, Considered(second.item, Reason.THREADS_MERGED)),
    )


def with_decision(thread: Thread, decision: Decision) -> Thread:
    """Return the thread after the table was asked; a link that stands keeps its reason."""
    link = thread.link
    if decision.item is not None and decision.item == link.item and not link.is_by_hand:
        return thread
    changed = Link(
        item=decision.item,
        reason=decision.reason,
        is_by_hand=link.is_by_hand,
        needs_choice=decision.needs_choice,
        candidates=decision.candidates,
        considered=decision.considered,
        rejected=link.rejected,
    )
    return replace(thread, link=changed)


def with_suggestions(thread: Thread, items: Iterable[ItemRef]) -> Thread:
    """Return the thread with what threads of the same subject belong to: to choose, never linked.

    Strangers write "Re: Offer", too; so a subject only ever suggests.
    """
    link = thread.link
    known = {*link.candidates, *link.rejected}
    suggested = [each for each in dict.fromkeys(items) if each not in known]
    if link.item is not None or link.is_by_hand or not suggested:
        return thread
    considered = (*link.considered, *(Considered(each, SAME_SUBJECT) for each in suggested))
    candidates = (*link.candidates, *suggested)[:MOST_CANDIDATES]
    return replace(thread, link=replace(link, candidates=candidates, considered=considered))


def with_people(
    thread: Thread, *, persons: Iterable[ItemId], organizations: Iterable[ItemId]
) -> Thread:
    """Return the thread linked to these persons and organizations too (PD-LINK-08, 23)."""
    return replace(
        thread,
        persons=_united(thread.persons, persons),
        organizations=_united(thread.organizations, organizations),
    )


def linked_by_hand(thread: Thread, item: ItemRef) -> Thread:
    """Return the thread with the item that a person chose instead of what it had."""
    rejected = tuple(each for each in _rejected(thread.link) if each != item)
    link = Link(item=item, reason=Reason.LINKED_BY_HAND, is_by_hand=True, rejected=rejected)
    return replace(thread, link=link)


def unlinked_by_hand(thread: Thread) -> Thread:
    """Return the thread with an empty slot that stays empty until a person fills it."""
    link = Link(reason=Reason.UNLINKED_BY_HAND, is_by_hand=True, rejected=_rejected(thread.link))
    return replace(thread, link=link)


def _rejected(link: Link) -> tuple[ItemRef, ...]:
    """Return what a person has taken out so far, with what they take out now."""
    taken_out = (link.item,) if link.item else ()
    return tuple(dict.fromkeys((*link.rejected, *taken_out)))[-MOST_CANDIDATES:]


def _united(known: tuple[ItemId, ...], more: Iterable[ItemId]) -> tuple[ItemId, ...]:
    return tuple(dict.fromkeys((*known, *more)))[:MOST_PEOPLE]
