"""Everything that names one item names another from now on.

Each thing moves in a transaction of its own; whoever is interrupted repeats the whole, and what
has moved already is no longer found at the old place.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from chalicelib.domain.crm.changes import ItemChanges, applied
from chalicelib.domain.crm.item_filter import ItemFilter
from chalicelib.domain.crm.items import Item, ItemKind, ItemStatus
from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.services.anew import decided_anew
from chalicelib.storage.stores import Stores

_A_PAGE: Final = 100
_MOST_PAGES: Final = 10


def move_all(
    kinds: Iterable[ItemKind],
    *,
    wanted: ItemFilter,
    changes: Callable[[Item], ItemChanges],
    stores: Stores,
    now: datetime,
) -> None:
    """Change all that is wanted; where there is very much of it, ask to repeat the request."""
    for kind in kinds:
        for _ in range(_MOST_PAGES):
            found = stores.item_lists.page(
                kind, wanted=wanted, limit=_A_PAGE, cursor=None, sees=lambda _: True
            )
            for item in found.rows:
                _move(item, changes, stores, now)
            if found.cursor is None:
                break
        else:
            raise ThrottledError(retry_after=1)


def _move(
    item: Item, changes: Callable[[Item], ItemChanges], stores: Stores, now: datetime
) -> None:
    """Change one item, though somebody edits it at that moment."""

    def move_as_it_is() -> None:
        fresh = stores.items.get(item.ref)
        if fresh.status is not ItemStatus.DELETED:
            stores.items.save(applied(fresh, changes(fresh), now=now))

    try:
        stores.items.save(applied(item, changes(item), now=now))
    except StaleWriteError:
        decided_anew(move_as_it_is)
