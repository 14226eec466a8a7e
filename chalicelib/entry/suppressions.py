"""HTTP doors to the addresses that must not be mailed."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.crm.suppressions import Suppression
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.ids import SuppressionId
from chalicelib.entry.http import PAGING, Answer, Request, answers, created, data, deleted, page
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import suppressions as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import suppressions as service

routes = Blueprint(__name__)


class Suppressing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that suppresses an address."""

    address: str


@routes.route("/v1/suppressions", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "address"))
@promises(
    lists=shapes.Suppression,
    reads={"address": Annotated[str, Meta(description="Only the one of this address.")]},
)
def list_suppressions(request: Request) -> Answer:
    """List the addresses that must not be mailed, oldest first."""
    asked = request.page()
    listing = service.list_page(
        address=request.query("address"),
        limit=asked.limit,
        cursor=asked.cursor,
        caller=request.caller,
        stores=request.stores,
    )
    return page([_show(each) for each in listing.rows], listing.cursor)


@routes.route("/v1/suppressions", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Suppressing, gives=shapes.Suppression, statuses=(200, 201))
def suppress_address(request: Request) -> Answer:
    """Mail an address no more; if it is suppressed already, the first reason stands (200)."""
    suppression, is_new = service.add(
        request.body(Suppressing).address,
        caller=request.caller,
        stores=request.stores,
        now=request.now,
    )
    return created(_show(suppression)) if is_new else data(_show(suppression))


@routes.route("/v1/suppressions/{suppression_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Suppression)
def get_suppression(request: Request, suppression_id: str) -> Answer:
    """Show one suppression."""
    return data(_show(request.stores.addresses.get_suppression(SuppressionId(suppression_id))))


@routes.route("/v1/suppressions/{suppression_id}", methods=["DELETE"], cors=True)
@answers(routes, scope=Scope.ADMIN)
@promises(gives=Deleted, refuses=(RoleMissingError,))
def lift_suppression(request: Request, suppression_id: str) -> Answer:
    """Mail an address again (admins)."""
    service.lift(SuppressionId(suppression_id), caller=request.caller, stores=request.stores)
    return deleted(suppression_id)


def _show(suppression: Suppression) -> dict[str, object]:
    return {
        "id": suppression.id,
        "address": suppression.address,
        "reason": suppression.reason,
        "created_at": suppression.at,
    }
