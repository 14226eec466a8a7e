"""Threads with their pointers, links and messages."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import (
    DeliveryId,
    EnrollmentId,
    ItemId,
    MessageKey,
    SequenceId,
    StepId,
    ThreadId,
    UserId,
    WireId,
)
from chalicelib.domain.mail.filed import AttachmentHead, Body, FiledMessage, SentMail
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.message import Attachment, Direction, Mailbox
from chalicelib.domain.mail.threads import Link, Thread, linked_by_hand, with_message
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.storage.anchors import Filing, Known, Pointer
from chalicelib.storage.rows.base import Row
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW

SALLY: Final = UserId("user-sally")
ENROLLED: Final = EnrollmentId("e" * 26)
LEAD: Final = ItemRef(ItemKind.LEAD, ItemId("lead-1"))
DEAL: Final = ItemRef(ItemKind.DEAL, ItemId("deal-1"))
PAULA: Final = ItemRef(ItemKind.PERSON, ItemId("person-paula"))
ACME: Final = ItemRef(ItemKind.ORGANIZATION, ItemId("org-acme"))


def a_message(key: str) -> FiledMessage:
    return FiledMessage(
        key=MessageKey(key),
        thread_id=ThreadId(f"thread-{key}"),
        wire_id=WireId(f"{key}@x.test"),
        direction=Direction.OUTGOING,
        from_=(Mailbox("sally@northwind.test", "Sally"),),
        to=(Mailbox("paula@acme.test"),),
        subject="Chairs",
        sent_at=NOW,
        received_at=NOW,
        body_key="t/aaaaaaaaaa/bodies/x.json",
    )


def a_thread(key: str) -> Thread:
    return Thread(
        id=ThreadId(f"thread-{key}"),
        owner_id=SALLY,
        subject="Chairs",
        started_at=NOW,
        last_message_at=NOW,
        received=1,
        link=Link(item=DEAL, reason=Reason.ONLY_OPEN_ITEM),
        persons=(PAULA.id,),
    )


def a_filing(stores: Stores, key: str, *ancestors: str) -> Filing:
    """A message that begins a thread."""
    ids = [WireId(f"{each}@x.test") for each in (key, *ancestors)]
    return Filing(
        thread=a_thread(key),
        before=None,
        message=a_message(key),
        ids=ids,
        anchors=stores.threads.anchors(SALLY, MessageKey(key), ids),
        delivery_id=DeliveryId("delivery-1"),
    )


def a_sent_mail() -> SentMail:
    return SentMail(
        enrollment_id=ENROLLED,
        owner_id=SALLY,
        item=LEAD,
        wire_id=WireId("ses-1@x.test"),
        recipients=("paula@acme.test",),
        subject="Hello",
        raw_key="t/aaaaaaaaaa/outgoing/x",
        sent_at=NOW,
        sender="sally@northwind.test",
        step_id=StepId("a1"),
        person_id=PAULA.id,
        organization_id=ACME.id,
    )


def put_sent(stores: Stores, sent: SentMail) -> None:
    with Transaction() as tx:
        stores.threads.put_sent(tx, sent)


def put_in_ledger(stores: Stores, sent: SentMail) -> None:
    entry = LedgerEntry(
        enrollment_id=sent.enrollment_id,
        sequence_id=SequenceId("sequence-1"),
        step_id=sent.step_id or StepId("a1"),
        state=SendState.SENT,
        attempt=1,
        lease_owner="worker",
        lease_until=NOW,
        mime_key=sent.raw_key,
        sender=sent.sender,
        recipients=sent.recipients,
        subject=sent.subject,
        wire_id=sent.wire_id,
        sent_at=sent.sent_at,
    )
    with Transaction() as tx:
        stores.ledger.claim(tx, entry, is_by_hand=False)


def test_a_filed_message_is_found_by_every_id_it_names(stores: Stores) -> None:
    stores.threads.file(a_filing(stores, "m1", "m0"))

    ids = [WireId("m0@x.test"), WireId("m1@x.test"), WireId("unknown@x.test")]
    anchors = stores.threads.anchors(SALLY, MessageKey("m1"), ids)

    thread = replace(a_thread("m1"), version=1)
    assert stores.threads.get(thread.id) == thread
    assert anchors.known == Known(thread_id=thread.id, delivery_id=DeliveryId("delivery-1"))
    assert anchors.pointer_by_id == {
        "m0@x.test": Pointer(thread_id=thread.id, message_key=None, step_id=None),
        "m1@x.test": Pointer(thread_id=thread.id, message_key=MessageKey("m1"), step_id=None),
    }
    assert anchors.thread_by_id == {"m0@x.test": thread, "m1@x.test": thread}
    assert stores.messages.get(thread.id, MessageKey("m1")) == a_message("m1")


def test_a_ghost_becomes_the_message_that_bears_its_id(stores: Stores) -> None:
    stores.threads.file(a_filing(stores, "m1", "m0"))
    filing = a_filing(stores, "m0")
    before = stores.threads.get(ThreadId("thread-m1"))
    message = replace(a_message("m0"), thread_id=before.id)

    stores.threads.file(
        replace(
            filing,
            before=before,
            thread=with_message(before, sent_at=NOW, is_incoming=True),
            message=message,
        )
    )

    anchors = stores.threads.anchors(SALLY, MessageKey("m0"), [WireId("m0@x.test")])
    assert anchors.pointer_by_id[WireId("m0@x.test")].message_key == "m0"
    assert stores.threads.get(before.id).message_count == 2


def test_of_two_who_file_at_once_the_second_must_decide_anew(stores: Stores) -> None:
    first, second = a_filing(stores, "m1", "m0"), a_filing(stores, "m2", "m0")
    stores.threads.file(first)

    with pytest.raises(StaleWriteError):
        stores.threads.file(second)

    assert stores.threads.find(ThreadId("thread-m2")) is None


def test_a_thread_is_listed_under_its_owner_and_all_that_it_is_linked_to(stores: Stores) -> None:
    stores.threads.file(a_filing(stores, "m1"))

    owners = stores.threads.list_page(SALLY, limit=5, cursor=None)
    deals = stores.threads.list_page_of_item(DEAL, limit=5, cursor=None)
    paulas = stores.threads.list_page_of_item(PAULA, limit=5, cursor=None)

    assert [each.rows for each in (owners, deals, paulas)] == [
        [replace(a_thread("m1"), version=1)]
    ] * 3


def test_threads_are_listed_page_by_page_the_latest_first(stores: Stores) -> None:
    for number in range(3):
        filing = a_filing(stores, f"m{number}")
        thread = replace(filing.thread, last_message_at=NOW + timedelta(days=number))
        stores.threads.file(replace(filing, thread=thread))

    first = stores.threads.list_page(SALLY, limit=2, cursor=None)
    second = stores.threads.list_page(SALLY, limit=2, cursor=first.cursor)

    assert [each.id for each in first.rows] == ["thread-m2", "thread-m1"]
    assert [each.id for each in second.rows] == ["thread-m0"]
    assert second.cursor is None


def test_a_link_that_was_changed_is_listed_where_it_leads_now(stores: Stores) -> None:
    stores.threads.file(a_filing(stores, "m1"))
    before = stores.threads.get(ThreadId("thread-m1"))

    stores.threads.save(linked_by_hand(before, LEAD), before=before)

    assert stores.threads.list_page_of_item(DEAL, limit=5, cursor=None).rows == []
    [listed] = stores.threads.list_page_of_item(LEAD, limit=5, cursor=None).rows
    assert listed.link.is_by_hand


def test_a_link_is_not_saved_over_somebody_elses_change(stores: Stores) -> None:
    stores.threads.file(a_filing(stores, "m1"))
    before = stores.threads.get(ThreadId("thread-m1"))
    stores.threads.save(linked_by_hand(before, LEAD), before=before)

    with pytest.raises(StaleWriteError):
        stores.threads.save(linked_by_hand(before, DEAL), before=before)


def test_merged_threads_are_read_as_one(stores: Stores) -> None:
    for key in ("m1", "m2", "m3"):
        stores.threads.file(a_filing(stores, key))
    read = stores.threads.get
    stores.threads.merge(read(ThreadId("thread-m2")), read(ThreadId("thread-m3")))
    stores.threads.merge(read(ThreadId("thread-m1")), read(ThreadId("thread-m2")))

    thread = read(ThreadId("thread-m3"))
    messages = stores.messages.list_page(thread.id, limit=2, cursor=None)
    rest = stores.messages.list_page(thread.id, limit=2, cursor=messages.cursor)

    assert (thread.id, thread.message_count) == ("thread-m1", 3)
    assert [each.key for each in (*messages.rows, *rest.rows)] == ["m1", "m2", "m3"]
    assert rest.cursor is None
    assert stores.messages.get(thread.id, MessageKey("m3")).wire_id == "m3@x.test"
    assert [each.id for each in stores.threads.list_page(SALLY, limit=9, cursor=None).rows] == [
        "thread-m1"
    ]


def test_a_sent_mail_begins_the_thread_of_its_enrollment(stores: Stores) -> None:
    put_in_ledger(stores, a_sent_mail())
    put_sent(stores, a_sent_mail())

    thread = stores.threads.get(stores.threads.id_of_enrollment(ENROLLED))

    assert (thread.owner_id, thread.subject, thread.message_count) == (SALLY, "Hello", 1)
    assert (thread.link.item, thread.link.reason) == (LEAD, Reason.ENROLLMENT)
    assert (thread.enrollment_id, thread.enrolled) == (ENROLLED, LEAD)
    assert thread.links == (LEAD, PAULA, ACME)
    [message] = stores.messages.list_page(thread.id, limit=5, cursor=None).rows
    assert (message.wire_id, message.direction, message.step_id) == (
        "ses-1@x.test",
        "outgoing",
        "a1",
    )
    for ref in (PAULA, ACME):
        assert stores.threads.list_page_of_item(ref, limit=5, cursor=None).rows == [thread]


def test_a_sent_mail_is_two_small_writes_and_repeating_them_changes_nothing(
    stores: Stores,
) -> None:
    tx = Transaction()
    stores.threads.put_sent(tx, a_sent_mail(), is_listed=True)
    assert len(tx) == 2

    put_sent(stores, a_sent_mail())
    put_sent(stores, a_sent_mail())

    rows = Row._get_connection().scan()["Items"]
    assert len(rows) == 3
    assert max(len(str(row)) for row in rows) < 1500
    thread = stores.threads.get(stores.threads.id_of_enrollment(ENROLLED))
    assert thread.message_count == 1


def test_what_an_enrollment_sent_stands_among_the_answers_page_by_page(stores: Stores) -> None:
    sent = a_sent_mail()
    later = replace(sent, wire_id=WireId("ses-2@x.test"), step_id=StepId("a2"))
    put_in_ledger(stores, sent)
    put_in_ledger(stores, replace(later, sent_at=NOW + timedelta(days=2)))
    put_sent(stores, sent)
    thread = stores.threads.get(stores.threads.id_of_enrollment(ENROLLED))
    answered_at = NOW + timedelta(days=1)
    answer = replace(a_message("m1"), thread_id=thread.id, sent_at=answered_at)
    grown = with_message(thread, sent_at=answered_at, is_incoming=True)
    filing = replace(a_filing(stores, "m1"), thread=grown, before=thread, message=answer)
    stores.threads.file(filing)

    first = stores.messages.list_page(thread.id, limit=2, cursor=None)
    rest = stores.messages.list_page(thread.id, limit=2, cursor=first.cursor)

    assert [each.wire_id for each in first.rows] == ["ses-1@x.test", "m1@x.test"]
    assert [each.wire_id for each in rest.rows] == ["ses-2@x.test"]
    assert rest.cursor is None
    [last] = rest.rows
    assert stores.messages.get(thread.id, last.key) == last


def test_later_mails_of_an_enrollment_join_its_thread_and_leave_its_link(stores: Stores) -> None:
    put_sent(stores, a_sent_mail())
    before = stores.threads.get(stores.threads.id_of_enrollment(ENROLLED))
    stores.threads.save(linked_by_hand(before, DEAL), before=before)
    later = NOW + timedelta(days=2)

    put_sent(
        stores,
        replace(a_sent_mail(), wire_id=WireId("ses-2@x.test"), sent_at=later, is_first=False),
    )

    thread = stores.threads.get(before.id)
    assert (thread.message_count, thread.last_message_at) == (2, later)
    assert (thread.started_at, thread.link.item) == (NOW, DEAL)


@pytest.mark.parametrize(
    "ref, links", [(PAULA, (PAULA, ACME)), (ACME, (PAULA, ACME)), (DEAL, (DEAL, PAULA, ACME))]
)
def test_only_leads_and_deals_fill_the_slot_of_an_enrollments_thread(
    stores: Stores, ref: ItemRef, links: tuple[ItemRef, ...]
) -> None:
    put_sent(stores, replace(a_sent_mail(), item=ref))

    thread = stores.threads.get(stores.threads.id_of_enrollment(ENROLLED))

    assert thread.links == links


def test_another_tenant_finds_none_of_it(stores: Stores, others_stores: Stores) -> None:
    stores.threads.file(a_filing(stores, "m1"))
    thread_id = ThreadId("thread-m1")

    anchors = others_stores.threads.anchors(SALLY, MessageKey("m1"), [WireId("m1@x.test")])

    assert (anchors.known, anchors.pointer_by_id) == (None, {})
    assert others_stores.threads.list_page(SALLY, limit=5, cursor=None).rows == []
    assert others_stores.threads.list_page_of_item(DEAL, limit=5, cursor=None).rows == []
    with pytest.raises(MissingError):
        others_stores.threads.get(thread_id)
    with pytest.raises(MissingError):
        others_stores.messages.get(thread_id, MessageKey("m1"))
    with pytest.raises(MissingError):
        others_stores.messages.read("t/aaaaaaaaaa/raw/m1")


def test_bodies_and_files_lie_under_the_tenants_prefix(stores: Stores) -> None:
    key = MessageKey("m1")
    attachment = Attachment(name='of"fer.pdf', content_type="application/pdf", content=b"%PDF")
    [head] = stores.messages.keep_attachments(key, (attachment,))
    body = Body(text="Yes.", html="", visible_text="Yes.", attachments=(head,))

    body_key = stores.messages.keep_body(key, body)

    assert body_key == "t/aaaaaaaaaa/bodies/m1.json"
    assert stores.messages.read_body(body_key) == body
    assert stores.messages.read(head.key) == b"%PDF"
    assert head == AttachmentHead(
        id="1",
        name='of"fer.pdf',
        size=4,
        content_type="application/pdf",
        key="t/aaaaaaaaaa/attachments/m1/1",
    )
    assert "attachment%3B%20filename%3D%22of%27fer.pdf%22" in stores.messages.url_of(head)
