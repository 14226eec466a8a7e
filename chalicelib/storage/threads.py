"""Keeps threads: joined by pointers, merged by pointer, listed by owner and by item.

A pointer leads from a Message-ID, seen or only named, to a thread and never changes. When threads
turn out to be one, the one that ends gets a pointer to the one that goes on; messages stay where
they are and are read through it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.crm.items import ItemRef
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
from chalicelib.domain.mail.threads import Thread, with_absorbed
from chalicelib.storage import keys, reading, sent_threads, spelling
from chalicelib.storage.anchors import Anchors, Filing, Known, Pointer
from chalicelib.storage.listing import Listing
from chalicelib.storage.rows.threads import (
    AbsorbedRow,
    KnownMessageRow,
    LinkRow,
    MessageRow,
    PointerRow,
    ThreadRow,
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
        return self._living([thread_id]).get(thread_id)

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
        living = self._living([each.thread_id for each in pointer_by_id.values()])
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

    def merge(self, into: Thread, absorbed: Thread) -> None:
        """Make two threads one; raises StaleWriteError if either has changed since it was read."""
        united = with_absorbed(into, absorbed)
        ended = replace(absorbed, merged_into=into.id, version=absorbed.version + 1)
        with Transaction() as tx:
            self._put_thread(tx, replace(united, version=into.version + 1), is_new=False)
            self._put_thread(tx, ended, is_new=False)
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
            for ref in set(before.links) - set(after.links):
                tx.delete(self._link_row(after, ref))
        return after

    def put_sent(self, tx: Transaction, sent: SentMail) -> None:
        """Add a mail that an enrollment sent: its thread, its message, the pointer to both.

        Three writes, and repeating them changes nothing.
        """
        sent_threads.add(tx, self._tenant_id, sent)

    def list_page(
        self, owner_id: UserId, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[Thread]:
        """Return an owner's threads, the latest message first."""
        return self._page(keys.threads_list(self._tenant_id, owner_id), limit, cursor)

    def list_page_of_item(
        self, ref: ItemRef, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[Thread]:
        """Return the threads that are linked to an item, a person or an organization."""
        page = self._page(keys.item_threads_list(self._tenant_id, ref), limit, cursor)
        # The index also knows links that were taken away since.
        return Listing(rows=[each for each in page.rows if ref in each.links], cursor=page.cursor)

    def _page(
        self, list_pk: str, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[Thread]:
        at = None if cursor is None else {shard: str(where) for shard, where in cursor.items()}
        found, at = reading.listed([list_pk], limit=limit, cursor=at, is_newest_first=True)
        named = self._named(found)
        living = self._living(named)
        threads = {living[each].id: living[each] for each in named if each in living}
        return Listing(rows=list(threads.values()), cursor=at)

    def _named(self, found: Sequence[reading.Key]) -> list[ThreadId]:
        """Return the threads of listed rows: all but pointers stand in their thread's partition."""
        prefix = keys.thread(self._tenant_id, ThreadId(""))
        pointers = [key for key in found if not key[0].startswith(prefix)]
        thread_by_pk = {
            raw["pk"]["S"]: ThreadId(PointerRow.from_raw_data(raw).thread_id)
            for raw in reading.many(pointers)
        }
        named = [
            ThreadId(pk.removeprefix(prefix)) if pk.startswith(prefix) else thread_by_pk.get(pk)
            for pk, _ in found
        ]
        return [each for each in dict.fromkeys(named) if each is not None]

    def _living(self, thread_ids: Collection[ThreadId]) -> dict[ThreadId, Thread]:
        """Read threads, following the pointers of those that merged."""
        read: dict[ThreadId, Thread] = {}
        wanted = set(thread_ids)
        while wanted:
            pks = [(keys.thread(self._tenant_id, each), keys.HEAD) for each in wanted]
            for raw in reading.many(pks):
                thread = ThreadRow.from_raw_data(raw).to_domain()
                read[thread.id] = thread
            merged = {each.merged_into for each in read.values() if each.merged_into}
            wanted = merged - read.keys()
        return {each: _root(each, read) for each in thread_ids if each in read}

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
            list_pk=keys.item_threads_list(self._tenant_id, ref),
            list_sk=f"{spelling.instant(thread.started_at)}#{thread.id}",
        )


def _root(thread_id: ThreadId, read: Mapping[ThreadId, Thread]) -> Thread:
    thread = read[thread_id]
    while thread.merged_into is not None:
        thread = read[thread.merged_into]
    return thread
