"""Lists of items by any filter and in any order, without reading what nobody asked for.

A list goes along the narrowest pointers that hold everything wanted: of a person, of a word, of a
tag, of an owner. In another order than theirs, few are read whole and sorted; for many, the list
goes along the order instead, and the filter applies while paging.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.crm.item_filter import ItemFilter, Order, Sorting
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.searching import FEWEST_CHARACTERS
from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys, pointer_keys, reading, spelling
from chalicelib.storage.listing import MOST_LOOKS, Listing, list_heads
from chalicelib.storage.pointer_pages import Path, pointers
from chalicelib.storage.pointers import SHARDS, Place, places_of, sort_key
from chalicelib.storage.rows.items import LIST_SHARDS, ItemRow

MOST_SORTED: Final = 500
"""How many items are read whole to be sorted."""

_MOST_COUNTED: Final = 200
_LEADING: Final = "word"
_PLAIN: Final = Sorting(order=Order.CREATED)

Keep = Callable[[Item], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListStore:
    """The lists of items of one tenant."""

    tenant_id: TenantId

    def page(
        self,
        kind: ItemKind,
        *,
        wanted: ItemFilter,
        limit: int,
        cursor: Mapping[str, object] | None,
        sees: Keep,
    ) -> Listing[Item]:
        """Return up to `limit` items that are wanted and that the caller `sees`."""
        at = None if cursor is None else {shard: str(where) for shard, where in cursor.items()}
        leading = self._leading(kind, wanted.words, at)
        near = self._narrowest(kind, wanted, leading)

        def keep(item: Item) -> bool:
            return wanted.takes(item) and sees(item)

        if near is None:
            return self._whole(kind, wanted, limit, at, keep)
        order = wanted.order
        if order is None:
            return _led(self._along(kind, near, limit, at, keep), leading)
        if order.order is Order.CREATED and not near.prefix:
            down = Path(partitions=near.partitions, is_descending=order.is_descending)
            return self._along(kind, down, limit, at, keep)
        found, more = pointers(near, limit=MOST_SORTED, cursor=None)
        if more is not None:
            return self._whole(kind, wanted, limit, at, keep)
        items = [item for item in self._items(kind, near, found) if keep(item)]
        return _sorted(items, order, limit, at)

    def _leading(
        self, kind: ItemKind, words: Sequence[str], at: Mapping[str, str] | None
    ) -> str | None:
        """Return the word that the fewest items have; the cursor keeps it from page to page."""
        long = [word for word in words if len(word) >= FEWEST_CHARACTERS]
        if at is not None and at.get(_LEADING) in long:
            return at[_LEADING]
        if len(long) <= 1:
            return next(iter(long), None)
        counts = {
            word: len(pointers(self._of_word(kind, word), limit=_MOST_COUNTED, cursor=None)[0])
            for word in long
        }
        return min(long, key=lambda word: (counts[word], -len(word)))

    def _of_word(self, kind: ItemKind, word: str) -> Path:
        return Path(partitions=(pointer_keys.words(self.tenant_id, kind, word),), prefix=word)

    def _narrowest(self, kind: ItemKind, wanted: ItemFilter, leading: str | None) -> Path | None:
        """Return the fewest pointers that hold all that is wanted; None: only the whole kind."""
        tenant, ref = self.tenant_id, wanted.about
        if wanted.person_id is not None:
            ref = ItemRef(ItemKind.PERSON, wanted.person_id)
        elif ref is None and wanted.organization_id is not None:
            ref = ItemRef(ItemKind.ORGANIZATION, wanted.organization_id)
        if wanted.status is ItemStatus.DELETED:
            pk = pointer_keys.deleted(tenant, kind)
        elif ref is not None:
            pk = pointer_keys.about(tenant, kind, ref)
        elif leading is not None:
            return self._of_word(kind, leading)
        elif wanted.tag is not None:
            pk = pointer_keys.tagged(tenant, kind, wanted.tag)
        elif wanted.owner_id is not None:
            pk = pointer_keys.owned(tenant, kind, wanted.owner_id)
        else:
            return None
        return Path(partitions=(pk,))

    def _whole(
        self, kind: ItemKind, wanted: ItemFilter, limit: int, at: dict[str, str] | None, keep: Keep
    ) -> Listing[Item]:
        """Go along the whole kind in the order that is asked for."""
        sorting = wanted.order or _PLAIN
        if sorting.order is Order.CREATED:
            return list_heads(
                ItemRow,
                [keys.items_list(self.tenant_id, kind, shard) for shard in range(LIST_SHARDS)],
                limit=limit,
                cursor=at,
                read=ItemRow.to_domain,
                keep=keep,
                is_newest_first=sorting.is_descending,
            )
        is_since = wanted.updated_since is not None and sorting.order is Order.UPDATED
        path = Path(
            partitions=[
                pointer_keys.ordered(self.tenant_id, kind, sorting.order, shard)
                for shard in range(SHARDS)
            ],
            low=spelling.instant(wanted.updated_since) if is_since and wanted.updated_since else "",
            is_descending=sorting.is_descending,
        )
        return self._along(kind, path, limit, at, keep)

    def _along(
        self, kind: ItemKind, path: Path, limit: int, at: dict[str, str] | None, keep: Keep
    ) -> Listing[Item]:
        """Go along pointers until the page is full, looking on a few times."""
        kept: list[Item] = []
        for _ in range(MOST_LOOKS):
            found, at = pointers(path, limit=limit - len(kept), cursor=at)
            kept.extend(item for item in self._items(kind, path, found) if keep(item))
            if at is None or len(kept) == limit:
                break
        return Listing(rows=kept, cursor=at)

    def _items(self, kind: ItemKind, path: Path, found: Sequence[Place]) -> list[Item]:
        """Read the items that are still found there, each once."""
        refs = [ItemRef(kind, pointer_keys.item_id(place.sk)) for place in found]
        raws = reading.many([(keys.item(self.tenant_id, ref), keys.HEAD) for ref in refs])
        items = [ItemRow.from_raw_data(raw).to_domain() for raw in raws]
        item_by_ref = {item.ref: item for item in items}
        return [
            item_by_ref[ref]
            for ref, place in zip(refs, found, strict=True)
            if ref in item_by_ref and place == self._first_place(item_by_ref[ref], path, place.pk)
        ]

    def _first_place(self, item: Item, path: Path, pk: str) -> Place | None:
        """Return the one pointer that shows the item: several words may begin alike."""
        places = places_of(self.tenant_id, item)
        here = (each for each in places if each.pk == pk and each.sk.startswith(path.prefix))
        return min(here, default=None)


def _led(page: Listing[Item], leading: str | None) -> Listing[Item]:
    """Write the leading word of a search into its cursor."""
    if page.cursor is None or leading is None:
        return page
    return Listing(rows=page.rows, cursor={**page.cursor, _LEADING: leading})


def _sorted(
    items: list[Item], sorting: Sorting, limit: int, at: Mapping[str, str] | None
) -> Listing[Item]:
    """Return one page of items that were all read; its cursor also fits the whole kind's order."""
    is_down = sorting.is_descending

    def is_ahead(item: Item) -> bool:
        if at is None:
            return True
        after = at.get(str(spelling.spread(item.ref.id, SHARDS)))
        key = sort_key(item, sorting.order)
        return after is not None and (not after or (key < after if is_down else key > after))

    ahead = sorted(
        filter(is_ahead, items), key=lambda item: sort_key(item, sorting.order), reverse=is_down
    )
    page = ahead[:limit]
    if len(ahead) <= limit:
        return Listing(rows=page, cursor=None)
    last = sort_key(page[-1], sorting.order)
    return Listing(rows=page, cursor={str(shard): last for shard in range(SHARDS)})
