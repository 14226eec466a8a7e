"""Mail to an item's own address, where the conversation belongs to another item already."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import ItemId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.linking import Reason
from chalicelib.services import threads
from chalicelib.storage.stores import Stores
from tests.builders import (
    a_caller,
    a_deal,
    a_lead,
    a_person,
    a_tenant,
    a_user,
    an_organization,
)
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter
from tests.services.test_own_mail import bcc_of


@pytest.fixture
def office(stores: Stores, doubles: Doubles) -> PostOffice:
    """Set up a tenant with one user, Paula of Acme, and her one open deal."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.items.create(an_organization())
    stores.items.create(a_person())
    stores.items.create(a_deal())
    return PostOffice(doubles)


def test_an_items_address_makes_a_duplicate_where_the_thread_has_another_item(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.items.create(a_lead())
    deal, lead = ItemRef(ItemKind.DEAL, ItemId("deal-1")), ItemRef(ItemKind.LEAD, ItemId("lead-1"))
    of_deal, of_lead = bcc_of(stores, doubles, deal), bcc_of(stores, doubles, lead)

    first, second = office.deliver(a_letter().octets, of_deal, of_lead)
    again = office.deliver(a_letter().octets, of_lead)[0]

    assert first.thread_id is not None
    assert second.thread_id is not None
    assert stores.threads.get(first.thread_id).link.item == deal
    assert stores.threads.get(second.thread_id).link.item == lead
    assert stores.threads.get(second.thread_id).duplicate_of == first.thread_id
    assert (again.outcome, again.thread_id) == (Outcome.DUPLICATE, second.thread_id)


def test_a_conversation_has_one_duplicate_for_each_item_to_whose_address_its_mails_come(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.items.create(a_lead())
    lead = ItemRef(ItemKind.LEAD, ItemId("lead-1"))
    of_deal = bcc_of(stores, doubles, ItemRef(ItemKind.DEAL, ItemId("deal-1")))
    of_lead = bcc_of(stores, doubles, lead)
    _, first = office.deliver(a_letter().octets, of_deal, of_lead)
    follow_up = replace(
        a_letter(), message_id="letter-2@northwind.test", in_reply_to=a_letter().message_id
    )

    original, second = office.deliver(follow_up.octets, of_deal, of_lead)

    assert first.thread_id is not None
    assert second.thread_id == first.thread_id
    duplicate = stores.threads.get(first.thread_id)
    assert (duplicate.message_count, duplicate.duplicate_of) == (2, original.thread_id)
    assert duplicate.link.item == lead
    [listed] = stores.threads.list_page_of_item(lead, limit=5, cursor=None).rows
    assert listed.id == duplicate.id


def test_a_duplicate_that_a_person_linked_elsewhere_is_not_joined(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.items.create(a_lead())
    deal, lead = ItemRef(ItemKind.DEAL, ItemId("deal-1")), ItemRef(ItemKind.LEAD, ItemId("lead-1"))
    of_deal, of_lead = bcc_of(stores, doubles, deal), bcc_of(stores, doubles, lead)
    _, first = office.deliver(a_letter().octets, of_deal, of_lead)
    assert first.thread_id is not None
    threads.link(first.thread_id, deal, caller=a_caller(), stores=stores)
    follow_up = replace(
        a_letter(), message_id="letter-2@northwind.test", in_reply_to=a_letter().message_id
    )

    [second] = office.deliver(follow_up.octets, of_lead)

    assert second.thread_id is not None
    assert second.thread_id != first.thread_id
    assert stores.threads.get(first.thread_id).link.item == deal
    assert stores.threads.get(second.thread_id).link.item == lead


def test_an_items_address_fills_the_empty_slot_of_a_message_filed_before(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.items.create(a_lead())
    lead = ItemRef(ItemKind.LEAD, ItemId("lead-1"))
    own, of_lead = bcc_of(stores, doubles), bcc_of(stores, doubles, lead)

    first, second = office.deliver(a_letter().octets, own, of_lead)

    assert first.thread_id is not None
    assert first.thread_id == second.thread_id
    assert stores.threads.get(first.thread_id).link.reason is Reason.ITEM_ADDRESS
    [listed] = stores.threads.list_page_of_item(lead, limit=5, cursor=None).rows
    assert listed.id == first.thread_id
