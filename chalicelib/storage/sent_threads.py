"""The thread of an enrollment, as its own mails write it: three small writes, no read.

These writes join the transaction that settles a mail on the ledger, where every unit is counted. So
they are updates that need to know nothing: what is there already stays.
"""

from typing import Any, Final

from pynamodb.expressions.update import Action

from chalicelib.domain.crm.items import LINKABLE, ItemKind, ItemRef
from chalicelib.domain.ids import ItemId, MessageKey, TenantId
from chalicelib.domain.mail.filed import FiledMessage, SentMail
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.message import Direction, Mailbox
from chalicelib.domain.mail.threads import Folder, Link
from chalicelib.storage import keys, mail_keys, spelling
from chalicelib.storage.rows.threads import MessageRow, PointerRow, ThreadRow, compact
from chalicelib.storage.transaction import Transaction

_MARK_CHARACTERS: Final = 8


def add(tx: Transaction, tenant_id: TenantId, sent: SentMail) -> None:
    """Add the thread, the message and the pointer of a sent mail to `tx`."""
    thread_id = keys.enrollment_thread_id(sent.enrollment_id)
    message = FiledMessage(
        key=MessageKey(spelling.digest("sent", sent.enrollment_id, sent.wire_id)),
        thread_id=thread_id,
        wire_id=sent.wire_id,
        direction=Direction.OUTGOING,
        from_=(Mailbox(sent.sender),) if sent.sender else (),
        to=tuple(Mailbox(each) for each in sent.recipients),
        subject=sent.subject,
        sent_at=sent.sent_at,
        received_at=sent.sent_at,
        body_key=sent.raw_key,
        step_id=sent.step_id,
    )
    row = MessageRow.of(tenant_id, message)
    pointer = PointerRow(
        keys.wire_pointer(tenant_id, sent.owner_id, sent.wire_id),
        keys.HEAD,
        thread_id=thread_id,
        message_key=message.key,
        step_id=sent.step_id,
    )
    # Two of the three rows list the thread under what it is linked to; the third lists it under
    # its owner. The item itself finds the thread by its enrollments.
    if sent.is_first:
        for listed, ref in zip((row, pointer), _listed_under(sent), strict=False):
            listed.list_pk = mail_keys.item_threads(tenant_id, ref)
            listed.list_sk = f"{spelling.instant(sent.sent_at)}#{thread_id}"
    tx.update(ThreadRow(keys.thread(tenant_id, thread_id), keys.HEAD), _changes(tenant_id, sent))
    tx.put(row)
    tx.put(pointer)


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
