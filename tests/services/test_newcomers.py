"""Correspondents whom the tenant does not know: offered, or made where the tenant wants that."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.domain.mail.message import Mailbox, MessageKind
from chalicelib.domain.mail.newcomers import why_not_offered
from chalicelib.services import newcomers, smart_bcc
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_caller, a_person, a_tenant, a_user, an_admin, an_organization
from tests.doubles import Doubles
from tests.letters import Letter, PostOffice, a_letter

SALLY = UserId("user-sally")


@pytest.fixture
def office(stores: Stores, doubles: Doubles) -> PostOffice:
    """Set up a tenant that makes persons of unknown correspondents; Paula is known."""
    stores.tenant.save(replace(a_tenant(), settings={"create_persons": "on"}))
    stores.users.save(a_user())
    stores.users.save(an_admin())
    stores.items.create(an_organization())
    stores.items.create(a_person())
    return PostOffice(doubles)


def bcc_of(stores: Stores, doubles: Doubles) -> str:
    address = smart_bcc.create(SALLY, item=None, stores=stores, outside=doubles.outside, now=NOW)
    return f"{address.local_part}@{doubles.outside.inbound_domain}"


def to(*people: str) -> Letter:
    return replace(a_letter(), to=", ".join(people))


def test_an_unknown_recipient_becomes_a_person_once(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    letter = to("Nora New <nora@new.test>", "paula@acme.test")

    office.deliver(letter.octets, address)
    office.deliver(replace(letter, message_id="2@x.test", text="Again.").octets, address)

    [person_id] = stores.items.persons_with("nora@new.test")
    nora = stores.items.get(ItemRef(ItemKind.PERSON, person_id))
    assert (nora.title, nora.owner_id) == ("Nora New", SALLY)
    assert nora.emails == (EmailAddress("nora@new.test", is_primary=True),)
    assert stores.items.persons_with("paula@acme.test") == [ItemId("person-paula")]
    threads = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert all(person_id in each.persons for each in threads)


def test_a_person_who_was_deleted_is_not_made_again(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    office.deliver(to("nora@new.test").octets, address)
    [person_id] = stores.items.persons_with("nora@new.test")
    nora = stores.items.get(ItemRef(ItemKind.PERSON, person_id))
    stores.items.save(replace(nora, status=ItemStatus.DELETED))

    office.deliver(replace(to("nora@new.test"), message_id="2@x.test").octets, address)

    assert stores.items.persons_with("nora@new.test") == []


@pytest.mark.parametrize(
    "letter",
    [
        to("no-reply@shop.test"),
        to("colleague@northwind.test"),
        to("info@new.test"),
        to(*(f"nora{each}@new.test" for each in range(6))),
        replace(to("nora@new.test"), headers={"List-Id": "<chairs.new.test>"}),
        replace(to("nora@new.test"), headers={"Precedence": "bulk"}),
    ],
)
def test_nobody_is_made_of_machines_mailings_and_our_own(
    stores: Stores, doubles: Doubles, office: PostOffice, letter: Letter
) -> None:
    office.deliver(letter.octets, bcc_of(stores, doubles))

    persons = stores.items.list_page(ItemKind.PERSON, limit=10, cursor=None).rows
    assert [each.ref.id for each in persons] == ["person-paula"]


def test_nobody_is_made_unless_the_tenant_wants_it_but_they_are_offered(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    stores.tenant.save(replace(stores.tenant.get(), settings={}))
    people = ("Nora <nora@new.test>", "paula@acme.test", "adam@northwind.test", "noreply@a.test")

    [delivery] = office.deliver(to(*people).octets, bcc_of(stores, doubles))

    assert delivery.thread_id is not None
    found = newcomers.of_thread(
        delivery.thread_id, caller=a_caller(), stores=stores, inbound_domain="in.sekvens.test"
    )
    shown = {each.mailbox.address: (each.person_id, each.is_offered) for each in found}
    assert shown == {
        "nora@new.test": (None, True),
        "paula@acme.test": ("person-paula", False),
        "noreply@a.test": (None, False),
    }


@pytest.mark.parametrize(
    "address, kind, reason",
    [
        ("nora@new.test", MessageKind.PLAIN, None),
        ("nora@new.test", MessageKind.AUTO_REPLY, "not_written_by_a_person"),
        ("do.not.reply@new.test", MessageKind.PLAIN, "no_reply_address"),
        ("bounces+1@new.test", MessageKind.PLAIN, "no_reply_address"),
        ("support@new.test", MessageKind.PLAIN, "role_address"),
        ("sally@northwind.test", MessageKind.PLAIN, "own_domain"),
        ("", MessageKind.PLAIN, "own_domain"),
    ],
)
def test_why_somebody_is_not_offered(address: str, kind: MessageKind, reason: str | None) -> None:
    own = {"northwind.test"}

    found = why_not_offered(Mailbox(address), kind=kind, is_mailing=False, own_domains=own)

    assert found == reason
