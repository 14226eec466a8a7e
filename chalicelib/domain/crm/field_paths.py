"""The fields of items by their paths: `stage`, `person.country`, `organization.custom_fields.size`.

What cannot be found (no such field, no such person) is `Unanswerable`, and says why.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.crm.items import Item, ItemKind


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    LIST = "list"
    INSTANT = "instant"


_EVERY_KIND: Final[Mapping[str, FieldType]] = MappingProxyType(
    {
        "id": FieldType.TEXT,
        "owner_id": FieldType.TEXT,
        "status": FieldType.TEXT,
        "status_reason": FieldType.TEXT,
        "tags": FieldType.LIST,
        "created_at": FieldType.INSTANT,
        "updated_at": FieldType.INSTANT,
    }
)
_TITLED: Final = MappingProxyType(
    {
        **_EVERY_KIND,
        "title": FieldType.TEXT,
        "person_id": FieldType.TEXT,
        "organization_id": FieldType.TEXT,
    }
)
_NAMED: Final = MappingProxyType(
    {
        **_EVERY_KIND,
        "name": FieldType.TEXT,
        "email": FieldType.TEXT,
        "phone": FieldType.TEXT,
        "phones": FieldType.LIST,
        "country": FieldType.TEXT,
        "time_zone": FieldType.TEXT,
        "do_not_email": FieldType.YES_NO,
        "do_not_call": FieldType.YES_NO,
    }
)
FIELDS: Final[Mapping[ItemKind, Mapping[str, FieldType]]] = MappingProxyType(
    {
        ItemKind.LEAD: _TITLED,
        ItemKind.DEAL: MappingProxyType(
            {
                **_TITLED,
                "value": FieldType.NUMBER,
                "currency": FieldType.TEXT,
                "pipeline": FieldType.TEXT,
                "stage": FieldType.TEXT,
            }
        ),
        ItemKind.PERSON: MappingProxyType({**_NAMED, "organization_id": FieldType.TEXT}),
        ItemKind.ORGANIZATION: _NAMED,
    }
)
"""The fields that every item of a kind has; a tenant's own stand under `custom_fields`."""


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """A question that the item gives no answer to, and why."""

    field: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The item that is asked about, and whom it concerns.

    `known_custom` names the tenant's own fields by kind, where it has defined them: a defined field
    without a value is empty, one that nobody defined is missing.
    """

    item: Item
    person: Item | None = None
    organization: Item | None = None
    known_custom: Mapping[ItemKind, Collection[str]] = field(default_factory=dict)


def split_path(path: str, kind: ItemKind) -> tuple[ItemKind, str, bool] | None:
    """Return whose field it is, its name, and whether it is a tenant's own; None: no such path.

    A name that no item of the kind has is taken for a tenant's own field.
    """
    roots = {"item": kind, kind.value: kind, "person": ItemKind.PERSON}
    roots["organization"] = ItemKind.ORGANIZATION
    parts = path.split(".")
    of = kind
    if len(parts) > 1 and parts[0] in roots:
        of, parts = roots[parts[0]], parts[1:]
    match parts:
        case [name] if name in FIELDS[of]:
            return of, name, False
        case [name] | ["custom_fields", name] if name:
            return of, name, True
        case _:
            return None


def type_of(path: str, kind: ItemKind) -> FieldType | None:
    """Return what a field holds; None for a tenant's own, which may hold anything."""
    found = split_path(path, kind)
    if found is None or found[2]:
        return None
    return FIELDS[found[0]][found[1]]


def value_of(path: str, about: About) -> object | Unanswerable:
    """Return the value of a field, None if it is empty."""
    found = split_path(path, about.item.ref.kind)
    if found is None:
        return Unanswerable(path, "there is no such field")
    kind, name, is_custom = found
    owner = _owner(kind, about)
    if owner is None:
        return Unanswerable(path, f"there is no {kind}")
    if is_custom:
        if name in owner.custom_fields:
            return owner.custom_fields[name]
        if name in about.known_custom.get(kind, ()):
            return None
        return Unanswerable(path, f"the {kind} has no such field")
    match name:
        case "name":
            return owner.title
        case "id":
            return owner.ref.id
        case "email":
            return owner.primary_address
        case "phone":
            return owner.phones[0] if owner.phones else None
        case _:
            value: object = getattr(owner, name)
            return value


def _owner(kind: ItemKind, about: About) -> Item | None:
    if kind is about.item.ref.kind:
        return about.item
    return about.person if kind is ItemKind.PERSON else about.organization
