"""Where an item is found: by its words, by what it names, and in every order of a list.

Pointers follow from the item alone, and are written in its transaction: what a change leaves as it
was costs nothing. A reader reads the item and asks whether the pointer is still one of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from chalicelib.domain.crm.item_filter import Order
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.searching import folded, words_of
from chalicelib.domain.ids import TenantId
from chalicelib.storage import pointer_keys as keys
from chalicelib.storage.rows.pointers import PointerRow
from chalicelib.storage.spelling import spread
from chalicelib.storage.transaction import Transaction

SHARDS: Final = 4
"""Over how many partitions a whole kind is spread."""

_LONGEST_TITLE: Final = 80


class Place(NamedTuple):
    """The keys of a pointer."""

    pk: str
    sk: str


def add(tx: Transaction, tenant_id: TenantId, before: Item | None, after: Item) -> None:
    """Add to `tx` that the item is found where it now belongs, and nowhere else."""
    had, has = _pointers(tenant_id, before), _pointers(tenant_id, after)
    for place in sorted(had.keys() - has.keys()):
        tx.delete(PointerRow(*place))
    for place, expires_at in sorted(has.items()):
        if place not in had or had[place] != expires_at:
            tx.put(PointerRow(*place, expires_at=expires_at))


def places_of(tenant_id: TenantId, item: Item) -> frozenset[Place]:
    """Return where the item is found."""
    return frozenset(_pointers(tenant_id, item))


def sort_key(item: Item, order: Order) -> str:
    """Return where the item stands in an order."""
    match order:
        case Order.CREATED:
            return item.ref.id
        case Order.UPDATED:
            return keys.at(item.updated_at, item.ref.id)
        case Order.TITLE:
            return keys.behind(folded(item.title)[:_LONGEST_TITLE], item.ref.id)


def _pointers(tenant_id: TenantId, item: Item | None) -> Mapping[Place, int | None]:
    if item is None:
        return {}
    places = [*_in_order(tenant_id, item)]
    if item.status is ItemStatus.DELETED:
        places.append(Place(keys.deleted(tenant_id, item.ref.kind), item.ref.id))
    else:
        places.extend(_by_facet(tenant_id, item))
        places.extend(
            Place(keys.words(tenant_id, item.ref.kind, word), keys.behind(word, item.ref.id))
            for word in words_of(item)
        )
    expires_at = int(item.forgotten_at.timestamp()) if item.forgotten_at else None
    return dict.fromkeys(places, expires_at)


def _in_order(tenant_id: TenantId, item: Item) -> Iterator[Place]:
    shard = spread(item.ref.id, SHARDS)
    for order in (Order.UPDATED, Order.TITLE):
        pk = keys.ordered(tenant_id, item.ref.kind, order, shard)
        yield Place(pk, sort_key(item, order))


def _by_facet(tenant_id: TenantId, item: Item) -> Iterator[Place]:
    kind, item_id = item.ref.kind, item.ref.id
    yield Place(keys.owned(tenant_id, kind, item.owner_id), item_id)
    for ref in _named_by(item):
        yield Place(keys.about(tenant_id, kind, ref), item_id)
    for tag in item.tags:
        yield Place(keys.tagged(tenant_id, kind, tag), item_id)


def _named_by(item: Item) -> set[ItemRef]:
    named = {item.about} if item.about else set()
    if item.person_id is not None:
        named.add(ItemRef(ItemKind.PERSON, item.person_id))
    if item.organization_id is not None:
        named.add(ItemRef(ItemKind.ORGANIZATION, item.organization_id))
    return named
