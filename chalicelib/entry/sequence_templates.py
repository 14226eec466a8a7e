"""HTTP doors to sequence templates: the ready-made ones and the tenant's own."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, Meta, UnsetType

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.catalog import READY_MADE
from chalicelib.domain.sequences.own_templates import TemplateChanges
from chalicelib.entry.http import PAGING, Answer, Request, answers, created, data, deleted, page
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import choice_of
from chalicelib.entry.sequence_bodies import show_template
from chalicelib.entry.shapes import sequences as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import sequence_templates as service

routes = Blueprint(__name__)


class NewTemplate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that saves a sequence as a template."""

    sequence_id: str
    name: Annotated[str, Meta(examples=["Our way to follow up"])]


class TemplateChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes one of the tenant's own templates."""

    name: str | UnsetType = UNSET
    flow: shapes.Document | UnsetType = UNSET


@routes.route("/v1/sequence-templates", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "item_kind", "key"))
@promises(lists=shapes.SequenceTemplate)
def list_templates(request: Request) -> Answer:
    """List the ready-made sequences, then the tenant's own; from an item, those for its kind."""
    kind, key = choice_of(request, "item_kind", ItemKind), request.query("key")
    asked = request.page()
    shown = []
    cursor: dict[str, object] | None = dict(asked.cursor) if asked.cursor else None
    begin = int(str(cursor.pop("begin", len(READY_MADE)))) if cursor else 0
    wanted = [
        each for each in READY_MADE if kind in {None, each.item_kind} and key in {None, each.key}
    ]
    shown = [show_template(each) for each in wanted[begin : begin + asked.limit]]
    if begin + asked.limit <= len(wanted):
        return page(shown, {"begin": begin + asked.limit})
    listing = service.list_own(
        kind=kind,
        limit=asked.limit - len(shown),
        cursor=cursor or None,
        stores=request.stores,
    )
    own = [show_template(each) for each in listing.rows if key in {None, each.key}]
    return page([*shown, *own], listing.cursor)


@routes.route("/v1/sequence-templates", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=NewTemplate,
    gives=shapes.SequenceTemplate,
    statuses=(201,),
    refuses=(RoleMissingError, MissingError),
)
def save_template(request: Request) -> Answer:
    """Save the flow of a sequence as a template of the tenant's own."""
    body = request.body(NewTemplate)
    template = service.save(
        SequenceId(body.sequence_id), name=body.name, caller=request.caller, bench=request.bench
    )
    return created(show_template(template))


@routes.route("/v1/sequence-templates/{template_key}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(
    takes=TemplateChange,
    gives=shapes.SequenceTemplate,
    is_versioned=True,
    refuses=(RoleMissingError,),
)
def change_template(request: Request, template_key: str) -> Answer:
    """Change one of the tenant's own templates; sequences made from it stay as they are."""
    body = request.body(TemplateChange)
    template = service.change(
        template_key,
        changes=TemplateChanges(name=body.name, flow=body.flow),
        read_version=request.if_match(),
        caller=request.caller,
        bench=request.bench,
    )
    return data(show_template(template))


@routes.route("/v1/sequence-templates/{template_key}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, refuses=(RoleMissingError, StaleWriteError))
def delete_template(request: Request, template_key: str) -> Answer:
    """Remove one of the tenant's own templates."""
    service.remove(template_key, caller=request.caller, stores=request.stores)
    return deleted(template_key)
