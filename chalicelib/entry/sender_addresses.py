"""HTTP doors to the addresses a user writes from: list, ask for, take away."""

from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.entry.http import Answer, Request, answers, created, deleted, page
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import threads as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import sender_addresses as service
from chalicelib.services.sender_addresses import SenderAddress

routes = Blueprint(__name__)


class Asking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that names an address."""

    address: str


@routes.route("/v1/sender-addresses", methods=["GET"], cors=True)
@answers(routes)
@promises(lists=shapes.SenderAddress)
def list_sender_addresses(request: Request) -> Answer:
    """List the addresses whose mail counts as the caller's own, and those that wait."""
    found = service.list_own(caller=request.caller, stores=request.stores, now=request.now)
    shown = [_show(each, "confirmed" if each.is_confirmed else "unconfirmed") for each in found]
    return page(shown, None)


@routes.route("/v1/sender-addresses", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Asking,
    gives=shapes.SenderAddress,
    statuses=(201,),
    refuses=(StaleWriteError, ThrottledError),
)
def ask_for_address(request: Request) -> Answer:
    """Have a confirmation mailed to an address; the answer is the same for every address."""
    asked = service.ask(
        request.body(Asking).address,
        caller=request.caller,
        stores=request.stores,
        outside=request.outside,
        now=request.now,
    )
    return created(_show(asked, "asked"))


@routes.route("/v1/sender-addresses/{address_id}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, refuses=(StaleWriteError,))
def remove_sender_address(request: Request, address_id: str) -> Answer:
    """Take an address away, confirmed or not."""
    service.remove(address_id, caller=request.caller, stores=request.stores, now=request.now)
    return deleted(address_id)


def _show(
    address: SenderAddress, status: Literal["asked", "unconfirmed", "confirmed"]
) -> dict[str, str]:
    return {"id": address.id, "address": address.address, "status": status}
