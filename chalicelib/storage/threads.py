"""Keeps threads: joined by pointers, merged by pointer, listed by owner and by item.

A pointer leads from a Message-ID, seen or only named, to a thread and never changes. When threads
turn out to be one, the one that ends gets a pointer to the one that goes on; messages stay where
they are and are read through it.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from chalicelib.domain.crm.items import LINKABLE, ItemRef
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import (
    EnrollmentId,
    MessageKey,
    TenantId,
    ThreadId,
    UserId,
    WireId,
)
from chalicelib.domain.mail.filed import SentMail
from chalicelib.domain.mail.threads import Folder, Thread, with_absorbed
from chalicelib.storage import (
    keys,
    mail_keys,
    reading,
    sent_threads,
    spelling,
    thread_reading,
)
from chalicelib.storage.anchors import Anchors, Filing, Known, Pointer
from chalicelib.storage.listing import Listing
from chalicelib.storage.rows.threads import (
    AbsorbedRow,
    KnownMessageRow,
    LinkRow,
    MessageRow,
    PointerRow,
    SubjectRow,
    ThreadRow,
    ThreadWordRow,
)
from chalicelib.storage.transaction import Transaction

__all__ = ["SentMail", "ThreadStore"]


class ThreadStore:
    """The threads of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def get(self, thread_id: ThreadId) -> Thread:
        """Read a thread strongly, or the one it merged into; raises MissingError."""
        thread = self.find(thread_id)
        if thread is None:
            raise MissingError(kind=keys.THREAD, id=thread_id)
        return thread

    def find(self, thread_id: ThreadId) -> Thread | None:
        """Read a thread strongly, or the one it merged into."""
        return thread_reading.living(self._tenant_id, [thread_id]).get(thread_id)

    def new_id(self, owner_id: UserId, of: MessageKey | ThreadId, *, variant: str = "") -> ThreadId:
        """Name the thread that a message begins, or that duplicates one; always the same."""
        return keys.new_thread_id(self._tenant_id, owner_id, of, variant)

    def id_of_enrollment(self, enrollment_id: EnrollmentId) -> ThreadId:
        """Name the thread that an enrollment's mails begin."""
        return keys.enrollment_thread_id(enrollment_id)

    def anchors(
        self, owner_id: UserId, key: MessageKey, ids: Collection[WireId], *, variant: str = ""
    ) -> Anchors:
        """Read what the ids of a message lead to."""
        known_pk = keys.message_pointer(self._tenant_id, owner_id, key, variant)
        id_by_pk = {keys.wire_pointer(self._tenant_id, owner_id, each): each for each in ids}
        raws = reading.many([(pk, keys.HEAD) for pk in (known_pk, *id_by_pk)])
        known = None
        pointer_by_id: dict[WireId, Pointer] = {}
        for raw in raws:
            pk = raw["pk"]["S"]
            if pk == known_pk:
                known = Known.of(KnownMessageRow.from_raw_data(raw))
            else:
                pointer_by_id[id_by_pk[pk]] = Pointer.of(PointerRow.from_raw_data(raw))
        named = [each.thread_id for each in pointer_by_id.values()]
        living = thread_reading.living(self._tenant_id, named)
        return Anchors(
            known=known,
            pointer_by_id=pointer_by_id,
            thread_by_id={
                each: living[pointer.thread_id]
                for each, pointer in pointer_by_id.items()
                if pointer.thread_id in living
            },
        )

    def file(self, filing: Filing) -> None:
        """Write a message, its thread and all pointers; raises StaleWriteError if others did."""
        thread = replace(filing.thread, version=filing.thread.version + 1)
        with Transaction() as tx:
            self._put_thread(tx, thread, is_new=filing.before is None)
            tx.put(MessageRow.of(self._tenant_id, filing.message))
            self._put_pointers(tx, filing)
            self._put_links(tx, thread, filing.before)
            self._put_choice(tx, thread, filing.before)
            self._put_words(tx, thread, filing)

    def merge(self, into: Thread, absorbed: Thread) -> None:
        """Make two threads one; raises StaleWriteError if either has changed since it was read."""
        united = with_absorbed(into, absorbed)
        ended = replace(absorbed, merged_into=into.id, version=absorbed.version + 1)
        with Transaction() as tx:
            self._put_thread(tx, replace(united, version=into.version + 1), is_new=False)
            self._put_thread(tx, ended, is_new=False)
            self._put_choice(tx, united, into)
            tx.put(
                AbsorbedRow(
                    keys.thread(self._tenant_id, into.id),
                    keys.thread_absorbed(absorbed.id),
                    thread_id=absorbed.id,
                )
            )

    def save(self, thread: Thread, *, before: Thread) -> Thread:
        """Write a thread whose link has changed; raises StaleWriteError."""
        after = replace(thread, version=before.version + 1)
        with Transaction() as tx:
            self._put_thread(tx, after, is_new=False)
            self._put_links(tx, after, before)
            self._put_choice(tx, after, before)
            for ref in set(before.links) - set(after.links):
                tx.delete(self._link_row(after, ref))
        return after

    def listed_at(self, sent: SentMail | None) -> tuple[str, str] | None:
        """Return the place in a list that history takes for the thread a mail begins."""
        return sent_threads.listed_at(self._tenant_id, sent)

    def put_sent(self, tx: Transaction, sent: SentMail, *, is_listed: bool = False) -> None:
        """Add a mail that an enrollment sent: its thread, and the pointer to it.

        Repeating it changes nothing. `is_listed`: history lists the thread (`sent_threads`).
        """
        sent_threads.add(tx, self._tenant_id, sent, is_listed=is_listed)

    def list_page(
        self,
        owner_id: UserId,
        *,
        limit: int,
        cursor: Mapping[str, object] | None,
        folder: Folder | None = None,
    ) -> Listing[Thread]:
        """Return an owner's threads, of one folder or of all; the latest message first."""
        folders = [folder] if folder else list(Folder)
        lists = [mail_keys.folder(self._tenant_id, owner_id, each) for each in folders]
        return thread_reading.list_page(self._tenant_id, lists, limit=limit, cursor=cursor)

    def list_page_of_choices(
        self, owner_id: UserId, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[Thread]:
        """Return an owner's threads for which a person must choose, the latest begun first."""
        lists = [mail_keys.choices(self._tenant_id, owner_id)]
        return thread_reading.list_page(self._tenant_id, lists, limit=limit, cursor=cursor)

    def list_page_of_item(
        self,
        ref: ItemRef,
        *,
        limit: int,
        cursor: Mapping[str, object] | None,
        past: Collection[ItemRef] = (),
    ) -> Listing[Thread]:
        """Return the threads that are linked to an item, or to what it was in the `past`."""
        refs = {ref, *past}
        lists = [mail_keys.item_threads(self._tenant_id, each) for each in sorted(refs)]
        page = thread_reading.list_page(self._tenant_id, lists, limit=limit, cursor=cursor)
        begun: list[Thread] = []
        for each in sorted(refs) if cursor is None else ():
            if each.kind in LINKABLE:
                begun.extend(thread_reading.begun_by_enrollments(self._tenant_id, each))
        rows = list({each.id: each for each in (*begun, *page.rows)}.values())
        # The index also knows links that were taken away since.
        linked = [each for each in rows if not refs.isdisjoint(each.links)]
        return Listing(rows=linked, cursor=page.cursor)

    def search(
        self,
        owner_id: UserId,
        words: Collection[str],
        *,
        limit: int,
        cursor: Mapping[str, object] | None,
    ) -> Listing[Thread]:
        """Return an owner's threads that have a word beginning with each of `words`."""
        found = thread_reading.found_by_words(self._tenant_id, owner_id, words)
        left = [each for each in found if cursor is None or each > str(cursor["after"])]
        page = left[:limit]
        rows = thread_reading.each_once(self._tenant_id, page)
        newest = sorted(rows, key=lambda each: each.last_message_at, reverse=True)
        return Listing(rows=newest, cursor={"after": page[-1]} if len(left) > limit else None)

    def of_subject(self, owner_id: UserId, plain: str) -> list[Thread]:
        """Return an owner's threads that began with this subject: a hint, never evidence."""
        return thread_reading.of_subject(self._tenant_id, owner_id, plain) if plain else []

    def _put_thread(self, tx: Transaction, thread: Thread, *, is_new: bool) -> None:
        """Write a thread whose version is the next one."""
        condition = (
            ThreadRow.pk.does_not_exist() if is_new else ThreadRow.version == thread.version - 1
        )
        refusal = StaleWriteError(kind=keys.THREAD, id=thread.id)
        tx.put(ThreadRow.of(self._tenant_id, thread), condition, refusal=refusal)

    def _put_pointers(self, tx: Transaction, filing: Filing) -> None:
        owner_id, message = filing.thread.owner_id, filing.message
        known = keys.message_pointer(self._tenant_id, owner_id, message.key, filing.variant)
        row = KnownMessageRow(
            known, keys.HEAD, thread_id=message.thread_id, delivery_id=filing.delivery_id
        )
        tx.put(row, KnownMessageRow.pk.does_not_exist())
        for each in filing.ids:
            pk = keys.wire_pointer(self._tenant_id, owner_id, each)
            pointer = filing.anchors.pointer_by_id.get(each)
            own_key = message.key if each == message.wire_id else None
            if pointer is None:
                new = PointerRow(pk, keys.HEAD, thread_id=message.thread_id, message_key=own_key)
                tx.put(new, PointerRow.pk.does_not_exist())
            elif own_key is not None and pointer.message_key is None:
                ghost = PointerRow(pk, keys.HEAD)
                tx.update(
                    ghost,
                    [PointerRow.message_key.set(own_key)],
                    PointerRow.message_key.does_not_exist(),
                )

    def _put_links(self, tx: Transaction, after: Thread, before: Thread | None) -> None:
        """List the thread under what is newly linked.

        The mails of an enrollment list their thread under two things at most; the first answer
        lists it under all.
        """
        is_listed = before is not None and (before.has_incoming or not before.enrollment_id)
        had = set(before.links) if before is not None and is_listed else set()
        for ref in after.links:
            if ref not in had:
                tx.put(self._link_row(after, ref))

    def _link_row(self, thread: Thread, ref: ItemRef) -> LinkRow:
        return LinkRow(
            keys.thread(self._tenant_id, thread.id),
            keys.thread_link(ref),
            list_pk=mail_keys.item_threads(self._tenant_id, ref),
            list_sk=f"{spelling.instant(thread.started_at)}#{thread.id}",
        )

    def _put_choice(self, tx: Transaction, after: Thread, before: Thread | None) -> None:
        """List the thread among those for which a person must choose, or no longer."""
        had = before is not None and before.link.needs_choice
        if had == after.link.needs_choice:
            return
        row = LinkRow(keys.thread(self._tenant_id, after.id), mail_keys.CHOICE)
        if had:
            tx.delete(row)
            return
        row.list_pk = mail_keys.choices(self._tenant_id, after.owner_id)
        row.list_sk = f"{spelling.instant(after.started_at)}#{after.id}"
        tx.put(row)

    def _put_words(self, tx: Transaction, thread: Thread, filing: Filing) -> None:
        """Have the thread found by the words of its first message, and of its first answer."""
        for word in filing.words:
            pk = mail_keys.thread_words(self._tenant_id, thread.owner_id, word)
            tx.put(ThreadWordRow(pk, mail_keys.thread_word(word, thread.id), thread_id=thread.id))
        if filing.before is None and filing.subject:
            pk = mail_keys.subject(self._tenant_id, thread.owner_id, filing.subject)
            tx.put(SubjectRow(pk, thread.id, thread_id=thread.id))
