"""What people do with threads: list, search, read, mark, link and unlink by hand, and ask why.

A thread is its owner's. Others see it once it is shared, and linked to something they may see.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.crm.items import LINKABLE, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.rights import Right, may
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import ForbiddenError, Problem, RuleError
from chalicelib.domain.ids import MessageKey, ThreadId
from chalicelib.domain.mail.filed import Body, FiledMessage
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.parsing import parse_message
from chalicelib.domain.mail.search_words import words_of
from chalicelib.domain.mail.threads import (
    Folder,
    Thread,
    linked_by_hand,
    unlinked_by_hand,
    with_flags,
)
from chalicelib.services.anew import decided_anew
from chalicelib.services.item_past import past_of
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores

_MOST_LOOKS: Final = 4
_MOST_CHARACTERS: Final = 1_000_000
"""Of the bodies on one page: an answer of Lambda holds six megabytes."""


class NotThreadOwnerError(ForbiddenError):
    """Threads are their owner's; admins may do the same (PD-LINK-20)."""

    code = "not_thread_owner"
    sentence = "Only the owner of the thread and admins may {action}."


class MarksAreOwnersError(ForbiddenError):
    """What is read, shared or put away is its owner's alone."""

    code = "marks_are_owners"
    sentence = "Only the owner of the thread may share it, mark it read or archive it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFilter:
    """Which threads somebody wants to see."""

    folder: Folder | None = None
    item: ItemRef | None = None
    is_linked: bool | None = None
    needs_choice: bool | None = None
    words: tuple[str, ...] = ()
    """Every one of them begins a word of the thread's subject or people."""

    def takes(self, thread: Thread) -> bool:
        """Whether the thread is wanted."""
        is_linked = thread.link.item is not None
        return (
            self.folder in {None, thread.folder}
            and self.is_linked in {None, is_linked}
            and self.needs_choice in {None, thread.link.needs_choice}
        )


def list_page(
    wanted: ThreadFilter,
    *,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[Thread]:
    """Return the caller's threads, or those of an item that the caller may see; latest first."""
    look = _list_of(wanted, limit=limit, caller=caller, stores=stores)
    sight = ItemSight(caller, stores)
    return _filled(
        look,
        lambda each: (
            wanted.takes(each)
            and _may_see(each, caller=caller, sight=sight)
            and _has_words(wanted, each, stores)
        ),
        cursor,
    )


def _has_words(wanted: ThreadFilter, thread: Thread, stores: Stores) -> bool:
    """Where an item's threads are searched, their subject and the persons they are linked to do."""
    if wanted.item is None or not wanted.words:
        return True
    persons = stores.items.find_many([ItemRef(ItemKind.PERSON, each) for each in thread.persons])
    people = [Mailbox(box.address, each.title) for each in persons for box in each.emails[:1]]
    known = words_of(thread.subject, people)
    return all(any(each.startswith(word) for each in known) for word in wanted.words)


def _list_of(
    wanted: ThreadFilter, *, limit: int, caller: Caller, stores: Stores
) -> Callable[[Mapping[str, object] | None], Listing[Thread]]:
    """Choose the list that holds the least beside what is wanted."""
    threads, item, mine = stores.threads, wanted.item, caller.user_id
    if item is not None:
        past = past_of(ItemSight(caller, stores).get(item))
        return lambda at: threads.list_page_of_item(item, past=past, limit=limit, cursor=at)
    if wanted.words:
        return lambda at: threads.search(mine, wanted.words, limit=limit, cursor=at)
    if wanted.needs_choice:
        return lambda at: threads.list_page_of_choices(mine, limit=limit, cursor=at)
    return lambda at: threads.list_page(mine, limit=limit, cursor=at, folder=wanted.folder)


def _filled(
    look: Callable[[Mapping[str, object] | None], Listing[Thread]],
    keep: Callable[[Thread], bool],
    cursor: Mapping[str, object] | None,
) -> Listing[Thread]:
    """Look on while a filter leaves a page empty, but not for ever."""
    page = look(cursor)
    for _ in range(_MOST_LOOKS):
        rows = [each for each in page.rows if keep(each)]
        if rows or page.cursor is None:
            return Listing(rows=rows, cursor=page.cursor)
        page = look(page.cursor)
    return Listing(rows=[each for each in page.rows if keep(each)], cursor=page.cursor)


def get(thread_id: ThreadId, *, caller: Caller, stores: Stores) -> Thread:
    """Return a thread, or the one it merged into, to those who may see it."""
    thread = stores.threads.get(thread_id)
    if not _may_see(thread, caller=caller, sight=ItemSight(caller, stores)):
        raise NotThreadOwnerError(action="see it")
    return thread


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMessage:
    """A message with what there is to read in it."""

    message: FiledMessage
    body: Body


def list_messages(
    thread_id: ThreadId,
    *,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[OpenMessage]:
    """Return a thread's messages, oldest first; a page ends where it becomes too long to answer."""
    thread = get(thread_id, caller=caller, stores=stores)
    page = stores.messages.list_page(thread.id, limit=limit, cursor=cursor)
    opened: list[OpenMessage] = []
    characters = 0
    for each in page.rows:
        if characters > _MOST_CHARACTERS:
            at = stores.messages.cursor_behind(opened[-1].message)
            return Listing(rows=opened, cursor=at)
        body = _body(each, stores)
        opened.append(OpenMessage(message=each, body=body))
        characters += len(body.text) + len(body.html) + len(body.visible_text)
    return Listing(rows=opened, cursor=page.cursor)


def get_message(
    thread_id: ThreadId, key: MessageKey, *, caller: Caller, stores: Stores
) -> OpenMessage:
    """Return one message of a thread."""
    thread = get(thread_id, caller=caller, stores=stores)
    message = stores.messages.get(thread.id, key)
    return OpenMessage(message=message, body=_body(message, stores))


def _body(message: FiledMessage, stores: Stores) -> Body:
    """Return what there is to read in a message; a sent mail is read from its bytes."""
    if message.body_key.endswith(".json"):
        return stores.messages.read_body(message.body_key)
    sent = parse_message(stores.messages.read(message.body_key))
    return Body(
        text=sent.text,
        html=sent.html,
        visible_text=sent.visible_text,
        from_=sent.from_,
        to=sent.to,
        cc=sent.cc,
    )


def link(thread_id: ThreadId, item: ItemRef, *, caller: Caller, stores: Stores) -> Thread:
    """Put the whole thread under one item (PD-LINK-21), also a closed one (PD-LINK-12)."""
    if item.kind not in LINKABLE:
        message = f"Give one of: {', '.join(sorted(LINKABLE))}."
        raise RuleError(Problem(path="$.kind", code="wrong_kind", message=message))
    if ItemSight(caller, stores).get(item).status is ItemStatus.DELETED:
        message = "The item is deleted; restore it first."
        raise RuleError(Problem(path="$.id", code="item_deleted", message=message))
    return _changed(
        thread_id, lambda thread: linked_by_hand(thread, item), caller=caller, stores=stores
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How an owner marks a thread; None leaves a mark as it is."""

    is_shared: bool | None = None
    is_read: bool | None = None
    is_archived: bool | None = None


def mark(thread_id: ThreadId, marks: Marks, *, caller: Caller, stores: Stores) -> Thread:
    """Share, read or archive one's own thread; nobody shares or tidies up another's mail."""

    def marked() -> Thread:
        thread = get(thread_id, caller=caller, stores=stores)
        if thread.owner_id != caller.user_id:
            raise MarksAreOwnersError
        after = with_flags(
            thread,
            is_shared=marks.is_shared,
            is_read=marks.is_read,
            is_archived=marks.is_archived,
        )
        return thread if after == thread else stores.threads.save(after, before=thread)

    return decided_anew(marked)


def unlink(thread_id: ThreadId, *, caller: Caller, stores: Stores) -> Thread:
    """Empty the whole thread's slot; it stays empty until a person fills it."""
    return _changed(thread_id, unlinked_by_hand, caller=caller, stores=stores)


def _changed(
    thread_id: ThreadId, change: Callable[[Thread], Thread], *, caller: Caller, stores: Stores
) -> Thread:
    """Save a person's choice; a message that comes at that moment does not undo it."""

    def changed() -> Thread:
        thread = stores.threads.get(thread_id)
        if thread.owner_id != caller.user_id and not may(caller.role, Right.LINK_ALL_THREADS):
            raise NotThreadOwnerError(action="link and unlink it")
        return stores.threads.save(change(thread), before=thread)

    return decided_anew(changed)


def _may_see(thread: Thread, *, caller: Caller, sight: ItemSight) -> bool:
    """Mail is private until its owner shares it, and for whoever sees what it is linked to."""
    if thread.owner_id == caller.user_id or may(caller.role, Right.SEE_ALL_THREADS):
        return True
    return thread.is_shared and any(sight.find(each) is not None for each in thread.links)
