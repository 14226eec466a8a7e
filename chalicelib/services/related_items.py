"""Whom items concern; of many it is read together: a list of a hundred costs three requests."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, organization_of
from chalicelib.domain.ids import ItemId
from chalicelib.services.decisions import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An item with the person and the organization that it concerns, itself included."""

    item: Item
    person: Item | None
    organization: Item | None


def of(item: Item, *, bench: Bench) -> tuple[Item | None, Item | None]:
    """Return the person and organization that an item concerns, itself included."""
    items = bench.stores.items
    person: Item | None = item if item.ref.kind is ItemKind.PERSON else None
    if person is None and item.person_id is not None:
        person = items.find(ItemRef(ItemKind.PERSON, item.person_id))
    if item.ref.kind is ItemKind.ORGANIZATION:
        return person, item
    organization_id = organization_of(item, person)
    organization = None
    if organization_id is not None:
        organization = items.find(ItemRef(ItemKind.ORGANIZATION, organization_id))
    return person, organization


def of_many(refs: Collection[ItemRef], *, bench: Bench) -> dict[ItemRef, Related]:
    """Return each item that exists with what it concerns (`of`, for many at once)."""
    known: dict[ItemRef, Item] = {}
    _read(known, refs, bench)
    items = list(known.values())
    _read(known, [ref for item in items for ref in _named_by(item)], bench)
    persons = [each for each in known.values() if each.ref.kind is ItemKind.PERSON]
    _read(known, [ref for person in persons for ref in _named_by(person)], bench)
    return {item.ref: _related(item, known) for item in items}


def _read(known: dict[ItemRef, Item], refs: Iterable[ItemRef], bench: Bench) -> None:
    wanted = [ref for ref in dict.fromkeys(refs) if ref not in known]
    if wanted:
        known.update((item.ref, item) for item in bench.stores.items.find_many(wanted))


def _named_by(item: Item) -> list[ItemRef]:
    named = (
        (ItemKind.PERSON, item.person_id),
        (ItemKind.ORGANIZATION, item.organization_id),
    )
    return [ItemRef(kind, item_id) for kind, item_id in named if item_id is not None]


def _related(item: Item, known: dict[ItemRef, Item]) -> Related:
    person = _one(item, ItemKind.PERSON, item.person_id, known)
    organization_id = organization_of(item, person)
    organization = _one(item, ItemKind.ORGANIZATION, organization_id, known)
    return Related(item=item, person=person, organization=organization)


def _one(
    item: Item, kind: ItemKind, item_id: ItemId | None, known: dict[ItemRef, Item]
) -> Item | None:
    if item.ref.kind is kind:
        return item
    return None if item_id is None else known.get(ItemRef(kind, item_id))
