"""Requests and capacity units of writing an item, and of every way to list a hundred."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from benchmarks.meter import Bill
from benchmarks.steps import Budget, Measured
from benchmarks.world import NOW, SALLY, World
from chalicelib.domain.crm.item_filter import ItemFilter, Order, Sorting
from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import ItemId

PAGE: Final = 100
_DEALS: Final = 400
_PERSON: Final = ItemId("person-of-the-lists")

_LISTS: Final = {
    "oldest first": ItemFilter(),
    "newest change first": ItemFilter(
        sorting=Sorting(order=Order.UPDATED, is_descending=True),
    ),
    "by title": ItemFilter(sorting=Sorting(order=Order.TITLE)),
    "an owner's": ItemFilter(owner_id=SALLY),
    "with a tag": ItemFilter(tag="rare"),
    "of a person, newest change first": ItemFilter(
        person_id=_PERSON, sorting=Sorting(order=Order.UPDATED, is_descending=True)
    ),
    "changed since": ItemFilter(updated_since=NOW + timedelta(minutes=_DEALS - 10)),
    "by two words": ItemFilter(words=("deal", "rare")),
    "by a word, sorted by title": ItemFilter(words=("rare",), sorting=Sorting(order=Order.TITLE)),
}


def all_lists(world: World) -> Iterator[Measured]:
    """Measure writes of a deal and a person, then every list over 400 deals."""
    yield from _writes(world)
    for number in range(_DEALS):
        world.bench.stores.items.create(_deal(number))
    for name, wanted in _LISTS.items():
        yield Measured(f"list of 100: {name}", _listed(world, wanted), Budget())


def _writes(world: World) -> Iterator[Measured]:
    items = world.bench.stores.items
    with world.meter.measure() as bill:
        deal = items.create(_deal(_DEALS))
    yield Measured("a deal is made: four words, an owner, a person", bill, Budget())
    with world.meter.measure() as bill:
        deal = items.save(replace(deal, stage="Demo", updated_at=NOW + timedelta(days=1)))
    yield Measured("its stage changes", bill, Budget())
    with world.meter.measure() as bill:
        items.save(
            replace(deal, status=ItemStatus.DELETED, deleted_at=NOW, updated_at=NOW),
        )
    yield Measured("it is deleted", bill, Budget())
    with world.meter.measure() as bill:
        items.create(
            replace(
                _deal(0),
                ref=ItemRef(ItemKind.PERSON, _PERSON),
                title="Paula Prospect",
                person_id=None,
                emails=(EmailAddress("paula@acme.test", is_primary=True),),
            )
        )
    yield Measured("a person is made: four words, an address", bill, Budget())


def _deal(number: int) -> Item:
    is_rare = number % 40 == 0
    return Item(
        ref=ItemRef(ItemKind.DEAL, ItemId(f"deal-{number:06d}")),
        title=f"{'Rare' if is_rare else 'Plain'} deal {number:04d} chairs",
        owner_id=SALLY,
        person_id=_PERSON if is_rare else None,
        tags=("rare",) if is_rare else (),
        created_at=NOW,
        updated_at=NOW + timedelta(minutes=number),
    )


def _listed(world: World, wanted: ItemFilter) -> Bill:
    with world.meter.measure() as bill:
        world.bench.stores.item_lists.page(
            ItemKind.DEAL, wanted=wanted, limit=PAGE, cursor=None, sees=lambda _: True
        )
    return bill
