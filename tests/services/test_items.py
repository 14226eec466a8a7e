"""What people do with items, at instants that a test can choose."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.item_filter import ItemFilter
from chalicelib.domain.crm.items import ItemKind, ItemStatus
from chalicelib.domain.errors import RuleError, StaleWriteError, StateError
from chalicelib.domain.ids import ItemId
from chalicelib.services import items as service
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_caller, a_deal, a_lead, a_person, a_user, an_admin_caller
from tests.doubles import Doubles


def test_an_item_is_its_makers_from_the_instant_it_is_made(
    stores: Stores, doubles: Doubles
) -> None:
    item = service.create(
        ItemKind.LEAD,
        changes=ItemChanges(title="Forty chairs"),
        caller=a_caller(),
        stores=stores,
        mint=doubles.mint,
        now=NOW,
    )

    assert (item.owner_id, item.created_at, item.updated_at) == ("user-sally", NOW, NOW)
    assert stores.items.get(item.ref) == item


def test_an_inactive_user_gets_no_items(stores: Stores, doubles: Doubles) -> None:
    stores.users.save(replace(a_user(), is_active=False))

    with pytest.raises(RuleError) as refusal:
        service.create(
            ItemKind.LEAD,
            changes=ItemChanges(title="x", owner_id=a_user().id),
            caller=an_admin_caller(),
            stores=stores,
            mint=doubles.mint,
            now=NOW,
        )

    assert [each.path for each in refusal.value.problems] == ["$.owner_id"]


def test_a_reference_that_stays_as_it_is_may_be_deleted_meanwhile(stores: Stores) -> None:
    person = stores.items.create(a_person())
    deal = stores.items.create(a_deal())
    service.delete(person.ref, read_version=None, caller=a_caller(), stores=stores, now=NOW)

    changed = service.change(
        deal.ref,
        changes=ItemChanges(person_id=person.ref.id, stage="Demo"),
        read_version=1,
        caller=a_caller(),
        stores=stores,
        now=NOW,
    )

    assert changed.stage == "Demo"


def test_a_deleted_person_is_not_referred_to_anew(stores: Stores) -> None:
    person = stores.items.create(a_person())
    deal = stores.items.create(replace(a_deal(), person_id=None))
    service.delete(person.ref, read_version=None, caller=a_caller(), stores=stores, now=NOW)

    with pytest.raises(RuleError):
        service.change(
            deal.ref,
            changes=ItemChanges(person_id=person.ref.id),
            read_version=None,
            caller=a_caller(),
            stores=stores,
            now=NOW,
        )

    assert stores.items.get(deal.ref).person_id is None


def test_an_item_is_restored_up_to_thirty_days_later_as_it_was(stores: Stores) -> None:
    lead = stores.items.create(replace(a_lead(), status=ItemStatus.DISQUALIFIED))
    service.delete(lead.ref, read_version=1, caller=a_caller(), stores=stores, now=NOW)
    month_later = NOW + timedelta(days=30)

    with pytest.raises(StateError):
        service.restore(
            lead.ref,
            caller=a_caller(),
            stores=stores,
            now=month_later + timedelta(seconds=1),
        )
    back = service.restore(lead.ref, caller=a_caller(), stores=stores, now=month_later)

    assert (back.status, back.deleted_at, back.status_before) == ("disqualified", None, None)


def test_a_deal_that_is_deleted_is_no_longer_open_for_its_person_until_restored(
    stores: Stores,
) -> None:
    deal = stores.items.create(a_deal())
    person_id = ItemId("person-paula")

    service.delete(deal.ref, read_version=None, caller=a_caller(), stores=stores, now=NOW)
    while_deleted = stores.items.open_items_of(person_id)
    service.restore(deal.ref, caller=a_caller(), stores=stores, now=NOW)

    assert while_deleted == []
    assert [each.ref for each in stores.items.open_items_of(person_id)] == [deal.ref]


def test_a_stale_delete_deletes_nothing(stores: Stores) -> None:
    deal = stores.items.create(a_deal())

    with pytest.raises(StaleWriteError):
        service.delete(deal.ref, read_version=7, caller=a_caller(), stores=stores, now=NOW)

    assert stores.items.get(deal.ref).is_open


@pytest.mark.parametrize(
    "wanted, is_taken",
    [
        (ItemFilter(), True),
        (ItemFilter(status=ItemStatus.OPEN), True),
        (ItemFilter(status=ItemStatus.DELETED), False),
        (ItemFilter(updated_since=NOW), False),
        (ItemFilter(updated_since=NOW - timedelta(days=1)), True),
        (ItemFilter(tag="vip"), False),
        (ItemFilter(person_id=ItemId("person-paula"), organization_id=ItemId("x")), False),
    ],
)
def test_a_filter_takes_what_fits_all_of_it(wanted: ItemFilter, is_taken: object) -> None:
    assert wanted.takes(a_deal()) is is_taken


def test_deleted_items_are_taken_only_when_asked_for() -> None:
    deleted = replace(a_deal(), status=ItemStatus.DELETED)

    assert not ItemFilter().takes(deleted)
    assert ItemFilter(status=ItemStatus.DELETED).takes(deleted)
