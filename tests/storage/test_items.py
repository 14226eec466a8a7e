"""Items are kept with the small rows that linking asks for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemRef, ItemStatus, OpenItem
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_deal, a_lead, a_person, a_project, an_organization


def test_an_item_of_each_kind_is_read_as_saved(stores: Stores) -> None:
    for item in (a_lead(), a_deal(), a_person(), an_organization(), a_project()):
        saved = stores.items.create(item)

        assert stores.items.get(item.ref) == saved == replace(item, version=1)


def test_every_field_of_an_item_is_kept(stores: Stores) -> None:
    item = replace(
        a_person(),
        emails=(EmailAddress("a@acme.test"), EmailAddress("b@acme.test", is_primary=True)),
        phones=("+49 30 1",),
        tags=("vip", "future events"),
        custom_fields={"size": 40, "note": None, "is_new": True},
        do_not_email=True,
        do_not_call=True,
        status=ItemStatus.DELETED,
        status_before=ItemStatus.OPEN,
        status_reason="left",
        deleted_at=NOW,
    )

    stores.items.create(item)

    assert stores.items.get(item.ref) == replace(item, version=1)


def test_a_stale_write_of_an_item_is_refused(stores: Stores) -> None:
    saved = stores.items.create(a_deal())
    stores.items.save(replace(saved, title="Fifty chairs"))

    with pytest.raises(StaleWriteError):
        stores.items.save(replace(saved, title="Sixty chairs"))

    assert stores.items.get(saved.ref).title == "Fifty chairs"


def test_another_tenant_does_not_see_an_item(stores: Stores, others_stores: Stores) -> None:
    stores.items.create(a_person())
    stores.items.create(a_deal())

    with pytest.raises(MissingError):
        others_stores.items.get(a_deal().ref)

    assert others_stores.items.find_many([a_deal().ref]) == []
    assert others_stores.items.persons_with("paula@acme.test") == []
    assert others_stores.items.open_items_of(a_person().ref.id) == []
    assert others_stores.items.list_page(ItemKind.DEAL, limit=9, cursor=None).rows == []


def test_items_are_listed_page_by_page_oldest_first(stores: Stores) -> None:
    for number in range(7):
        stores.items.create(replace(a_lead(), ref=_lead(number)))

    pages = [stores.items.list_page(ItemKind.LEAD, limit=3, cursor=None)]
    while pages[-1].cursor is not None:
        pages.append(stores.items.list_page(ItemKind.LEAD, limit=3, cursor=pages[-1].cursor))

    assert [[item.ref.id for item in page.rows] for page in pages] == [
        ["lead-0", "lead-1", "lead-2"],
        ["lead-3", "lead-4", "lead-5"],
        ["lead-6"],
    ]


def test_a_filtered_page_looks_on_until_it_is_full(stores: Stores) -> None:
    for number in range(6):
        owner_id = UserId("user-adam" if number % 2 else "user-sally")
        stores.items.create(replace(a_lead(), ref=_lead(number), owner_id=owner_id))

    page = stores.items.list_page(
        ItemKind.LEAD, limit=2, cursor=None, keep=lambda item: item.owner_id == "user-adam"
    )

    assert [item.ref.id for item in page.rows] == ["lead-1", "lead-3"]
    assert page.cursor is not None


def test_a_person_is_found_by_each_address(stores: Stores) -> None:
    emails = (EmailAddress("paula@acme.test"), EmailAddress("p@home.test"))
    stores.items.create(replace(a_person(), emails=emails))
    double = replace(a_person(), ref=ItemRef(ItemKind.PERSON, ItemId("person-2")))
    stores.items.create(double)

    assert stores.items.persons_with("p@home.test") == ["person-paula"]
    assert stores.items.persons_with("paula@acme.test") == ["person-2", "person-paula"]


def test_an_address_leads_no_longer_to_whoever_gave_it_up_or_was_deleted(stores: Stores) -> None:
    saved = stores.items.create(a_person())
    saved = stores.items.save(replace(saved, emails=(EmailAddress("new@acme.test"),)))

    stores.items.save(replace(saved, status=ItemStatus.DELETED))

    assert stores.items.persons_with("paula@acme.test") == []
    assert stores.items.persons_with("new@acme.test") == []


def test_open_leads_deals_and_projects_stand_at_their_person(stores: Stores) -> None:
    items = (a_deal(), a_lead(), a_project())
    for item in items:
        stores.items.create(item)

    assert stores.items.open_items_of(a_person().ref.id) == [
        OpenItem(
            ref=each.ref,
            title=each.title,
            created_at=NOW - timedelta(days=1),
            organization_id=ItemId("org-acme"),
        )
        for each in items
    ]


def test_an_item_that_changes_its_person_or_title_is_open_under_the_new_one(
    stores: Stores,
) -> None:
    saved = stores.items.create(a_deal())
    saved = stores.items.save(replace(saved, title="Fifty chairs"))

    stores.items.save(replace(saved, person_id=ItemId("person-2")))

    assert stores.items.open_items_of(ItemId("person-paula")) == []
    assert [each.title for each in stores.items.open_items_of(ItemId("person-2"))] == [
        "Fifty chairs"
    ]


def test_a_status_changes_within_somebody_elses_transaction(stores: Stores) -> None:
    lead = stores.items.create(a_lead())

    with Transaction() as tx:
        stores.items.change_status(tx, lead, ItemStatus.DISQUALIFIED, "disqualified", NOW)

    read = stores.items.get(lead.ref)
    assert (read.status, read.status_reason) == (ItemStatus.DISQUALIFIED, "disqualified")
    assert (read.updated_at, read.version) == (NOW, 2)
    assert stores.items.open_items_of(a_person().ref.id) == []


def test_a_tag_is_added_once(stores: Stores) -> None:
    person = stores.items.create(a_person())
    with Transaction() as tx:
        tagged = stores.items.add_tag(tx, person, "future events", NOW)

    with Transaction() as tx:
        stores.items.add_tag(tx, tagged, "future events", NOW)

    assert stores.items.get(person.ref) == tagged
    assert tagged.tags == ("future events",)


def test_a_status_change_of_a_stale_item_undoes_the_whole_transaction(stores: Stores) -> None:
    lead = stores.items.create(a_lead())
    stores.items.save(replace(lead, title="changed meanwhile"))
    deal = stores.items.create(a_deal())
    tx = Transaction()
    stores.items.add_tag(tx, deal, "hot", NOW)
    stores.items.change_status(tx, lead, ItemStatus.DISQUALIFIED, None, NOW)

    with pytest.raises(StaleWriteError):
        tx.commit()

    assert stores.items.get(deal.ref).tags == ()


def _lead(number: int) -> ItemRef:
    return ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}"))
