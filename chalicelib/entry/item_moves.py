"""HTTP doors that make one item of another: a lead becomes a deal, two persons become one."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.items import CustomValue
from chalicelib.domain.errors import IllegalMoveError, StaleWriteError, StateError
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.entry.http import Answer, Request, answers, data
from chalicelib.entry.item_bodies import show
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import items as shapes
from chalicelib.services import lead_conversion, person_merge

routes = Blueprint(__name__)

_Id = msgspec.Meta(min_length=1, max_length=64)


class Conversion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the deal is to have beside what it takes from the lead."""

    title: str | UnsetType = UNSET
    owner_id: Annotated[UserId, _Id] | UnsetType = UNSET
    value: float | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    pipeline: str | UnsetType | None = UNSET
    stage: str | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    custom_fields: dict[str, CustomValue] | UnsetType = UNSET


class Merging(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is the same person, and ends."""

    merge_with_id: Annotated[ItemId, _Id]


@routes.route("/v1/leads/{item_id}/convert", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Conversion,
    gives=shapes.Deal,
    refuses=(IllegalMoveError, StaleWriteError, StateError),
)
def convert_lead(request: Request, item_id: str) -> Answer:
    """Make a deal of an open lead; the lead is converted and leaves its sequence.

    The deal keeps person, organization and tags, and shows the lead's mail and enrollments as its
    own. A lead that is converted already answers with the deal it became.
    """
    body = request.body(Conversion)
    given = {name: getattr(body, name) for name in body.__struct_fields__}
    deal = lead_conversion.convert(
        ItemId(item_id), changes=ItemChanges(**given), caller=request.caller, bench=request.bench
    )
    return data(show(deal))


@routes.route("/v1/persons/{item_id}/merge", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Merging, gives=shapes.Person, refuses=(StaleWriteError, StateError))
def merge_person(request: Request, item_id: str) -> Answer:
    """Take another person in: addresses, leads, deals, projects, activities, mail, enrollments.

    What this person says stands, the other fills gaps, and is deleted for good: it names this one
    in `merged_into`, and is not restored.
    """
    winner = person_merge.merge(
        ItemId(item_id),
        loser_id=request.body(Merging).merge_with_id,
        caller=request.caller,
        bench=request.bench,
    )
    return data(show(winner))
