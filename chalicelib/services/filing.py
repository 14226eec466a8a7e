"""Files a message: finds its thread, decides its link, writes both with the message at once.

Whoever writes first wins; whoever comes second reads the pointers again and decides anew.
"""

from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.domain.ids import EnrollmentId, StepId, ThreadId, UserId, WireId
from chalicelib.domain.mail.filed import FiledMessage
from chalicelib.domain.mail.linking import Decision, Reason, Situation, decide_link
from chalicelib.domain.mail.message import Direction
from chalicelib.domain.mail.search_words import plain_subject, words_of
from chalicelib.domain.mail.threads import (
    Link,
    Thread,
    decide_thread,
    with_decision,
    with_message,
    with_people,
    with_suggestions,
)
from chalicelib.services.counterparts import Counterparts
from chalicelib.services.mailroom import Case
from chalicelib.services.reading_out import LONGEST_SUBJECT, head_of, keep_bytes
from chalicelib.storage.anchors import Anchors, Filing

_TRIES: Final = 60
"""Every merge of two threads takes one, every lost race another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The enrollment whose mail is answered, and its item."""

    id: EnrollmentId
    item: ItemRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """In whose files a message goes, and what its linking must know."""

    owner: User
    direction: Direction
    counterparts: Counterparts
    enrolled: Enrolled | None = None
    addressed: ItemRef | None = None
    """The item whose own Smart Bcc address the mail came to."""
    is_forwarded: bool = False
    """Forwarded to us: a thread of its own, whatever the mail inside belongs to (PD-LINK-05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a message lies now."""

    thread_id: ThreadId
    is_duplicate: bool
    """Whether an earlier delivery had brought it."""


def file(case: Case, purpose: Purpose) -> Filed:
    """File a message once; again it only says where it lies."""
    body_key = keep_bytes(case)
    for _ in range(_TRIES):
        try:
            filed = _Attempt(case, purpose, body_key).run()
        except StaleWriteError:
            continue
        if filed is not None:
            return filed
    raise ThrottledError(retry_after=1)


def answered_step(case: Case, owner_id: UserId) -> StepId | None:
    """Return the step whose mail a message answers, where its ids tell."""
    ids = case.message.ancestors
    pointer_by_id = case.stores.threads.anchors(owner_id, case.arrival.key, ids).pointer_by_id
    pointers = (pointer_by_id.get(each) for each in ids)
    return next((each.step_id for each in pointers if each and each.step_id), None)


class _Attempt:
    """One try, on what was read at its beginning."""

    def __init__(self, case: Case, purpose: Purpose, body_key: str) -> None:
        self._case = case
        self._purpose = purpose
        self._body_key = body_key
        self._threads = case.stores.threads
        message = case.message
        own = (message.message_id,) if message.message_id else ()
        self._ids = (*own, *message.ancestors)
        self._anchors = self._read()

    def run(self) -> Filed | None:
        """Return where the message lies; None after a merge, when all must be read anew."""
        known = self._filed_before()
        if known is not None:
            return self._filed_again(known)
        begun = self._thread_of_enrollment()
        named = [*self._anchors.thread_by_id.values(), *([begun] if begun else [])]
        joining = decide_thread(named)
        if joining.into is not None and self._is_apart(joining.into):
            return self._file_apart(joining.into)
        if joining.into is not None and joining.absorbed:
            self._threads.merge(joining.into, joining.absorbed[0])
            return None
        is_apart = self._purpose.is_forwarded
        return self._write(joining.into or self._new_thread(), ids=() if is_apart else self._ids)

    def _read(self, variant: str = "") -> Anchors:
        return self._threads.anchors(
            self._purpose.owner.id, self._case.arrival.key, self._ids, variant=variant
        )

    def _filed_before(self) -> Thread | None:
        """Return the thread that holds the message already, as received or as we sent it."""
        if self._anchors.known is not None:
            return self._threads.get(self._anchors.known.thread_id)
        own = self._case.message.message_id
        pointer = self._anchors.pointer_by_id.get(own) if own else None
        is_sent_by_us = pointer is not None and pointer.step_id is not None
        return self._anchors.thread_by_id[own] if own and is_sent_by_us else None

    def _filed_again(self, thread: Thread) -> Filed:
        """A further delivery changes nothing, unless it came to an item's own address."""
        addressed = self._purpose.addressed
        if addressed is not None and thread.link.item != addressed:
            if thread.link.item is not None:
                return self._file_apart(thread)
            decision = Decision(item=addressed, reason=Reason.ITEM_ADDRESS)
            self._threads.save(with_decision(thread, decision), before=thread)
        known = self._anchors.known
        return Filed(
            thread_id=thread.id,
            is_duplicate=known is None or known.delivery_id != self._case.delivery_id,
        )

    def _thread_of_enrollment(self) -> Thread | None:
        enrolled = self._purpose.enrolled
        if enrolled is None:
            return None
        return self._threads.find(self._threads.id_of_enrollment(enrolled.id))

    def _is_apart(self, thread: Thread) -> bool:
        """Tell whether the message must not join `thread`, though its ids lead there."""
        addressed = self._purpose.addressed
        is_taken = addressed is not None and thread.link.item not in {None, addressed}
        return self._purpose.is_forwarded or is_taken

    def _file_apart(self, original: Thread) -> Filed:
        """File beside `original`. No id points there: whoever answers joins the original."""
        addressed = self._purpose.addressed
        variant = "" if addressed is None else f"{addressed.kind}#{addressed.id}"
        if variant:
            self._anchors = self._read(variant)
            if self._anchors.known is not None:
                return Filed(
                    thread_id=self._anchors.known.thread_id,
                    is_duplicate=self._anchors.known.delivery_id != self._case.delivery_id,
                )
        return self._write(self._duplicate(original, variant), ids=(), variant=variant)

    def _duplicate(self, original: Thread, variant: str) -> Thread:
        """Return the thread beside `original`: one for each item, one for each forward."""
        begun = replace(self._new_thread(variant=variant), duplicate_of=original.id)
        if self._purpose.is_forwarded:
            return begun
        of_item = self._threads.new_id(self._purpose.owner.id, original.id, variant=variant)
        known = self._threads.find(of_item)
        if known is None:
            return replace(begun, id=of_item)
        return begun if self._is_apart(known) else known

    def _write(self, thread: Thread, *, ids: tuple[WireId, ...], variant: str = "") -> Filed:
        message = head_of(self._case, self._body_key, thread.id, self._purpose.direction)
        message = replace(
            message,
            is_forwarded=self._purpose.is_forwarded,
            is_same_id_other_content=self._is_id_taken(),
        )
        self._threads.file(
            Filing(
                thread=self._grown(thread, message),
                before=thread if thread.version else None,
                message=message,
                ids=ids,
                anchors=self._anchors,
                delivery_id=self._case.delivery_id,
                variant=variant,
                words=self._words(thread),
                subject=plain_subject(self._case.message.subject),
            )
        )
        return Filed(thread_id=thread.id, is_duplicate=False)

    def _words(self, thread: Thread) -> list[str]:
        """Return what finds the thread: later messages of a conversation seldom add a word."""
        message = self._case.message
        is_known = bool(thread.version) and (thread.has_incoming or not thread.enrollment_id)
        return [] if is_known else words_of(message.subject, (*message.from_, *message.recipients))

    def _new_thread(self, *, variant: str = "") -> Thread:
        owner, enrolled = self._purpose.owner, self._purpose.enrolled
        key = self._case.arrival.key
        at = self._case.sent_at
        return Thread(
            id=self._threads.id_of_enrollment(enrolled.id)
            if enrolled
            else self._threads.new_id(owner.id, key, variant=variant),
            owner_id=owner.id,
            subject=self._case.message.subject[:LONGEST_SUBJECT],
            started_at=at,
            last_message_at=at,
            link=Link(reason=Reason.NO_OPEN_ITEM),
            enrollment_id=enrolled.id if enrolled else None,
            enrolled=enrolled.item if enrolled else None,
        )

    def _grown(self, thread: Thread, message: FiledMessage) -> Thread:
        """Return the thread with the message, and linked as the table says."""
        is_incoming = message.direction is Direction.INCOMING
        grown = with_message(thread, sent_at=message.sent_at, is_incoming=is_incoming)
        people = self._purpose.counterparts
        decision = decide_link(
            Situation(
                addressed=self._purpose.addressed,
                enrolled=grown.enrolled,
                linked=grown.link.item,
                is_set_by_hand=grown.link.is_by_hand,
                is_linking_on=self._purpose.owner.link_emails,
                open_items=people.open_items,
                started_at=grown.started_at,
            )
        )
        linked = with_decision(grown, decision)
        if not decision.links_people:
            return linked
        peopled = with_people(linked, persons=people.persons, organizations=people.organizations)
        return with_suggestions(peopled, self._of_same_subject(peopled))

    def _of_same_subject(self, thread: Thread) -> list[ItemRef]:
        """Return the open items of threads that a new one shares its subject and a person with."""
        if thread.version or thread.link.item is not None:
            return []
        plain = plain_subject(thread.subject)
        refs = [
            each.link.item
            for each in self._threads.of_subject(thread.owner_id, plain)
            if each.link.item is not None and set(each.persons) & set(thread.persons)
        ]
        return [each.ref for each in self._case.stores.items.find_many(refs) if each.is_open]

    def _is_id_taken(self) -> bool:
        """Tell whether another message bears the same Message-ID; both are kept.

        The very message does in a thread that it was filed beside, and so does our own mail whose
        copy comes back: what SES did to it on the way is no other content.
        """
        own = self._case.message.message_id
        pointer = self._anchors.pointer_by_id.get(own) if own else None
        if pointer is None or pointer.step_id is not None:
            return False
        return pointer.message_key not in {None, self._case.arrival.key}
