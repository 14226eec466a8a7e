"""HTTP doors to the tenant's own fields of items."""

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.custom_fields import CustomField, FieldType, key_from
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.errors import StateError
from chalicelib.entry.http import PAGING, Answer, Request, answers, created, data, deleted, part_of
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import choice_of
from chalicelib.entry.shapes import custom_fields as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import custom_fields as service

routes = Blueprint(__name__)


class NewCustomField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that defines a field; its key is made of its name unless it is given."""

    item_kind: ItemKind
    name: str
    type: FieldType
    key: str | UnsetType = UNSET
    options: tuple[str, ...] = ()


class CustomFieldChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes a field; its kind, key and type stay for ever."""

    name: str | UnsetType = UNSET
    options: tuple[str, ...] | UnsetType = UNSET


@routes.route("/v1/custom-fields", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "item_kind"))
@promises(lists=shapes.CustomField)
def list_custom_fields(request: Request) -> Answer:
    """List custom fields, by kind and key."""
    kind = choice_of(request, "item_kind", ItemKind)
    known = service.of(kind, caller=request.caller, stores=request.stores)
    return part_of(known, request.page(), place=lambda it: it.id, show=_body)


@routes.route("/v1/custom-fields", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=NewCustomField,
    gives=shapes.CustomField,
    statuses=(201,),
    refuses=(RoleMissingError, StateError),
)
def create_custom_field(request: Request) -> Answer:
    """Define a field of a kind of items; from then on the kind takes only defined fields."""
    body = request.body(NewCustomField)
    field = CustomField(
        kind=body.item_kind,
        key=key_from(body.name) if body.key is UNSET else body.key,
        name=body.name,
        type=body.type,
        options=body.options,
        created_at=request.now,
        updated_at=request.now,
    )
    return created(_body(service.define(field, caller=request.caller, stores=request.stores)))


@routes.route("/v1/custom-fields/{field_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.CustomField)
def get_custom_field(request: Request, field_id: str) -> Answer:
    """Show one field."""
    return data(_body(service.get(field_id, caller=request.caller, stores=request.stores)))


@routes.route("/v1/custom-fields/{field_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(
    takes=CustomFieldChange,
    gives=shapes.CustomField,
    is_versioned=True,
    refuses=(RoleMissingError, StateError),
)
def change_custom_field(request: Request, field_id: str) -> Answer:
    """Rename a field, or give it other options; values that items have stay."""
    body = request.body(CustomFieldChange)
    field = service.change(
        field_id,
        name=None if body.name is UNSET else body.name,
        options=None if body.options is UNSET else body.options,
        read_version=request.if_match(),
        caller=request.caller,
        stores=request.stores,
        now=request.now,
    )
    return data(_body(field))


@routes.route("/v1/custom-fields/{field_id}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, is_versioned=True, refuses=(RoleMissingError, StateError))
def delete_custom_field(request: Request, field_id: str) -> Answer:
    """Delete a definition; values that items have stay, as plain values."""
    service.end(
        field_id,
        read_version=request.if_match(),
        caller=request.caller,
        stores=request.stores,
    )
    return deleted(field_id)


def _body(field: CustomField) -> dict[str, object]:
    return {
        "id": field.id,
        "item_kind": field.kind,
        "key": field.key,
        "name": field.name,
        "type": field.type,
        "options": field.options,
        "created_at": field.created_at,
        "updated_at": field.updated_at,
        "version": field.version,
    }
