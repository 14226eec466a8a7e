"""Addresses that several persons have: allowed, and said where somebody looks at one of them.

Mail of such an address concerns all of them, so it links to nothing by itself.
"""

from dataclasses import dataclass

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.ids import ItemId
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAddress:
    """An address, and the other persons who have it."""

    address: str
    person_ids: tuple[ItemId, ...]


def shared_by(person: Item, *, caller: Caller, stores: Stores) -> list[SharedAddress]:
    """Return which of a person's addresses others have too, as far as the caller sees them."""
    sight = ItemSight(caller, stores)
    found: list[SharedAddress] = []
    for each in person.emails if person.is_open else ():
        others = [
            ItemRef(ItemKind.PERSON, other)
            for other in stores.items.persons_with(each.address)
            if other != person.ref.id
        ]
        seen = [item.ref.id for item in stores.items.find_many(others) if sight.sees(item)]
        if seen:
            found.append(SharedAddress(address=each.address, person_ids=tuple(seen)))
    return found
