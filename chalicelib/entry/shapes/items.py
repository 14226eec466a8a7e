"""How leads, deals, persons, organizations, projects, products and activities are shown."""

from collections.abc import Mapping
from typing import Annotated, TypedDict

from msgspec import Meta

from chalicelib.domain.crm.items import CustomValue, ItemKind, ItemStatus, Priority
from chalicelib.entry.shapes.answers import Instant


class ItemName(TypedDict):
    """An item by its kind and id."""

    kind: ItemKind
    id: str


class EmailAddress(TypedDict):
    """An address, in lower case; one of several is the primary one."""

    address: str
    primary: bool


class Item(TypedDict):
    """What every item shows."""

    id: str
    owner_id: str
    status: ItemStatus
    tags: list[str]
    custom_fields: Mapping[str, CustomValue]
    created_at: Instant
    updated_at: Instant
    deleted_at: Annotated[Instant | None, Meta(description="Restorable for 30 days from then.")]
    version: Annotated[int, Meta(description="Grows with every write; for `If-Match`.")]


class Work(Item):
    """What leads, deals and projects show."""

    title: str
    person_id: str | None
    organization_id: str | None
    status_reason: str | None


class Lead(Work):
    """Somebody who may buy: open, archived, converted, disqualified or deleted."""

    deal_id: Annotated[str | None, Meta(description="The deal it became.")]


class Project(Work):
    """Work for somebody who has bought: open, done, cancelled or deleted."""


class Deal(Work):
    """A sale in the making: open, won, lost or deleted."""

    lead_id: Annotated[str | None, Meta(description="The lead it was made of.")]
    value: float | None
    currency: Annotated[str | None, Meta(description="ISO 4217, such as EUR.")]
    pipeline: str | None
    stage: str | None


class Organization(Item):
    """A company that persons work for."""

    name: str
    emails: list[EmailAddress]
    phones: list[str]
    time_zone: Annotated[str | None, Meta(description="IANA, such as Europe/Berlin.")]
    country: Annotated[str | None, Meta(description="ISO 3166, such as DE.")]
    do_not_email: bool
    do_not_call: bool


class Person(Organization):
    """A human being whom we write to or call."""

    organization_id: str | None
    merged_into: Annotated[str | None, Meta(description="The person who took this one in.")]


class SharedAddress(TypedDict):
    """An address that other persons have too: mail of it concerns them all."""

    address: str
    person_ids: list[str]


class PersonInFull(Person):
    """A person, and who else has the same addresses."""

    shared_addresses: list[SharedAddress]


class Product(Item):
    """Something to sell."""

    name: str
    code: str | None
    unit: str | None
    price: float | None
    currency: Annotated[str | None, Meta(description="ISO 4217, such as EUR.")]


class Activity(Item):
    """Something to do: a call, a meeting, a task. Its owner is its assignee."""

    type: str
    subject: str
    due_at: Instant | None
    assignee_id: str
    priority: Priority | None
    note: str | None
    item: Annotated[ItemName | None, Meta(description="What it is about.")]
    done: bool
    outcome: str | None
