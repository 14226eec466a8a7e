"""What people do with items: create, change, delete, restore, list."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import UNSET

from chalicelib.domain.crm.changes import ItemChanges, applied, problems_of
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import (
    IllegalMoveError,
    Problem,
    RuleError,
    StaleWriteError,
    StateError,
)
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.gateways.mint import Mint
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores

RESTORABLE_FOR: Final = timedelta(days=30)

_TRIES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items of a kind somebody wants to see; deleted ones only when asked for."""

    owner_id: UserId | None = None
    status: ItemStatus | None = None
    person_id: ItemId | None = None
    organization_id: ItemId | None = None
    tag: str | None = None
    updated_since: datetime | None = None

    def takes(self, item: Item) -> bool:
        """Whether the item is wanted."""
        is_status = item.status is (self.status or item.status)
        return (
            is_status
            and (self.status is not None or item.status is not ItemStatus.DELETED)
            and self.owner_id in {None, item.owner_id}
            and self.person_id in {None, item.person_id}
            and self.organization_id in {None, item.organization_id}
            and (self.tag is None or self.tag in item.tags)
            and (self.updated_since is None or item.updated_at >= self.updated_since)
        )


def get(ref: ItemRef, *, caller: Caller, stores: Stores) -> Item:
    """Return one item; a deleted one says so."""
    require(caller, Right.READ_ITEMS)
    return stores.items.get(ref)


def list_page(
    kind: ItemKind,
    *,
    wanted: ItemFilter,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[Item]:
    """Return part of the items that are wanted, oldest first."""
    require(caller, Right.READ_ITEMS)
    return stores.items.list_page(kind, limit=limit, cursor=cursor, keep=wanted.takes)


def create(
    kind: ItemKind,
    *,
    changes: ItemChanges,
    caller: Caller,
    stores: Stores,
    mint: Mint,
    now: datetime,
) -> Item:
    """Make an item; its owner is the caller unless somebody else is named."""
    require(caller, Right.WRITE_ITEMS)
    blank = Item(
        ref=ItemRef(kind, ItemId(mint.new_id(now))),
        title="",
        owner_id=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    _insist(blank, changes, stores)
    return stores.items.create(applied(blank, changes, now=now))


def change(
    ref: ItemRef,
    *,
    changes: ItemChanges,
    read_version: int | None,
    caller: Caller,
    stores: Stores,
    now: datetime,
) -> Item:
    """Change an item, unless it has changed since the caller read `read_version`.

    Who names no version wants the change on whatever the item is: it is decided anew on a conflict.
    """
    require(caller, Right.WRITE_ITEMS)
    for _ in range(_TRIES if read_version is None else 0):
        with suppress(StaleWriteError):
            return _changed(ref, changes, None, stores, now)
    return _changed(ref, changes, read_version, stores, now)


def _changed(
    ref: ItemRef, changes: ItemChanges, read_version: int | None, stores: Stores, now: datetime
) -> Item:
    item = stores.items.get(ref)
    _insist_on_version(item, read_version)
    if item.status is ItemStatus.DELETED:
        raise StateError(kind=ref.kind, state="deleted", remedy="restore it first")
    _insist(item, changes, stores)
    changed = applied(item, changes, now=now)
    return item if changed is item else stores.items.save(changed)


def delete(
    ref: ItemRef, *, read_version: int | None, caller: Caller, stores: Stores, now: datetime
) -> None:
    """Delete an item so that it can be restored for 30 days; deleting again changes nothing."""
    require(caller, Right.DELETE_ITEMS)
    item = stores.items.get(ref)
    _insist_on_version(item, read_version)
    if item.status is ItemStatus.DELETED:
        return
    stores.items.save(
        replace(
            item,
            status=ItemStatus.DELETED,
            status_before=item.status,
            deleted_at=now,
            updated_at=now,
        )
    )


def restore(ref: ItemRef, *, caller: Caller, stores: Stores, now: datetime) -> Item:
    """Bring a deleted item back as it was."""
    require(caller, Right.DELETE_ITEMS)
    item = stores.items.get(ref)
    if item.status is not ItemStatus.DELETED or item.deleted_at is None:
        raise IllegalMoveError(kind=ref.kind, id=ref.id, status=item.status, move="restore")
    if now - item.deleted_at > RESTORABLE_FOR:
        remedy = "it can no longer be restored, create it anew"
        raise StateError(kind=ref.kind, state="deleted for more than 30 days", remedy=remedy)
    return stores.items.save(
        replace(
            item,
            status=item.status_before or ItemStatus.OPEN,
            status_before=None,
            deleted_at=None,
            updated_at=now,
        )
    )


def _insist_on_version(item: Item, read_version: int | None) -> None:
    if read_version is not None and read_version != item.version:
        raise StaleWriteError(kind=item.ref.kind, id=item.ref.id)


def _insist(item: Item, changes: ItemChanges, stores: Stores) -> None:
    """Refuse the changes with every problem they have; nothing is written before."""
    problems = [*problems_of(item, changes), *_reference_problems(item, changes, stores)]
    if problems:
        raise RuleError(*problems)


def _reference_problems(item: Item, changes: ItemChanges, stores: Stores) -> Iterator[Problem]:
    """Yield references to what the tenant does not have; those that stay as they are pass."""
    owner_id = changes.owner_id
    if owner_id is not UNSET and owner_id != item.owner_id:
        owner = stores.users.find(owner_id)
        if owner is None or not owner.is_active:
            yield _nothing_there("$.owner_id", "active user")
    person_id = changes.person_id
    if person_id not in {UNSET, None, item.person_id}:
        yield from _missing("$.person_id", ItemKind.PERSON, str(person_id), stores)
    organization_id = changes.organization_id
    if organization_id not in {UNSET, None, item.organization_id}:
        kind = ItemKind.ORGANIZATION
        yield from _missing("$.organization_id", kind, str(organization_id), stores)


def _missing(path: str, kind: ItemKind, item_id: str, stores: Stores) -> Iterator[Problem]:
    item = stores.items.find(ItemRef(kind, ItemId(item_id)))
    if item is None or item.status is ItemStatus.DELETED:
        yield _nothing_there(path, kind)


def _nothing_there(path: str, what: str) -> Problem:
    return Problem(path=path, code="not_found", message=f"There is no {what} with this id.")
