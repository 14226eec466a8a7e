"""Lists of items go along pointers, few or many, and believe none that is out of date."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Final

import pytest

from chalicelib.domain.crm.item_filter import ItemFilter, Order, Sorting
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import RuleError
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.storage import item_lists
from chalicelib.storage.listing import Listing
from chalicelib.storage.pointers import places_of
from chalicelib.storage.rows.pointers import PointerRow
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_lead

BY_TITLE: Final = Sorting(order=Order.TITLE)


def test_a_change_writes_only_the_pointers_that_differ(stores: Stores) -> None:
    before = stores.items.create(a_lead())
    after = replace(before, status=ItemStatus.ARCHIVED, updated_at=NOW)

    moved = places_of(TENANT, before) ^ places_of(TENANT, after)

    assert {place.pk.rpartition("#")[0] for place in moved} == {f"t#{TENANT}#by#lead#updated_at"}


def test_a_deleted_item_keeps_no_pointer_but_for_restoring(stores: Stores) -> None:
    lead = stores.items.create(replace(a_lead(), tags=("vip",)))

    stores.items.save(replace(lead, status=ItemStatus.DELETED, deleted_at=NOW, updated_at=NOW))

    [place] = (
        places_of(TENANT, stores.items.get(lead.ref))
        - places_of(TENANT, lead)
        - {place for place in places_of(TENANT, stores.items.get(lead.ref)) if "#by#" in place.pk}
    )
    row = PointerRow.get(*place)
    assert place == (f"t#{TENANT}#of#lead#deleted", "lead-1")
    assert row.expires_at == int((NOW + timedelta(days=30)).timestamp())
    assert _ids(_page(stores, ItemFilter(tag="vip"))) == []


def test_a_pointer_that_is_out_of_date_shows_nothing(stores: Stores) -> None:
    lead = stores.items.create(a_lead())
    word = f"t#{TENANT}#word#lead#ta"
    PointerRow(word, f"tables\x1f{lead.ref.id}").save()
    PointerRow(word, "tables\x1fnobody").save()

    assert _ids(_page(stores, ItemFilter(words=("tables",)))) == []


def test_another_tenant_finds_nothing(stores: Stores, others_stores: Stores) -> None:
    stores.items.create(a_lead())

    for wanted in (
        ItemFilter(words=("acme",)),
        ItemFilter(owner_id=UserId("user-sally")),
        ItemFilter(sorting=BY_TITLE),
    ):
        assert _ids(_page(others_stores, wanted)) == []


@pytest.mark.parametrize("is_descending", [False, True])
def test_a_list_turns_from_sorting_to_walking_between_two_pages(
    stores: Stores, is_descending: object
) -> None:
    for number in range(4):
        _lead(stores, number)
    sorting = Sorting(order=Order.TITLE, is_descending=bool(is_descending))
    wanted = ItemFilter(owner_id=UserId("user-sally"), sorting=sorting)

    first = _page(stores, wanted, limit=2)
    walked = stores.item_lists.page(
        ItemKind.LEAD,
        wanted=ItemFilter(sorting=sorting),
        limit=9,
        cursor=first.cursor,
        sees=lambda _: True,
    )

    ahead = ["lead-0", "lead-1", "lead-2", "lead-3"]
    assert [*_ids(first), *_ids(walked)] == (ahead[::-1] if is_descending else ahead)


def test_more_than_can_be_sorted_is_walked_in_order(shared_stores: Stores) -> None:
    many = item_lists.MOST_SORTED + 20
    for number in range(many):
        _lead(shared_stores, number)
    wanted = ItemFilter(words=("title",), sorting=BY_TITLE)

    pages = [_page(shared_stores, wanted, limit=200)]
    while pages[-1].cursor is not None:
        pages.append(_page(shared_stores, wanted, limit=200, cursor=pages[-1].cursor))

    found = [item.title for page in pages for item in page.rows]
    assert len(found) == many
    assert all(one < next_one for one, next_one in pairwise(found))


def test_the_rarest_word_leads_a_search_through_all_its_pages(stores: Stores) -> None:
    for number in range(8):
        ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}"))
        title = "common rare" if number % 2 else "common"
        stores.items.create(replace(a_lead(), ref=ref, title=title))
    wanted = ItemFilter(words=("common", "rare"))

    pages = [_page(stores, wanted, limit=1)]
    while pages[-1].cursor is not None:
        pages.append(_page(stores, wanted, limit=1, cursor=pages[-1].cursor))

    assert [_ids(page) for page in pages] == [["lead-1"], ["lead-3"], ["lead-5"], ["lead-7"]]
    assert pages[0].cursor == {"0": "rare\x1flead-1", "word": "rare"}


def test_a_write_of_too_many_rows_is_refused_and_changes_nothing(stores: Stores) -> None:
    lead = stores.items.create(replace(a_lead(), tags=tuple(f"old {n}" for n in range(50))))

    with pytest.raises(RuleError) as refusal:
        stores.items.save(replace(lead, tags=tuple(f"new {n}" for n in range(50))))

    assert [each.code for each in refusal.value.problems] == ["too_much_at_once"]
    assert stores.items.get(lead.ref).tags[0] == "old 0"


def _lead(stores: Stores, number: int) -> Item:
    ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}"))
    return stores.items.create(replace(a_lead(), ref=ref, title=f"Title {number:04d}"))


def _page(
    stores: Stores, wanted: ItemFilter, *, limit: int = 9, cursor: dict[str, str] | None = None
) -> Listing[Item]:
    return stores.item_lists.page(
        ItemKind.LEAD, wanted=wanted, limit=limit, cursor=cursor, sees=lambda _: True
    )


def _ids(page: Listing[Item]) -> list[str]:
    return [item.ref.id for item in page.rows]
