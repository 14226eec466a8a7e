"""The thread of an enrollment, as its own mails write it: two small writes, no read.

These writes join the transaction that settles a mail on the ledger, where every unit is counted. So
they are updates that need to know nothing: what is there already stays. A mail that an enrollment
sent is no row of its own in its thread: whoever reads the thread reads the ledger beside it.
"""

from typing import Any, Final

from pynamodb.expressions.update import Action

from chalicelib.domain.crm.items import LINKABLE, ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, MessageKey, TenantId, WireId
from chalicelib.domain.mail.filed import FiledMessage, SentMail
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.message import Direction, Mailbox
from chalicelib.domain.mail.threads import Folder, Link
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.storage import keys, mail_keys, spelling
from chalicelib.storage.rows.threads import LinkRow, PointerRow, ThreadRow, compact
from chalicelib.storage.transaction import Transaction

_MARK_CHARACTERS: Final = 8


def add(tx: Transaction, tenant_id: TenantId, sent: SentMail, *, is_listed: bool) -> None:
    """Add the thread and the pointer of a sent mail to `tx`; the message is the ledger's row.

    `is_listed`: a line of history lists the thread under the first of its people (`listed_at`).
    """
    thread_id = keys.enrollment_thread_id(sent.enrollment_id)
    pointer = PointerRow(
        keys.wire_pointer(tenant_id, sent.owner_id, sent.wire_id),
        keys.HEAD,
        thread_id=thread_id,
        message_key=key_of(sent.enrollment_id, sent.wire_id),
        step_id=sent.step_id,
    )
    # The pointer and a line of history list the thread under what it is linked to, its own row
    # under its owner. The item itself finds the thread by its enrollments.
    people = _listed_under(sent) if sent.is_first else []
    for ref in people[1:2]:
        pointer.list_pk, pointer.list_sk = _list_keys(tenant_id, ref, sent)
    for ref in people[:1] if not is_listed else []:
        link = LinkRow(keys.thread(tenant_id, thread_id), keys.thread_link(ref))
        link.list_pk, link.list_sk = _list_keys(tenant_id, ref, sent)
        tx.put(link)
    tx.update(ThreadRow(keys.thread(tenant_id, thread_id), keys.HEAD), _changes(tenant_id, sent))
    tx.put(pointer)


def listed_at(tenant_id: TenantId, sent: SentMail | None) -> tuple[str, str] | None:
    """Return the place in a list that a line of history takes for the thread it begins."""
    people = _listed_under(sent) if sent is not None and sent.is_first else []
    return _list_keys(tenant_id, people[0], sent) if sent is not None and people else None


def message_of(entry: LedgerEntry) -> FiledMessage | None:
    """Return the message that a row of the ledger is, if it went out."""
    if entry.state is not SendState.SENT or entry.wire_id is None or entry.sent_at is None:
        return None
    return FiledMessage(
        key=key_of(entry.enrollment_id, entry.wire_id),
        thread_id=keys.enrollment_thread_id(entry.enrollment_id),
        wire_id=entry.wire_id,
        direction=Direction.OUTGOING,
        from_=(Mailbox(entry.sender),) if entry.sender else (),
        to=tuple(Mailbox(each) for each in entry.recipients),
        subject=entry.subject,
        sent_at=entry.sent_at,
        received_at=entry.sent_at,
        body_key=entry.mime_key,
        step_id=entry.step_id,
    )


def key_of(enrollment_id: EnrollmentId, wire_id: WireId) -> MessageKey:
    """Name the message that an enrollment sent."""
    return MessageKey(spelling.digest("sent", enrollment_id, wire_id))


def _list_keys(tenant_id: TenantId, ref: ItemRef, sent: SentMail) -> tuple[str, str]:
    thread_id = keys.enrollment_thread_id(sent.enrollment_id)
    list_pk = mail_keys.item_threads(tenant_id, ref)
    return list_pk, f"{spelling.instant(sent.sent_at)}#{thread_id}"


def _changes(tenant_id: TenantId, sent: SentMail) -> list[Action]:
    at = spelling.instant(sent.sent_at)
    thread_id = keys.enrollment_thread_id(sent.enrollment_id)
    mark = spelling.digest(sent.wire_id)[:_MARK_CHARACTERS]
    once: list[tuple[Any, object]] = [
        (ThreadRow.owner_id, sent.owner_id),
        (ThreadRow.subject, sent.subject),
        (ThreadRow.started_at, at),
        (ThreadRow.link, compact(_link(sent.item))),
        (ThreadRow.enrollment_id, sent.enrollment_id),
        (ThreadRow.enrolled, compact(sent.item)),
        (ThreadRow.list_pk, mail_keys.folder(tenant_id, sent.owner_id, Folder.SENT)),
    ]
    persons, organizations = _people(sent)
    if persons:
        once.append((ThreadRow.persons, persons))
    if organizations:
        once.append((ThreadRow.organizations, organizations))
    return [
        *(attribute.set(attribute | value) for attribute, value in once),
        ThreadRow.last_message_at.set(at),
        ThreadRow.list_sk.set(f"{at}#{thread_id}"),
        ThreadRow.sent.add({mark}),
        ThreadRow.version.add(1),
    ]


def _link(item: ItemRef) -> Link:
    """Row b of the table: an enrolled lead or deal fills the slot, persons leave it open."""
    if item.kind in LINKABLE:
        return Link(item=item, reason=Reason.ENROLLMENT)
    return Link(reason=Reason.NO_OPEN_ITEM)


def _people(sent: SentMail) -> tuple[list[ItemId], list[ItemId]]:
    """Return the persons and the organizations that the mail's enrollment is about."""
    item = sent.item
    persons = [item.id] if item.kind is ItemKind.PERSON else []
    organizations = [item.id] if item.kind is ItemKind.ORGANIZATION else []
    if sent.person_id and sent.person_id not in persons:
        persons.append(sent.person_id)
    if sent.organization_id and sent.organization_id not in organizations:
        organizations.append(sent.organization_id)
    return persons, organizations


def _listed_under(sent: SentMail) -> list[ItemRef]:
    """Return what the thread is listed under: an enrolled lead's people, for it needs no list."""
    persons, organizations = _people(sent)
    people = [
        *(ItemRef(ItemKind.PERSON, each) for each in persons),
        *(ItemRef(ItemKind.ORGANIZATION, each) for each in organizations),
    ]
    return people if sent.item.kind in LINKABLE else list(dict.fromkeys((sent.item, *people)))
