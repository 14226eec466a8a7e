"""How items look on the wire: what may be sent for each kind, and what is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.items import (
    CustomValue,
    EmailAddress,
    Item,
    ItemKind,
    ItemStatus,
)
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.entry.activity_bodies import ActivityChange, NewActivity, activity_changes_of

_Id = msgspec.Meta(min_length=1, max_length=64)
PersonId = Annotated[ItemId, _Id]
OrganizationId = Annotated[ItemId, _Id]
OwnerId = Annotated[UserId, _Id]


class Email(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One address of a person or organization."""

    address: str
    primary: bool = False


class Common(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every kind has."""

    owner_id: OwnerId | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    custom_fields: Mapping[str, CustomValue] | UnsetType = UNSET


class Work(Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a lead, a deal and a project have in common."""

    person_id: PersonId | UnsetType | None = UNSET
    organization_id: OrganizationId | UnsetType | None = UNSET
    status: ItemStatus | UnsetType = UNSET
    status_reason: str | UnsetType | None = UNSET


class Reachable(Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person and an organization have in common."""

    emails: tuple[Email, ...] | UnsetType = UNSET
    phones: tuple[str, ...] | UnsetType = UNSET
    time_zone: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    do_not_email: bool | UnsetType = UNSET
    do_not_call: bool | UnsetType = UNSET


class WorkChange(Work, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes a lead or a project."""

    title: str | UnsetType = UNSET


class NewWork(Work, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes a lead or a project."""

    title: str


class _Money(Work, frozen=True, kw_only=True, forbid_unknown_fields=True):
    value: float | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    pipeline: str | UnsetType | None = UNSET
    stage: str | UnsetType | None = UNSET


class DealChange(_Money, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes a deal."""

    title: str | UnsetType = UNSET


class NewDeal(_Money, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes a deal."""

    title: str


class PersonChange(Reachable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes a person."""

    name: str | UnsetType = UNSET
    organization_id: OrganizationId | UnsetType | None = UNSET


class NewPerson(PersonChange, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes a person."""

    name: str


class OrganizationChange(Reachable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes an organization."""

    name: str | UnsetType = UNSET


class NewOrganization(OrganizationChange, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes an organization."""

    name: str


class ProductChange(Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes a product."""

    name: str | UnsetType = UNSET
    code: str | UnsetType | None = UNSET
    unit: str | UnsetType | None = UNSET
    price: float | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET


class NewProduct(ProductChange, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes a product."""

    name: str


Body = (
    WorkChange
    | NewWork
    | DealChange
    | NewDeal
    | PersonChange
    | OrganizationChange
    | ProductChange
    | ActivityChange
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of item is spelled: its path, its bodies, and what else it shows."""

    kind: ItemKind
    path: str
    new: type[Body]
    change: type[Body]
    shows: Callable[[Item], dict[str, object]]


def changes_of(body: Body) -> ItemChanges:
    """Turn a body into what the house works with."""
    if isinstance(body, ActivityChange):
        return activity_changes_of(body)
    given = {name: getattr(body, name) for name in body.__struct_fields__}
    if "name" in given:
        given["title"] = given.pop("name")
    if "price" in given:
        given["value"] = given.pop("price")
    if isinstance(emails := given.get("emails"), tuple):
        given["emails"] = tuple(EmailAddress(each.address, each.primary) for each in emails)
    return ItemChanges(**given)


def show(item: Item) -> dict[str, object]:
    """Show an item as its kind does."""
    return {
        "id": item.ref.id,
        **BY_KIND[item.ref.kind].shows(item),
        "owner_id": item.owner_id,
        "status": item.status,
        "tags": item.tags,
        "custom_fields": item.custom_fields,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "deleted_at": item.deleted_at,
        "version": item.version,
    }


def _work(item: Item) -> dict[str, object]:
    return {
        "title": item.title,
        "person_id": item.person_id,
        "organization_id": item.organization_id,
        "status_reason": item.status_reason,
    }


def _lead(item: Item) -> dict[str, object]:
    return {**_work(item), "deal_id": item.deal_id}


def _deal(item: Item) -> dict[str, object]:
    return {
        **_work(item),
        "lead_id": item.lead_id,
        "value": item.value,
        "currency": item.currency,
        "pipeline": item.pipeline,
        "stage": item.stage,
    }


def _reachable(item: Item) -> dict[str, object]:
    return {
        "name": item.title,
        "emails": [{"address": each.address, "primary": each.is_primary} for each in item.emails],
        "phones": item.phones,
        "time_zone": item.time_zone,
        "country": item.country,
        "do_not_email": item.do_not_email,
        "do_not_call": item.do_not_call,
    }


def _person(item: Item) -> dict[str, object]:
    return {
        **_reachable(item),
        "organization_id": item.organization_id,
        "merged_into": item.merged_into,
    }


def _product(item: Item) -> dict[str, object]:
    return {
        "name": item.title,
        "code": item.code,
        "unit": item.unit,
        "price": item.value,
        "currency": item.currency,
    }


def _activity(item: Item) -> dict[str, object]:
    return {
        "type": item.activity_type,
        "subject": item.title,
        "due_at": item.due_at,
        "assignee_id": item.owner_id,
        "priority": item.priority,
        "note": item.note,
        "item": {"kind": item.about.kind, "id": item.about.id} if item.about else None,
        "done": item.status is ItemStatus.DONE,
        "outcome": item.outcome,
    }


KINDS: Final = (
    Kind(kind=ItemKind.LEAD, path="leads", new=NewWork, change=WorkChange, shows=_lead),
    Kind(kind=ItemKind.DEAL, path="deals", new=NewDeal, change=DealChange, shows=_deal),
    Kind(kind=ItemKind.PERSON, path="persons", new=NewPerson, change=PersonChange, shows=_person),
    Kind(
        kind=ItemKind.ORGANIZATION,
        path="organizations",
        new=NewOrganization,
        change=OrganizationChange,
        shows=_reachable,
    ),
    Kind(kind=ItemKind.PROJECT, path="projects", new=NewWork, change=WorkChange, shows=_work),
    Kind(
        kind=ItemKind.PRODUCT,
        path="products",
        new=NewProduct,
        change=ProductChange,
        shows=_product,
    ),
    Kind(
        kind=ItemKind.ACTIVITY,
        path="activities",
        new=NewActivity,
        change=ActivityChange,
        shows=_activity,
    ),
)
BY_KIND: Final[Mapping[ItemKind, Kind]] = {each.kind: each for each in KINDS}
