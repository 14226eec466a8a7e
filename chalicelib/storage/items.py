"""Keeps items of every kind.

Small rows go with them, written in the same transaction: whose an address is, what is open for a
person, and where lists and searches find it (`pointers`). So linking asks two strong questions,
and never an index.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.crm.items import (
    LINKABLE,
    Item,
    ItemKind,
    ItemRef,
    ItemStatus,
    OpenItem,
)
from chalicelib.domain.errors import MissingError, Problem, RuleError, StaleWriteError
from chalicelib.domain.ids import ItemId, TenantId
from chalicelib.storage import keys, pointers, reading
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.items import (
    LIST_SHARDS,
    ItemRow,
    OpenItemRow,
    PersonAddressRow,
)
from chalicelib.storage.transaction import MOST_WRITES, Transaction

_PERSON_AND_OPEN: Final = 2
_TOO_MUCH: Final = Problem(
    path="$",
    code="too_much_at_once",
    message="Too many addresses and tags change at once; change them in two requests.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWithPerson:
    """A lead, deal or project that is open at this instant, and the person whose it is."""

    item: OpenItem
    person: Item


class ItemStore:
    """The items of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def get(self, ref: ItemRef) -> Item:
        """Return one item, deleted ones too."""
        item = self.find(ref)
        if item is None:
            raise MissingError(kind=ref.kind, id=ref.id)
        return item

    def find(self, ref: ItemRef) -> Item | None:
        """Return one item, if there is such."""
        try:
            row = ItemRow.get(keys.item(self._tenant_id, ref), keys.HEAD, consistent_read=True)
        except ItemRow.DoesNotExist:
            return None
        return row.to_domain()

    def find_many(self, refs: Collection[ItemRef]) -> list[Item]:
        """Return those of `refs` that exist, in their order."""
        wanted = [(keys.item(self._tenant_id, ref), keys.HEAD) for ref in refs]
        return [ItemRow.from_raw_data(raw).to_domain() for raw in reading.many(wanted)]

    def list_page(
        self,
        kind: ItemKind,
        *,
        limit: int,
        cursor: Mapping[str, object] | None,
        keep: Callable[[Item], bool] = lambda _: True,
    ) -> Listing[Item]:
        """Return items of a kind that `keep` likes, oldest first."""
        partitions = [keys.items_list(self._tenant_id, kind, shard) for shard in range(LIST_SHARDS)]
        return list_heads(
            ItemRow, partitions, limit=limit, cursor=cursor, read=ItemRow.to_domain, keep=keep
        )

    def create(self, item: Item) -> Item:
        """Keep an item that did not exist before."""
        with Transaction() as tx:
            return self._add(tx, None, item)

    def save(self, item: Item) -> Item:
        """Write if nobody has written since `item` was read."""
        before = self.get(item.ref)
        if before.version != item.version:
            raise _stale(item)
        with Transaction() as tx:
            return self._add(tx, before, item)

    def save_together(self, *items: Item) -> list[Item]:
        """Write all of them or none: new ones, and those nobody has written since they were read.

        Raises StaleWriteError if any has changed.
        """
        befores = [self.find(item.ref) if item.version else None for item in items]
        for before, item in zip(befores, items, strict=True):
            if before is not None and before.version != item.version:
                raise _stale(item)
        with Transaction() as tx:
            return [
                self._add(tx, before, item) for before, item in zip(befores, items, strict=True)
            ]

    def revise(self, tx: Transaction, before: Item, after: Item) -> Item:
        """Add to `tx` that `before`, as read, becomes `after`; nothing if they are alike."""
        return before if after == before else self._add(tx, before, after)

    def change_status(
        self, tx: Transaction, item: Item, status: ItemStatus, reason: str | None, now: datetime
    ) -> Item:
        """Add to `tx` that `item`, as read, gets another status; nothing if it has it already."""
        if item.status is status:
            return item
        changed = replace(item, status=status, status_reason=reason, updated_at=now)
        return self._add(tx, item, changed)

    def add_tag(self, tx: Transaction, item: Item, tag: str, now: datetime) -> Item:
        """Add to `tx` that `item`, as read, gets a tag; nothing if it has it already."""
        if tag in item.tags:
            return item
        return self._add(tx, item, replace(item, tags=(*item.tags, tag), updated_at=now))

    def persons_with(self, address: str) -> list[ItemId]:
        """Return every living person who has this (normalised) address, in order of their ids."""
        rows = PersonAddressRow.query(
            keys.address(self._tenant_id, address),
            PersonAddressRow.sk.startswith(keys.PERSONS),
            consistent_read=True,
        )
        return [ItemId(row.person_id) for row in rows]

    def open_items_of(self, person_id: ItemId) -> list[OpenItem]:
        """Return every open lead, deal and project of a person."""
        rows = OpenItemRow.query(
            keys.item(self._tenant_id, ItemRef(ItemKind.PERSON, person_id)),
            OpenItemRow.sk.startswith(keys.OPEN_ITEMS),
            consistent_read=True,
        )
        return [row.to_domain() for row in rows]

    def open_with_person(self, ref: ItemRef, person_id: ItemId) -> OpenWithPerson | None:
        """Return a lead, deal or project with its person in one strong read.

        None unless it is open and theirs: the row that says so is written with the item itself.
        None too if that row is of an earlier release, and leaves the organization out.
        """
        pk = keys.item(self._tenant_id, ItemRef(ItemKind.PERSON, person_id))
        raws = reading.between(pk, keys.HEAD, keys.open_item(ref))
        if len(raws) < _PERSON_AND_OPEN or raws[0]["sk"]["S"] != keys.HEAD:
            return None
        found = OpenItemRow.from_raw_data(raws[-1])
        if found.sk != keys.open_item(ref) or not found.is_telling:
            return None
        person = ItemRow.from_raw_data(raws[0]).to_domain()
        return OpenWithPerson(item=found.to_domain(), person=person)

    def _add(self, tx: Transaction, before: Item | None, after: Item) -> Item:
        """Add the item and the small rows that follow from it to `tx`."""
        tx.put(ItemRow.from_domain(self._tenant_id, after), refusal=_stale(after))
        self._add_open_row(tx, before, after)
        self._add_addresses(tx, before, after)
        pointers.add(tx, self._tenant_id, before, after)
        if len(tx) > MOST_WRITES:
            raise RuleError(_TOO_MUCH)
        return replace(after, version=after.version + 1)

    def _add_open_row(self, tx: Transaction, before: Item | None, after: Item) -> None:
        had, has = _open_at(before), _open_at(after)
        if had is not None and had != has and before is not None:
            tx.delete(OpenItemRow.from_domain(self._tenant_id, before, had))
        is_new = had != has or before is None or _said_of(before) != _said_of(after)
        if has is not None and is_new:
            tx.put(OpenItemRow.from_domain(self._tenant_id, after, has))

    def _add_addresses(self, tx: Transaction, before: Item | None, after: Item) -> None:
        had, has = _addresses_of(before), _addresses_of(after)
        for address in sorted(had - has):
            tx.delete(self._address_row(address, after.ref.id))
        for address in sorted(has - had):
            tx.put(self._address_row(address, after.ref.id))

    def _address_row(self, address: str, person_id: ItemId) -> PersonAddressRow:
        return PersonAddressRow(
            keys.address(self._tenant_id, address),
            keys.person_at(person_id),
            person_id=person_id,
        )


def _open_at(item: Item | None) -> ItemId | None:
    """Return the person at whom the item counts as open."""
    if item is None or item.ref.kind not in LINKABLE or not item.is_open:
        return None
    return item.person_id


def _said_of(item: Item) -> tuple[str, ItemId | None]:
    """Return what a person's row says of an open item."""
    return item.title, item.organization_id


def _addresses_of(item: Item | None) -> set[str]:
    """Return the addresses that lead to the item: those of a person who is not deleted."""
    if item is None or item.ref.kind is not ItemKind.PERSON or not item.is_open:
        return set()
    return {each.address for each in item.emails}


def _stale(item: Item) -> StaleWriteError:
    return StaleWriteError(kind=item.ref.kind, id=item.ref.id)
