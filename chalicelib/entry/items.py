"""HTTP doors to leads, deals, persons and every other kind of item: six for each kind."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import IllegalMoveError, StaleWriteError, StateError
from chalicelib.domain.ids import ItemId
from chalicelib.entry.http import (
    PAGING,
    Answer,
    Request,
    answers,
    created,
    data,
    deleted,
    page,
)
from chalicelib.entry.item_bodies import KINDS, Kind, changes_of, show
from chalicelib.entry.item_queries import filters_of, wanted_by
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import items as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import enrollments, item_lists
from chalicelib.services import items as service
from chalicelib.services.shared_addresses import shared_by

routes = Blueprint(__name__)

_SHAPES: Final = {
    ItemKind.LEAD: shapes.Lead,
    ItemKind.DEAL: shapes.Deal,
    ItemKind.PROJECT: shapes.Project,
    ItemKind.PERSON: shapes.Person,
    ItemKind.ORGANIZATION: shapes.Organization,
    ItemKind.PRODUCT: shapes.Product,
    ItemKind.ACTIVITY: shapes.Activity,
}

_IN_FULL: Final = {ItemKind.PERSON: shapes.PersonInFull}


def _list_door(each: Kind) -> None:
    @routes.route(f"/v1/{each.path}", methods=["GET"], cors=True)
    @answers(routes, queries=(*PAGING, *filters_of(each.kind)))
    @promises(operation=f"list_{each.path}", lists=_SHAPES[each.kind], reads={"status": ItemStatus})
    def list_items(request: Request) -> Answer:
        """List items, oldest first; deleted ones only by `status=deleted`.

        `q` finds those of whose name, title or addresses every word begins a word.
        """
        asked = request.page()
        listing = item_lists.list_page(
            each.kind,
            wanted=wanted_by(request, each.kind),
            limit=asked.limit,
            cursor=asked.cursor,
            caller=request.caller,
            stores=request.stores,
            now=request.now,
        )
        return page([show(item) for item in listing.rows], listing.cursor)


def _create_door(each: Kind) -> None:
    @routes.route(f"/v1/{each.path}", methods=["POST"], cors=True)
    @answers(routes)
    @promises(
        operation=f"create_{each.kind}", takes=each.new, gives=_SHAPES[each.kind], statuses=(201,)
    )
    def create_item(request: Request) -> Answer:
        """Make an item; the caller owns it unless `owner_id` says otherwise."""
        item = service.create(
            each.kind,
            changes=changes_of(request.body(each.new)),
            caller=request.caller,
            stores=request.stores,
            mint=request.outside.mint,
            now=request.now,
        )
        return created(show(item))


def _get_door(each: Kind) -> None:
    @routes.route(f"/v1/{each.path}/{{item_id}}", methods=["GET"], cors=True)
    @answers(routes)
    @promises(operation=f"get_{each.kind}", gives=_IN_FULL.get(each.kind, _SHAPES[each.kind]))
    def get_item(request: Request, item_id: str) -> Answer:
        """Show one item; a deleted one as long as it can be restored."""
        ref = ItemRef(each.kind, ItemId(item_id))
        item = service.get(ref, caller=request.caller, stores=request.stores, now=request.now)
        return data({**show(item), **_conflicts(request, item)})


def _change_door(each: Kind) -> None:
    @routes.route(f"/v1/{each.path}/{{item_id}}", methods=["PATCH"], cors=True)
    @answers(routes)
    @promises(
        operation=f"change_{each.kind}",
        takes=each.change,
        gives=_SHAPES[each.kind],
        is_versioned=True,
        refuses=(StateError,),
    )
    def change_item(request: Request, item_id: str) -> Answer:
        """Change the fields that are given; null empties one."""
        item = service.change(
            ItemRef(each.kind, ItemId(item_id)),
            changes=changes_of(request.body(each.change)),
            read_version=request.if_match(),
            caller=request.caller,
            stores=request.stores,
            now=request.now,
        )
        enrollments.leave_if_closed(item, bench=request.bench)
        return data(show(item))


def _delete_door(each: Kind) -> None:
    @routes.route(f"/v1/{each.path}/{{item_id}}", methods=["DELETE"], cors=True)
    @answers(routes)
    @promises(
        operation=f"delete_{each.kind}", gives=Deleted, is_versioned=True, refuses=(StateError,)
    )
    def delete_item(request: Request, item_id: str) -> Answer:
        """Delete an item; it can be restored for 30 days."""
        ref = ItemRef(each.kind, ItemId(item_id))
        item = service.delete(
            ref,
            read_version=request.if_match(),
            caller=request.caller,
            stores=request.stores,
            now=request.now,
        )
        enrollments.leave_if_closed(item, bench=request.bench)
        return deleted(item_id)


def _restore_door(each: Kind) -> None:
    @routes.route(f"/v1/{each.path}/{{item_id}}/restore", methods=["POST"], cors=True)
    @answers(routes)
    @promises(
        operation=f"restore_{each.kind}",
        gives=_SHAPES[each.kind],
        refuses=(IllegalMoveError, StaleWriteError, StateError),
    )
    def restore_item(request: Request, item_id: str) -> Answer:
        """Bring a deleted item back as it was."""
        request.nothing()
        ref = ItemRef(each.kind, ItemId(item_id))
        item = service.restore(ref, caller=request.caller, stores=request.stores, now=request.now)
        return data(show(item))


def _conflicts(request: Request, item: Item) -> dict[str, object]:
    """Say who else has a person's addresses."""
    if item.ref.kind is not ItemKind.PERSON:
        return {}
    shared = shared_by(item, caller=request.caller, stores=request.stores)
    rows = [{"address": each.address, "person_ids": each.person_ids} for each in shared]
    return {"shared_addresses": rows}


for _each in KINDS:
    for _door in (
        _list_door,
        _create_door,
        _get_door,
        _change_door,
        _delete_door,
        _restore_door,
    ):
        _door(_each)
