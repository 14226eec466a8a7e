"""A Message-ID that comes again: the very mail is no other content, whichever way it came."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.domain.mail.filed import Delivery, FiledMessage, Outcome
from chalicelib.services import smart_bcc
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_deal, a_lead, a_person, a_tenant, a_user, an_organization
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter
from tests.services.runner import Runner
from tests.services.test_replies import WIRE_ID, the_answer, token_of

SALLY = UserId("user-sally")


@pytest.fixture
def office(stores: Stores, doubles: Doubles) -> PostOffice:
    """Open the post office."""
    return PostOffice(doubles)


def bcc_of(stores: Stores, doubles: Doubles, item: ItemRef | None = None) -> str:
    address = smart_bcc.create(SALLY, item=item, stores=stores, outside=doubles.outside, now=NOW)
    return f"{address.local_part}@{doubles.outside.inbound_domain}"


def filed_by(delivery: Delivery, stores: Stores) -> list[FiledMessage]:
    assert delivery.thread_id is not None
    return stores.messages.list_page(delivery.thread_id, limit=9, cursor=None).rows


def test_a_mail_that_is_filed_beside_its_thread_for_an_item_bears_its_own_id(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.items.create(an_organization())
    stores.items.create(a_person())
    stores.items.create(a_deal())
    [first] = office.deliver(a_letter().octets, bcc_of(stores, doubles))
    stores.items.create(a_lead())
    lead = ItemRef(ItemKind.LEAD, ItemId("lead-1"))

    [beside] = office.deliver(a_letter().octets, bcc_of(stores, doubles, lead))

    assert beside.thread_id != first.thread_id
    assert [each.is_same_id_other_content for each in filed_by(beside, stores)] == [False]
    assert [each.is_same_id_other_content for each in filed_by(first, stores)] == [False]


def test_the_copy_of_our_own_mail_that_an_items_address_gets_is_no_other_content(
    stores: Stores, doubles: Doubles, runner: Runner, office: PostOffice
) -> None:
    runner.enroll()
    runner.drain()
    stores.items.create(a_deal())
    copy = replace(a_letter(), message_id=WIRE_ID, text="What SES made of it on the way.")

    [beside] = office.deliver(copy.octets, bcc_of(stores, doubles, a_deal().ref))

    assert beside.outcome is Outcome.STORED
    assert [each.is_same_id_other_content for each in filed_by(beside, stores)] == [False]


def test_two_answers_under_one_id_are_both_kept_and_the_second_is_marked(
    stores: Stores, doubles: Doubles, runner: Runner, office: PostOffice
) -> None:
    runner.enroll()
    runner.drain()
    token = token_of(doubles)
    office.deliver(the_answer().octets, token)

    [other] = office.deliver(replace(the_answer(), text="No, thank you.").octets, token)

    answers = [each for each in filed_by(other, stores) if each.wire_id == "answer-1@acme.test"]
    assert sorted(each.is_same_id_other_content for each in answers) == [False, True]
