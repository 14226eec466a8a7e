"""HTTP doors to Smart Bcc addresses: list, make, replace, end."""

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import BccId, ItemId
from chalicelib.domain.mail.bcc_address import SmartBccAddress
from chalicelib.entry.http import PAGING, Answer, Request, answers, created, data, deleted, part_of
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import threads as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import smart_bcc as service

routes = Blueprint(__name__)


class AddressedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names the item an address is for."""

    kind: ItemKind
    id: ItemId


class Making(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that asks for an address; without an item it is the caller's own."""

    item: AddressedItem | None = None


@routes.route("/v1/smart-bcc", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.SmartBccAddress)
def list_addresses(request: Request) -> Answer:
    """List the caller's addresses and those of items; there are few."""
    found = service.list_visible(caller=request.caller, stores=request.stores)
    return part_of(
        found,
        request.page(),
        place=lambda address: address.id,
        show=lambda address: _show(address, request),
    )


@routes.route("/v1/smart-bcc", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Making,
    gives=shapes.SmartBccAddress,
    statuses=(201,),
    refuses=(MissingError, StaleWriteError),
)
def make_address(request: Request) -> Answer:
    """Make an address, or show the one that there is."""
    item = request.body(Making).item
    address = service.create(
        request.caller.user_id,
        item=ItemRef(item.kind, item.id) if item else None,
        stores=request.stores,
        outside=request.outside,
        now=request.now,
    )
    return created(_show(address, request))


@routes.route("/v1/smart-bcc/{bcc_id}/rotate", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.SmartBccAddress, refuses=(RoleMissingError, StaleWriteError))
def rotate_address(request: Request, bcc_id: str) -> Answer:
    """Replace an address; the one before works on until `grace_until`."""
    request.nothing()
    address = service.rotate(
        BccId(bcc_id),
        caller=request.caller,
        stores=request.stores,
        outside=request.outside,
        now=request.now,
    )
    return data(_show(address, request))


@routes.route("/v1/smart-bcc/{bcc_id}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, refuses=(RoleMissingError, StaleWriteError))
def revoke_address(request: Request, bcc_id: str) -> Answer:
    """End an address at once."""
    service.revoke(BccId(bcc_id), caller=request.caller, stores=request.stores, now=request.now)
    return deleted(bcc_id)


def _show(address: SmartBccAddress, request: Request) -> dict[str, object]:
    return {
        "id": address.id,
        "address": f"{address.local_part}@{request.outside.inbound_domain}",
        "item": address.item,
        "created_at": address.created_at,
        "grace_until": address.grace_until,
    }
