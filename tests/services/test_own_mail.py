"""Mail that a user brings in by a Smart Bcc address."""

from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import MalformedError
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.linking import Reason
from chalicelib.services import smart_bcc
from chalicelib.storage.stores import Stores
from tests.builders import (
    NOW,
    a_caller,
    a_deal,
    a_lead,
    a_person,
    a_tenant,
    a_user,
    an_admin,
    an_organization,
)
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.letters import Letter, PostOffice, a_letter, a_notification, an_answer

SALLY = UserId("user-sally")


@pytest.fixture
def office(stores: Stores, doubles: Doubles) -> PostOffice:
    """Set up a tenant with two users, Paula of Acme, and her one open deal."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.users.save(an_admin())
    stores.items.create(an_organization())
    stores.items.create(a_person())
    stores.items.create(a_deal())
    return PostOffice(doubles)


def bcc_of(stores: Stores, doubles: Doubles, item: ItemRef | None = None) -> str:
    address = smart_bcc.create(SALLY, item=item, stores=stores, outside=doubles.outside, now=NOW)
    return f"{address.local_part}@{doubles.outside.inbound_domain}"


@pytest.mark.requirement("PD-LINK-10")
@pytest.mark.requirement("PD-LINK-25")
def test_a_mail_copied_to_the_smart_bcc_address_is_linked_to_the_only_open_deal(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    [delivery] = office.deliver(a_letter().octets, bcc_of(stores, doubles))

    assert delivery.outcome is Outcome.STORED
    assert delivery.thread_id is not None
    thread = stores.threads.get(delivery.thread_id)
    assert thread.link.item == ItemRef(ItemKind.DEAL, ItemId("deal-1"))
    assert thread.link.reason is Reason.ONLY_OPEN_ITEM
    assert thread.persons == (ItemId("person-paula"),)
    assert thread.organizations == (ItemId("org-acme"),)
    assert thread.folder == "sent"
    assert thread.message_count == 1


def test_the_same_notification_twice_changes_nothing(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    office.put(a_letter().octets, "ses-in-1")
    told = a_notification(address)

    first = office.notify(told)
    again = office.notify(told)

    assert first == again
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 1


def test_the_receipt_lies_beside_the_raw_mail(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    office.deliver(a_letter().octets, bcc_of(stores, doubles))

    beside = boto3.client("s3").get_object(Bucket=BUCKET, Key="inbound/ses-in-1.receipt.json")
    assert b'"dmarcVerdict"' in beside["Body"].read()


def test_a_message_that_comes_a_second_time_is_one_message_with_two_deliveries(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    office.deliver(a_letter().octets, address)

    [again] = office.deliver(b"Received: by another way\r\n" + a_letter().octets, address)

    assert again.outcome is Outcome.DUPLICATE
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 1


def test_another_mail_under_the_same_message_id_is_kept_and_flagged(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    office.deliver(a_letter().octets, address)

    [other] = office.deliver(replace(a_letter(), text="Quite another offer.").octets, address)

    assert other.outcome is Outcome.STORED
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    messages = stores.messages.list_page(thread.id, limit=5, cursor=None).rows
    assert sorted(each.is_same_id_other_content for each in messages) == [False, True]


@pytest.mark.requirement("PD-LINK-02")
@pytest.mark.requirement("PD-LINK-03")
def test_a_later_mail_of_the_conversation_joins_its_thread(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    office.deliver(a_letter().octets, address)
    follow_up = replace(
        a_letter(),
        subject="Something else altogether",
        message_id="letter-2@northwind.test",
        references=("letter-1@northwind.test", "answer-1@acme.test"),
        in_reply_to="answer-1@acme.test",
    )

    office.deliver(follow_up.octets, address)

    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 2
    assert thread.subject == "Forty chairs"


def test_mails_with_one_subject_but_no_common_id_stay_apart(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    office.deliver(a_letter().octets, address)

    office.deliver(replace(a_letter(), message_id="letter-2@northwind.test").octets, address)

    assert len(stores.threads.list_page(SALLY, limit=5, cursor=None).rows) == 2


def test_two_threads_that_turn_out_to_be_one_merge_with_all_their_messages(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    letter = a_letter()
    third = replace(letter, message_id="c@x.test", in_reply_to="b@x.test", text="third")
    second = replace(
        letter, message_id="b@x.test", in_reply_to="letter-1@northwind.test", text="second"
    )

    for each in (letter, third, second):
        office.deliver(each.octets, address)

    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 3
    messages = stores.messages.list_page(thread.id, limit=5, cursor=None).rows
    assert {each.wire_id for each in messages} == {
        "letter-1@northwind.test",
        "b@x.test",
        "c@x.test",
    }


@pytest.mark.requirement("PD-LINK-05")
@pytest.mark.requirement("PD-LINK-22")
def test_a_forward_to_the_address_alone_makes_an_independent_duplicate(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    [first] = office.deliver(a_letter().octets, address)
    forward = Letter(
        to=address,
        subject="Fwd: Re: Forty chairs",
        message_id="forward-1@northwind.test",
        in_reply_to="letter-1@northwind.test",
        references=("letter-1@northwind.test",),
        text="---------- Forwarded message ---------\nFrom: Paula <paula@acme.test>\n\nYes.",
    )

    [second] = office.deliver(forward.octets, address)

    assert second.thread_id is not None
    assert second.thread_id != first.thread_id
    duplicate = stores.threads.get(second.thread_id)
    assert duplicate.duplicate_of == first.thread_id
    assert duplicate.persons == (ItemId("person-paula"),)


@pytest.mark.requirement("PD-LINK-06")
def test_nothing_is_linked_for_a_user_who_turned_linking_off(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    sally = stores.users.get(SALLY)
    stores.users.save(replace(sally, link_emails=False))

    [delivery] = office.deliver(a_letter().octets, bcc_of(stores, doubles))

    assert delivery.thread_id is not None
    thread = stores.threads.get(delivery.thread_id)
    assert thread.link.reason is Reason.SETTING_OFF
    assert thread.links == ()


@pytest.mark.requirement("PD-LINK-09")
def test_with_two_open_items_a_person_must_choose(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.items.create(a_lead())

    [delivery] = office.deliver(a_letter().octets, bcc_of(stores, doubles))

    assert delivery.thread_id is not None
    thread = stores.threads.get(delivery.thread_id)
    assert thread.link.item is None
    assert thread.link.needs_choice
    assert {each.id for each in thread.link.candidates} == {"deal-1", "lead-1"}


@pytest.mark.requirement("PD-LINK-11")
@pytest.mark.requirement("PD-LINK-12")
def test_a_new_thread_is_not_linked_to_a_won_deal_but_an_old_one_keeps_it(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    [old] = office.deliver(a_letter().octets, address)
    deal = stores.items.get(ItemRef(ItemKind.DEAL, ItemId("deal-1")))
    stores.items.save(replace(deal, status=ItemStatus.WON))

    [later] = office.deliver(
        replace(
            a_letter(), message_id="2@northwind.test", in_reply_to="letter-1@northwind.test"
        ).octets,
        address,
    )
    [new] = office.deliver(replace(a_letter(), message_id="3@northwind.test").octets, address)

    assert later.thread_id == old.thread_id
    assert old.thread_id is not None
    assert new.thread_id is not None
    assert stores.threads.get(old.thread_id).link.item == deal.ref
    assert stores.threads.get(new.thread_id).link.reason is Reason.NO_OPEN_ITEM


@pytest.mark.requirement("PD-LINK-15")
@pytest.mark.requirement("PD-LINK-16")
def test_a_thread_older_than_the_deal_is_not_linked(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    old = replace(a_letter(), sent_at=NOW - timedelta(days=30))

    [delivery] = office.deliver(old.octets, bcc_of(stores, doubles))

    assert delivery.thread_id is not None
    link = stores.threads.get(delivery.thread_id).link
    assert (link.item, link.reason) == (None, Reason.ITEM_NEWER_THAN_THREAD)


@pytest.mark.requirement("PD-LINK-14")
def test_with_many_recipients_the_one_open_item_among_them_is_linked(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    letter = replace(a_letter(), cc="x@other.test, Adam <adam@northwind.test>, y@other.test")

    [delivery] = office.deliver(letter.octets, bcc_of(stores, doubles))

    assert delivery.thread_id is not None
    assert stores.threads.get(delivery.thread_id).link.reason is Reason.ONLY_OPEN_ITEM


@pytest.mark.requirement("PD-LINK-13")
def test_with_many_unknown_recipients_nothing_is_linked(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    letter = replace(a_letter(), to="x@other.test, y@other.test, z@other.test")

    [delivery] = office.deliver(letter.octets, bcc_of(stores, doubles))

    assert delivery.thread_id is not None
    thread = stores.threads.get(delivery.thread_id)
    assert (thread.links, thread.link.reason) == ((), Reason.NO_OPEN_ITEM)


def test_a_mail_to_an_items_own_address_goes_to_that_item_even_closed(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.items.create(replace(a_lead(), status=ItemStatus.DISQUALIFIED))
    lead = ItemRef(ItemKind.LEAD, ItemId("lead-1"))

    [delivery] = office.deliver(a_letter().octets, bcc_of(stores, doubles, lead))

    assert delivery.thread_id is not None
    link = stores.threads.get(delivery.thread_id).link
    assert (link.item, link.reason) == (lead, Reason.ITEM_ADDRESS)


def test_an_alias_behind_the_secret_names_the_item(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    deal = ItemRef(ItemKind.DEAL, ItemId("42"))
    stores.items.create(replace(a_deal(), ref=deal, person_id=None))
    local_part, _, domain = bcc_of(stores, doubles).partition("@")

    [delivery] = office.deliver(a_letter().octets, f"{local_part}+deal42@{domain}")

    assert delivery.thread_id is not None
    assert stores.threads.get(delivery.thread_id).link.item == deal


@pytest.mark.parametrize(
    "letter, dmarc, virus, reason",
    [
        (a_letter(), "FAIL", "PASS", "not_authenticated"),
        (a_letter(), "GRAY", "PASS", "not_authenticated"),
        (a_letter(), "PASS", "FAIL", "virus"),
        (replace(a_letter(), from_="Eve <eve@evil.test>"), "PASS", "PASS", "sender_not_confirmed"),
        (
            replace(a_letter(), from_="sally@northwind.test, eve@evil.test"),
            "PASS",
            "PASS",
            "not_one_sender",
        ),
    ],
)
def test_what_is_not_surely_the_users_mail_is_quarantined(
    stores: Stores,
    doubles: Doubles,
    office: PostOffice,
    letter: Letter,
    dmarc: str,
    virus: str,
    reason: str,
) -> None:
    address = bcc_of(stores, doubles)

    [delivery] = office.deliver(letter.octets, address, dmarc=dmarc, virus=virus)

    assert (delivery.outcome, delivery.reason) == (Outcome.QUARANTINED, reason)
    assert stores.threads.list_page(SALLY, limit=5, cursor=None).rows == []
    assert stores.messages.read(f"t/{stores.tenant_id}/raw/{delivery.message_key}")


def test_a_gray_verdict_with_an_aligned_signature_is_proof(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    found = "amazonses.com; spf=pass client-ip=192.0.2.1; dkim=pass header.i=@northwind.test"
    letter = replace(a_letter(), headers={"Authentication-Results": found})

    [delivery] = office.deliver(letter.octets, bcc_of(stores, doubles), dmarc="GRAY")

    assert delivery.outcome is Outcome.STORED


def test_mail_to_a_revoked_address_is_quarantined(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    [known] = stores.smart_bcc.list_all()
    smart_bcc.revoke(known.id, caller=a_caller(), stores=stores, now=NOW)

    [delivery] = office.deliver(a_letter().octets, address)

    assert (delivery.outcome, delivery.reason) == (Outcome.QUARANTINED, "address_revoked")


def test_mail_of_a_user_who_has_left_is_quarantined(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    stores.users.save(replace(stores.users.get(SALLY), is_active=False))

    [delivery] = office.deliver(a_letter().octets, address)

    assert (delivery.outcome, delivery.reason) == (Outcome.QUARANTINED, "user_inactive")


def test_a_replaced_address_works_on_for_its_time_of_grace(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    old = bcc_of(stores, doubles)
    [known] = stores.smart_bcc.list_all()
    rotation = {"caller": a_caller(), "stores": stores, "outside": doubles.outside, "now": NOW}
    smart_bcc.rotate(known.id, **rotation)  # type: ignore[arg-type]

    [within] = office.deliver(a_letter().octets, old)
    doubles.clock.advance(timedelta(days=15))
    [after] = office.deliver(replace(a_letter(), message_id="2@x.test").octets, old)

    assert within.outcome is Outcome.STORED
    assert after.reason == "address_revoked"


def test_mail_for_an_item_that_is_gone_is_parked(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    local_part, _, domain = bcc_of(stores, doubles).partition("@")

    [delivery] = office.deliver(a_letter().octets, f"{local_part}+deal404@{domain}")

    assert (delivery.outcome, delivery.reason) == (Outcome.PARKED, "not_found")


@pytest.mark.parametrize(
    "recipient",
    [
        "b-aaaaaaaaaaaaaaaaaaaaaaaa@in.sekvens.test",
        "hello@in.sekvens.test",
        "no address",
    ],
)
def test_mail_that_names_no_tenant_is_kept_for_the_operator(
    stores: Stores, doubles: Doubles, office: PostOffice, recipient: str
) -> None:
    [delivery] = office.deliver(a_letter().octets, recipient)

    assert (delivery.outcome, delivery.reason) == (Outcome.PARKED, "unknown_address")
    kept = boto3.client("s3").get_object(Bucket=BUCKET, Key="platform/unroutable/ses-in-1")
    assert kept["Body"].read() == a_letter().octets


def test_a_colleague_may_write_to_an_items_address(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    deal = ItemRef(ItemKind.DEAL, ItemId("deal-1"))
    letter = replace(a_letter(), from_="Adam <adam@northwind.test>")

    [delivery] = office.deliver(letter.octets, bcc_of(stores, doubles, deal))

    assert delivery.thread_id is not None
    assert stores.threads.get(delivery.thread_id).owner_id == "user-adam"


def test_a_stranger_may_not_write_to_an_items_address(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    deal = ItemRef(ItemKind.DEAL, ItemId("deal-1"))

    [delivery] = office.deliver(an_answer().octets, bcc_of(stores, doubles, deal))

    assert delivery.reason == "sender_not_confirmed"


def test_a_notification_that_nobody_can_read_is_kept(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    with pytest.raises(MalformedError):
        office.notify({"no": "receipt"})

    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="platform/unreadable/")
    assert listed["KeyCount"] == 1
