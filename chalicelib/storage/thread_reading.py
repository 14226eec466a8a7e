"""Reading threads: through the pointers of those that merged, list by list, word by word."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import EnrollmentId, SequenceId, TenantId, ThreadId, UserId
from chalicelib.domain.mail.threads import Thread
from chalicelib.storage import keys, mail_keys, reading
from chalicelib.storage.listing import Listing
from chalicelib.storage.rows.enrollments import RotationRow
from chalicelib.storage.rows.threads import PointerRow, SubjectRow, ThreadRow, ThreadWordRow

_MOST_FOUND: Final = 1_000
"""Threads that one word of a search may find; more than anybody looks through."""
_MOST_BEGUN: Final = 20
"""Enrollments of one item that are asked for their threads."""
_MOST_OF_A_SUBJECT: Final = 10
_NONE: Final = EnrollmentId("")

Cursor = Mapping[str, object] | None


def living(tenant_id: TenantId, thread_ids: Collection[ThreadId]) -> dict[ThreadId, Thread]:
    """Read threads strongly, following the pointers of those that merged."""
    read: dict[ThreadId, Thread] = {}
    wanted = set(thread_ids)
    while wanted:
        pks = [(keys.thread(tenant_id, each), keys.HEAD) for each in wanted]
        for raw in reading.many(pks):
            thread = ThreadRow.from_raw_data(raw).to_domain()
            read[thread.id] = thread
        merged = {each.merged_into for each in read.values() if each.merged_into}
        wanted = merged - read.keys()
    return {each: _root(each, read) for each in thread_ids if each in read}


def _root(thread_id: ThreadId, read: Mapping[ThreadId, Thread]) -> Thread:
    thread = read[thread_id]
    while thread.merged_into is not None:
        thread = read[thread.merged_into]
    return thread


def each_once(tenant_id: TenantId, thread_ids: Sequence[ThreadId]) -> list[Thread]:
    """Return the living threads in this order, each once."""
    found = living(tenant_id, thread_ids)
    threads = {found[each].id: found[each] for each in thread_ids if each in found}
    return list(threads.values())


def list_page(
    tenant_id: TenantId, partitions: Sequence[str], *, limit: int, cursor: Cursor
) -> Listing[Thread]:
    """Return threads of lists, the latest first."""
    at = None if cursor is None else {shard: str(where) for shard, where in cursor.items()}
    found, at = reading.listed(partitions, limit=limit, cursor=at, is_newest_first=True)
    return Listing(rows=each_once(tenant_id, _named(tenant_id, found)), cursor=at)


def _named(tenant_id: TenantId, found: Sequence[reading.Key]) -> list[ThreadId]:
    """Return the threads of listed rows: all but pointers say by their partition which it is."""
    thread_by_pk = {pk: _thread_at(tenant_id, pk) for pk, _ in found}
    pointers = [key for key in found if thread_by_pk[key[0]] is None]
    thread_by_pk |= {
        raw["pk"]["S"]: ThreadId(PointerRow.from_raw_data(raw).thread_id)
        for raw in reading.many(pointers)
    }
    named = dict.fromkeys(thread_by_pk[pk] for pk, _ in found)
    return [each for each in named if each is not None]


def _thread_at(tenant_id: TenantId, pk: str) -> ThreadId | None:
    """Return the thread of a row in its own partition, or in that of its enrollment."""
    own, enrolled = keys.thread(tenant_id, ThreadId("")), keys.enrollment(tenant_id, _NONE)
    if pk.startswith(own):
        return ThreadId(pk.removeprefix(own))
    if pk.startswith(enrolled):
        return keys.enrollment_thread_id(EnrollmentId(pk.removeprefix(enrolled)))
    return None


def begun_by_enrollments(tenant_id: TenantId, item: ItemRef) -> list[Thread]:
    """Return the threads that enrollments of an item began and nobody has answered yet.

    The mails of an enrollment cannot afford a row that lists their thread under its item; but the
    item knows its enrollments, and those name their threads.
    """
    every = keys.rotation(SequenceId(""))
    rows = RotationRow.query(keys.item(tenant_id, item), RotationRow.sk.startswith(every))
    enrolled: list[EnrollmentId] = []
    for row in rows:
        sequence_id = SequenceId(row.sk.removeprefix(every))
        numbers = range(int(row.number), 0, -1)
        enrolled += [keys.enrollment_id(tenant_id, sequence_id, item, each) for each in numbers]
    ids = [keys.enrollment_thread_id(each) for each in enrolled[:_MOST_BEGUN]]
    begun = [each for each in each_once(tenant_id, ids) if not each.has_incoming]
    return sorted(begun, key=lambda each: each.started_at, reverse=True)


def found_by_words(tenant_id: TenantId, owner_id: UserId, words: Collection[str]) -> list[ThreadId]:
    """Return an owner's threads that have a word beginning with each of these, by their ids."""
    found: set[ThreadId] | None = None
    for word in words:
        rows = ThreadWordRow.query(
            mail_keys.thread_words(tenant_id, owner_id, word),
            ThreadWordRow.sk.startswith(word),
            limit=_MOST_FOUND,
        )
        ids = {ThreadId(row.thread_id) for row in rows}
        found = ids if found is None else found & ids
        if not found:
            return []
    return sorted(found or ())


def of_subject(tenant_id: TenantId, owner_id: UserId, plain: str) -> list[Thread]:
    """Return an owner's threads that began with this subject."""
    rows = SubjectRow.query(mail_keys.subject(tenant_id, owner_id, plain), limit=_MOST_OF_A_SUBJECT)
    return each_once(tenant_id, [ThreadId(row.thread_id) for row in rows])
