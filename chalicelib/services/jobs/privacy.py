"""Privacy: what is kept of a person as one file, and a person taken out of what is kept.

Both go thread by thread. Erasing empties mails before it empties the person, whose addresses say
which mails those are; so a job that was cut begins again with what is left.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.domain.jobs.job import HopelessError, Job, JobKind, Page
from chalicelib.domain.mail.filed import FiledMessage
from chalicelib.domain.mail.threads import Thread
from chalicelib.domain.sequences.ledger import SendState
from chalicelib.services import enrollments
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking, erasing_intake
from chalicelib.storage import keys
from chalicelib.storage.transaction import Transaction

THREADS_A_PAGE = 5
EXPORT_FILE = "person.json"
NOBODY = "erased"
ERASED = "Erased"
"""What a person, and their name in the title of a deal, becomes."""
_MOST_MESSAGES = 1_000
"""Of one thread; more are no correspondence."""


def ask(kind: JobKind, person_id: ItemId, *, caller: Caller, bench: Bench) -> Job:
    """Begin to export or to erase a person, as an admin."""
    require(caller, Right.MANAGE_PRIVACY)
    person = bench.stores.items.get(ItemRef(ItemKind.PERSON, person_id))
    about = {"person_id": person.ref.id}
    return asking.ask(kind, asked_by=caller.user_id, about=about, bench=bench)


def export(job: Job, bench: Bench) -> Iterator[Page]:
    """Write all that is kept of a person into one file."""
    person = _person(job, bench)
    part, done = int(str(job.position.get("part", 0))), job.done
    for threads, position in _threads(person, job, bench):
        told = [_thread_told(each, bench) for each in threads]
        bench.stores.job_files.put(job.id, f"part-{part}.json", msgspec.json.encode(told))
        part, done = part + 1, done + len(threads)
        yield Page(done=done, position={**position, "part": part}, report={"threads": done})
    parts = [bench.stores.job_files.find(job.id, f"part-{at}.json") for at in range(part)]
    whole = {
        "person": msgspec.to_builtins(person),
        "enrollments": [_enrollment_told(each, bench) for each in _enrolled(person, bench)],
        "open_items": msgspec.to_builtins(bench.stores.items.open_items_of(person.ref.id)),
        "threads": [each for part in parts for each in msgspec.json.decode(part or b"[]")],
    }
    bench.stores.job_files.put(job.id, EXPORT_FILE, msgspec.json.encode(whole))
    report = {"file": EXPORT_FILE}
    yield Page(done=done, total=done, position={"part": part, "is_read": True}, report=report)


def erase(job: Job, bench: Bench) -> Iterator[Page]:
    """Take a person out: sequences, mails, words, addresses, and the person last."""
    person = _person(job, bench)
    _leave_sequences(person, bench)
    addresses = {each.address for each in person.emails}
    done = job.done
    for threads, position in _threads(person, job, bench):
        for thread in threads:
            _empty(thread, addresses, bench)
        done += len(threads)
        yield Page(done=done, position=position, report={"threads": done})
    enrolled = _enrolled(person, bench)
    for enrollment_id in enrolled:
        _empty_enrollment(enrollment_id, bench)
    for each in bench.stores.items.open_items_of(person.ref.id):
        _rename(each.ref, person.title, bench)
    for address in addresses:
        if bench.stores.addresses.suppression(address) is not None:
            bench.stores.erasures.forget_address(address)
    erasing_intake.forget_kept_apart(addresses, bench)
    _empty_person(person, bench)
    report = {"threads": done, "enrollments": len(enrolled), "addresses": len(addresses)}
    is_done_already = "enrollments" in job.report
    yield Page(
        done=done,
        total=done,
        position={"is_read": True},
        report=dict(job.report) if is_done_already else {**report, "kept": _KEPT},
    )


_KEPT = (
    "That mails were sent (ledger: when, by which step, wire id), counts, the audit (names of "
    "fields only), suppressions by hash. Notes, closed leads and deals, and mails of other threads "
    "are not read: check them by hand. Old versions of files end after 30 days, backups after 35, "
    "and what the mail service wrote of a mail that came to others as well after 90."
)


def _person(job: Job, bench: Bench) -> Item:
    person = bench.stores.items.find(ItemRef(ItemKind.PERSON, ItemId(str(job.about["person_id"]))))
    if person is None:
        raise HopelessError(why="The person is gone.")
    return person


def _threads(
    person: Item, job: Job, bench: Bench
) -> Iterator[tuple[list[Thread], Mapping[str, object]]]:
    """Yield the threads of a person from where the job stands, with where it stands then."""
    if job.position.get("is_read"):
        return
    at: Any = job.position.get("cursor")  # as it was kept in JSON
    while True:
        page = bench.stores.threads.list_page_of_item(person.ref, limit=THREADS_A_PAGE, cursor=at)
        at = page.cursor
        yield page.rows, {"cursor": at, "is_read": at is None}
        if at is None:
            return


def _messages(thread: Thread, bench: Bench) -> list[FiledMessage]:
    return bench.stores.messages.list_page(thread.id, limit=_MOST_MESSAGES, cursor=None).rows


def _thread_told(thread: Thread, bench: Bench) -> dict[str, object]:
    messages = []
    for each in _messages(thread, bench):
        head = msgspec.to_builtins(each)
        text = bench.stores.messages.read(each.body_key).decode("utf-8", "replace")
        messages.append({**head, "content": text})
    return {"id": thread.id, "subject": thread.subject, "messages": messages}


def _enrolled(person: Item, bench: Bench) -> list[EnrollmentId]:
    """Return every enrollment of the person and of their open items, earlier ones too."""
    tenant_id = bench.stores.tenant_id
    theirs = [each.ref for each in bench.stores.items.open_items_of(person.ref.id)]
    return [
        keys.enrollment_id(tenant_id, each.sequence_id, ref, number)
        for ref in (person.ref, *theirs)
        for each in bench.stores.enrollments.rotations_of(ref)
        for number in range(1, each.number + 1)
    ]


def _empty_enrollment(enrollment_id: EnrollmentId, bench: Bench) -> None:
    """Empty the mails of an enrollment, what users wrote into its tasks, and to whom it wrote."""
    stores = bench.stores
    stores.erasures.delete_outgoing(enrollment_id)
    for task in stores.tasks.of_enrollment(enrollment_id):
        stores.erasures.empty_task(task)
    for entry in stores.ledger.of_enrollment(enrollment_id):
        if entry.state is SendState.SENDING and entry.lease_until > bench.now():
            raise StateError(kind="mail", state="being sent", remedy="it is erased after that")
        emptied = replace(entry, recipients=(NOBODY,), subject="")
        if emptied != entry:
            with Transaction() as tx:
                stores.ledger.revise(tx, entry, emptied)


def _rename(ref: ItemRef, name: str, bench: Bench) -> None:
    """Take the person's name out of the title of a lead, deal or project."""
    item = bench.stores.items.get(ref)
    title = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ERASED, item.title, flags=re.IGNORECASE)
    if name and title != item.title:
        bench.stores.items.save(replace(item, title=title, updated_at=bench.now()))


def _enrollment_told(enrollment_id: EnrollmentId, bench: Bench) -> dict[str, object]:
    history = bench.stores.enrollments.history(enrollment_id)
    return {"id": enrollment_id, "history": msgspec.to_builtins(history)}


def _leave_sequences(person: Item, bench: Bench) -> None:
    deleted = replace(person, status=ItemStatus.DELETED)
    with suppress(StateError):  # over meanwhile
        enrollments.leave_if_closed(deleted, bench=bench)


def _empty(thread: Thread, addresses: set[str], bench: Bench) -> None:
    """Empty what the person wrote or was written in a thread."""
    messages = [
        each
        for each in _messages(thread, bench)
        # What an enrollment sent is the ledger's, which may be emptied already.
        if {*addresses, NOBODY} & {box.address for box in (*each.from_, *each.to, *each.cc)}
    ]
    erasing_intake.forget_arrivals(thread, messages, bench)
    bench.stores.erasures.forget_words(thread, messages)
    for message in messages:
        bench.stores.erasures.empty_message(message, addresses)
    if messages and thread.subject:
        before = bench.stores.threads.get(thread.id)
        bench.stores.threads.save(replace(before, subject=""), before=before)


def _empty_person(person: Item, bench: Bench) -> None:
    """Leave a deleted person without a name, an address or anything else of theirs."""
    now = bench.now()
    emptied = Item(
        ref=person.ref,
        title=ERASED,
        owner_id=person.owner_id,
        status=ItemStatus.DELETED,
        status_before=ItemStatus.DELETED,
        do_not_email=True,
        do_not_call=True,
        created_at=person.created_at,
        updated_at=now,
        deleted_at=person.deleted_at or now,
        version=person.version,
    )
    bench.stores.items.save(emptied)
