"""What people do with items: create, change, delete, restore. Lists: `item_lists`."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.crm.changes import ItemChanges, applied
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import IllegalMoveError, MissingError, StaleWriteError, StateError
from chalicelib.domain.ids import ItemId
from chalicelib.gateways.mint import Mint
from chalicelib.services.anew import decided_for
from chalicelib.services.item_checks import insist
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.stores import Stores


def get(ref: ItemRef, *, caller: Caller, stores: Stores, now: datetime) -> Item:
    """Return one item that the caller sees; a deleted one as long as it can be restored."""
    require(caller, Right.READ_ITEMS)
    return _seen(ref, ItemSight(caller, stores), now)


def create(
    kind: ItemKind,
    *,
    changes: ItemChanges,
    caller: Caller,
    stores: Stores,
    mint: Mint,
    now: datetime,
    item_id: ItemId | None = None,
) -> Item:
    """Make an item; its owner is the caller unless somebody else is named.

    Whoever may have to repeat it, as an import does, chooses `item_id`: there is one item in the
    end, and the repetition returns it as it is by then.
    """
    require(caller, Right.WRITE_ITEMS)
    blank = Item(
        ref=ItemRef(kind, item_id or ItemId(mint.new_id(now))),
        title="",
        owner_id=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    sight = ItemSight(caller, stores)
    if item_id is not None and (known := stores.items.find(blank.ref)) is not None:
        return known
    insist(blank, changes, sight=sight, stores=stores)
    try:
        return stores.items.create(applied(blank, changes, now=now))
    except StaleWriteError:
        twin = stores.items.find(blank.ref) if item_id is not None else None
        if twin is None:
            raise
        return twin  # which was made this very moment


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
    sight = ItemSight(caller, stores)

    def changed() -> Item:
        item = _seen(ref, sight, now)
        _insist_on_version(item, read_version)
        return _changed(item, changes, sight, stores, now)

    return decided_for(read_version, changed)


def _changed(
    item: Item, changes: ItemChanges, sight: ItemSight, stores: Stores, now: datetime
) -> Item:
    if item.status is ItemStatus.DELETED:
        raise StateError(kind=item.ref.kind, state="deleted", remedy="restore it first")
    insist(item, changes, sight=sight, stores=stores)
    changed = applied(item, changes, now=now)
    return item if changed is item else stores.items.save(changed)


def delete(
    ref: ItemRef, *, read_version: int | None, caller: Caller, stores: Stores, now: datetime
) -> Item:
    """Delete an item so that it can be restored for 30 days; deleting again changes nothing."""
    require(caller, Right.DELETE_ITEMS)
    item = _seen(ref, ItemSight(caller, stores), now)
    _insist_on_version(item, read_version)
    if item.status is ItemStatus.DELETED:
        return item
    return stores.items.save(
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
    item = ItemSight(caller, stores).get(ref)
    if item.status is not ItemStatus.DELETED or item.deleted_at is None:
        raise IllegalMoveError(kind=ref.kind, id=ref.id, status=item.status, move="restore")
    if item.merged_into is not None:
        state = f"merged into {item.merged_into}"
        raise StateError(kind=ref.kind, state=state, remedy="it lives on there")
    if item.is_forgotten(now):
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


def _seen(ref: ItemRef, sight: ItemSight, now: datetime) -> Item:
    """Return an item, unless the caller does not see it or its 30 days are over."""
    item = sight.get(ref)
    if item.is_forgotten(now):
        raise MissingError(kind=ref.kind, id=ref.id)
    return item


def _insist_on_version(item: Item, read_version: int | None) -> None:
    if read_version is not None and read_version != item.version:
        raise StaleWriteError(kind=item.ref.kind, id=item.ref.id)
