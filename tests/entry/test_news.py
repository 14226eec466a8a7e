"""Rows as the stream shows them become news: what happened, named by ids alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import ItemId, SequenceId, StepId, TenantId, ThreadId, UserId
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.threads import Link, Thread
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Status, changed
from chalicelib.domain.sequences.ledger import LedgerEntry, MailStatus, SendState
from chalicelib.entry.news import messages_of, news_of
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.enrollments import HeadRow, HistoryRow
from chalicelib.storage.rows.items import ItemRow
from chalicelib.storage.rows.ledger import LedgerRow
from chalicelib.storage.rows.sequences import SequenceRow
from chalicelib.storage.rows.threads import ThreadRow
from tests.builders import NOW, TENANT, a_lead, a_sequence, an_enrollment

Image = Mapping[str, Any]


def image(row: Row) -> Image:
    return row.serialize()


def topics(old: Image | None, new: Image | None) -> list[str]:
    return [each.topic for each in news_of("c-1", old, new, now=NOW)]


LEAD = a_lead()


def item(it: Item, *, version: int) -> Image:
    return image(ItemRow.from_domain(TENANT, replace(it, version=version)))


def test_a_new_item_is_told_by_its_ids_alone() -> None:
    (told,) = news_of("c-1", None, item(LEAD, version=1), now=NOW)

    assert (told.id, told.topic, told.at) == ("c-1-0", "item.created", NOW)
    assert set(told.data) == {"item", "status", "stage", "owner_id"}
    assert told.data["item"] == {"kind": "lead", "id": "lead-1"}
    assert LEAD.title not in str(told.data)


@pytest.mark.parametrize(
    "before, after, expected",
    [
        (LEAD, replace(LEAD, title="New"), ["item.updated"]),
        (
            LEAD,
            replace(LEAD, status=ItemStatus.ARCHIVED),
            ["item.updated", "item.status_changed"],
        ),
        (
            LEAD,
            replace(LEAD, owner_id=UserId("user-2")),
            ["item.updated", "item.owner_changed"],
        ),
        (
            replace(LEAD, stage="a"),
            replace(LEAD, stage="b"),
            ["item.updated", "item.stage_changed"],
        ),
        (LEAD, replace(LEAD, status=ItemStatus.DELETED), ["item.deleted"]),
        (replace(LEAD, status=ItemStatus.DELETED), LEAD, ["item.restored"]),
    ],
)
def test_an_item_that_changed_is_told(before: Item, after: Item, expected: list[str]) -> None:
    assert topics(item(before, version=1), item(after, version=2)) == expected


def test_what_an_item_was_is_told_beside_what_it_is() -> None:
    after = replace(LEAD, status=ItemStatus.ARCHIVED)

    *_, told = news_of("c-1", item(LEAD, version=1), item(after, version=2), now=NOW)

    assert (told.data["before"], told.data["status"]) == ("open", "archived")


def test_what_has_no_other_version_and_what_is_gone_for_good_is_no_news() -> None:
    assert topics(item(LEAD, version=1), item(LEAD, version=1)) == []
    assert topics(item(LEAD, version=1), None) == []


@pytest.mark.parametrize(
    "before, after, expected",
    [
        (None, SequenceStatus.DRAFT, ["sequence.created"]),
        (SequenceStatus.DRAFT, SequenceStatus.DRAFT, ["sequence.updated"]),
        (SequenceStatus.DRAFT, SequenceStatus.ACTIVE, ["sequence.activated"]),
        (SequenceStatus.ACTIVE, SequenceStatus.PAUSED, ["sequence.paused"]),
        (SequenceStatus.PAUSED, SequenceStatus.ACTIVE, ["sequence.resumed"]),
        (SequenceStatus.ACTIVE, SequenceStatus.INACTIVE, ["sequence.deactivated"]),
        (SequenceStatus.INACTIVE, SequenceStatus.DELETED, ["sequence.deleted"]),
    ],
)
def test_a_sequences_life_is_told(
    before: SequenceStatus | None, after: SequenceStatus, expected: list[str]
) -> None:
    def row(status: SequenceStatus) -> Image:
        return image(
            SequenceRow.from_domain(TENANT, msgspec.structs.replace(a_sequence(), status=status))
        )

    assert topics(row(before) if before else None, row(after)) == expected


def test_a_flow_that_was_published_is_told() -> None:
    first, second = (
        image(
            SequenceRow.from_domain(
                TENANT, msgspec.structs.replace(a_sequence(), flow_version=number)
            )
        )
        for number in (1, 2)
    )

    assert topics(first, second) == ["sequence.published"]


@pytest.mark.parametrize(
    "before, after, expected",
    [
        (None, Status.ACTIVE, ["enrollment.enrolled"]),
        (Status.ACTIVE, Status.ACTIVE, []),
        (Status.PENDING, Status.ACTIVE, []),
        (Status.ACTIVE, Status.PAUSED, ["enrollment.paused"]),
        (Status.PAUSED, Status.ACTIVE, ["enrollment.resumed"]),
        (Status.ACTIVE, Status.COMPLETED, ["enrollment.completed"]),
        (Status.PAUSED, Status.EXITED, ["enrollment.exited"]),
        (Status.ACTIVE, Status.FAILED, ["enrollment.failed"]),
    ],
)
def test_an_enrollments_life_is_told(
    before: Status | None, after: Status, expected: list[str]
) -> None:
    def head(status: Status) -> Image:
        return image(HeadRow.of(TENANT, changed(an_enrollment(), status=status), due_shards=4))

    assert topics(head(before) if before else None, head(after)) == expected


@pytest.mark.parametrize(
    "type_, state, expected",
    [
        ("email", "sent", ["enrollment.step_done"]),
        ("call", "completed", ["enrollment.step_done"]),
        ("condition", "no", ["enrollment.step_done"]),
        ("email", "skipped", ["enrollment.step_done"]),
        ("reply", "received", ["enrollment.replied"]),
        ("email", "reached", []),
        ("end", "completed", []),
    ],
)
def test_lines_of_history_are_told(type_: str, state: str, expected: list[str]) -> None:
    line = Record(step_id=StepId("a1"), type=type_, state=state, at=NOW)

    assert topics(None, image(HistoryRow.of(TENANT, an_enrollment(), (line,)))) == expected


def mail(status: MailStatus) -> Image:
    entry = LedgerEntry(
        enrollment_id=an_enrollment().id,
        sequence_id=SequenceId("sequence-1"),
        step_id=StepId("a1"),
        state=SendState.SENT,
        attempt=1,
        lease_owner="worker",
        lease_until=NOW,
        mime_key="key",
        sender="sally@northwind.test",
        recipients=("paula@acme.test",),
        subject="Chairs",
        status=status,
    )
    return image(LedgerRow.of(TENANT, entry))


def test_a_click_proves_what_came_before_it() -> None:
    told = topics(mail(MailStatus.SENT), mail(MailStatus.CLICKED))

    assert told == ["mail.delivered", "mail.opened", "mail.clicked"]


def test_of_a_mail_neither_address_nor_subject_is_told() -> None:
    (told,) = news_of("c-1", mail(MailStatus.SENT), mail(MailStatus.BOUNCED), now=NOW)

    assert told.topic == "mail.bounced"
    assert set(told.data) == {"enrollment_id", "sequence_id", "step_id"}


THREAD = Thread(
    id=ThreadId("thread-1"),
    owner_id=UserId("user-sally"),
    subject="Chairs",
    started_at=NOW,
    last_message_at=NOW,
    received=1,
    link=Link(reason=Reason.NO_OPEN_ITEM),
    version=1,
)
DEAL = ItemRef(ItemKind.DEAL, ItemId("deal-1"))
LINKED = replace(THREAD, link=Link(item=DEAL, reason=Reason.LINKED_BY_HAND))


@pytest.mark.parametrize(
    "before, after, expected",
    [
        (None, THREAD, ["thread.created", "thread.message_received"]),
        (THREAD, replace(THREAD, received=2), ["thread.message_received"]),
        (THREAD, replace(THREAD, sent=frozenset({"m-1"})), ["thread.message_sent"]),
        (THREAD, LINKED, ["thread.linked"]),
        (LINKED, THREAD, ["thread.unlinked"]),
        (THREAD, replace(THREAD, merged_into=ThreadId("thread-0")), ["thread.merged"]),
        (THREAD, replace(THREAD, is_read=True), []),
    ],
)
def test_what_happens_to_a_thread_is_told(
    before: Thread | None, after: Thread, expected: list[str]
) -> None:
    old = image(ThreadRow.of(TENANT, before)) if before else None

    assert topics(old, image(ThreadRow.of(TENANT, after))) == expected


def test_each_tenants_news_travel_apart_and_nobodys_not_at_all() -> None:
    others = image(ItemRow.from_domain(TenantId("zzzzzzzzzz"), a_lead()))
    changes = [
        ("c-1", None, item(LEAD, version=1)),
        ("c-2", None, others),
        ("c-3", None, mail(MailStatus.SENT)),
    ]
    platform = {"pk": {"S": "sweep#001"}, "sk": {"S": "head"}}

    messages_by_tenant = messages_of([*changes, ("c-4", None, platform)], now=NOW)

    told = {
        tenant: [msgspec.json.decode(each) for each in messages]
        for tenant, messages in messages_by_tenant.items()
    }
    assert {
        tenant: [(each["t"], [news["id"] for news in each["news"]]) for each in messages]
        for tenant, messages in told.items()
    } == {
        TENANT: [(TENANT, ["c-1-0", "c-3-0"])],
        "zzzzzzzzzz": [("zzzzzzzzzz", ["c-2-0"])],
    }
