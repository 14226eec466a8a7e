"""Lists of items as somebody asks for them: filters, words, order; only what they may see."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.crm.item_filter import ItemFilter
from chalicelib.domain.crm.items import Item, ItemKind
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import MalformedError
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.listing import Listing
from chalicelib.storage.spelling import digest
from chalicelib.storage.stores import Stores

_ASKED = "asked"


def list_page(
    kind: ItemKind,
    *,
    wanted: ItemFilter,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
    now: datetime,
) -> Listing[Item]:
    """Return part of the items that are wanted and seen, in the order that is asked for.

    A cursor is good for the same filters and the same order only.
    """
    require(caller, Right.READ_ITEMS)
    asked = digest(repr(wanted))
    position = _position(cursor, asked)
    sight = ItemSight(caller, stores)

    def sees(item: Item) -> bool:
        return not item.is_forgotten(now) and sight.sees(item)

    found = stores.item_lists.page(kind, wanted=wanted, limit=limit, cursor=position, sees=sees)
    ends = {**found.cursor, _ASKED: asked} if found.cursor else None
    return Listing(rows=found.rows, cursor=ends)


def _position(cursor: Mapping[str, object] | None, asked: str) -> dict[str, object] | None:
    if cursor is None:
        return None
    if cursor.get(_ASKED) != asked:
        reason = "the cursor is of a list with other filters or another order; start without one"
        raise MalformedError(reason=reason)
    return {shard: where for shard, where in cursor.items() if shard != _ASKED}
