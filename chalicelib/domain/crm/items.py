"""What the CRM holds: items of every kind, and when one counts as open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.ids import ItemId, UserId


class ItemKind(StrEnum):
    """What an item is; leads, deals, persons and organizations can be enrolled (PD-LINK-01)."""

    LEAD = "lead"
    DEAL = "deal"
    PERSON = "person"
    ORGANIZATION = "organization"
    PROJECT = "project"
    PRODUCT = "product"
    ACTIVITY = "activity"
    USER = "user"


class Priority(StrEnum):
    """How urgent an activity is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


RESTORABLE_FOR: Final = timedelta(days=30)
ENROLLABLE: Final = frozenset(
    {ItemKind.LEAD, ItemKind.DEAL, ItemKind.PERSON, ItemKind.ORGANIZATION}
)
CustomValue = str | int | float | bool | tuple[str, ...] | None
"""A value of a tenant's own field; several options are a tuple."""
LINKABLE: Final = frozenset({ItemKind.LEAD, ItemKind.DEAL, ItemKind.PROJECT})
"""The kinds that fill a thread's one item slot (PD-LINK-04)."""


@dataclass(frozen=True, slots=True, order=True)
class ItemRef:
    """Names one item of the tenant."""

    kind: ItemKind
    id: ItemId


class ItemStatus(StrEnum):
    """Where an item stands; which ones a kind may have is `STATUSES`."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    ARCHIVED = "archived"
    CONVERTED = "converted"
    DISQUALIFIED = "disqualified"
    DONE = "done"
    CANCELLED = "cancelled"
    DELETED = "deleted"


STATUSES: Final[Mapping[ItemKind, frozenset[ItemStatus]]] = {
    ItemKind.LEAD: frozenset(
        {
            ItemStatus.OPEN,
            ItemStatus.ARCHIVED,
            ItemStatus.CONVERTED,
            ItemStatus.DISQUALIFIED,
            ItemStatus.DELETED,
        }
    ),
    ItemKind.DEAL: frozenset(
        {ItemStatus.OPEN, ItemStatus.WON, ItemStatus.LOST, ItemStatus.DELETED}
    ),
    ItemKind.PROJECT: frozenset(
        {ItemStatus.OPEN, ItemStatus.DONE, ItemStatus.CANCELLED, ItemStatus.DELETED}
    ),
    ItemKind.PERSON: frozenset({ItemStatus.OPEN, ItemStatus.DELETED}),
    ItemKind.ORGANIZATION: frozenset({ItemStatus.OPEN, ItemStatus.DELETED}),
    ItemKind.PRODUCT: frozenset({ItemStatus.OPEN, ItemStatus.DELETED}),
    ItemKind.ACTIVITY: frozenset({ItemStatus.OPEN, ItemStatus.DONE, ItemStatus.DELETED}),
}


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """One address of a person; `address` is normalised (lower case, no name)."""

    address: str
    is_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A lead, deal, person, organization, project, product or activity.

    Leads, deals and projects carry `title`, persons, organizations and products `name`, activities
    `subject` (all live in `title` here); an activity's owner is its assignee. Fields that a kind
    lacks stay empty.
    """

    ref: ItemRef
    title: str
    owner_id: UserId
    status: ItemStatus = ItemStatus.OPEN
    status_reason: str | None = None
    person_id: ItemId | None = None
    organization_id: ItemId | None = None
    emails: tuple[EmailAddress, ...] = ()
    phones: tuple[str, ...] = ()
    time_zone: str | None = None
    country: str | None = None
    do_not_email: bool = False
    do_not_call: bool = False
    tags: tuple[str, ...] = ()
    custom_fields: Mapping[str, CustomValue] = field(default_factory=dict)
    value: float | None = None
    currency: str | None = None
    pipeline: str | None = None
    stage: str | None = None
    code: str | None = None
    unit: str | None = None
    activity_type: str | None = None
    due_at: datetime | None = None
    priority: Priority | None = None
    note: str | None = None
    outcome: str | None = None
    about: ItemRef | None = None
    """What an activity is about."""
    lead_id: ItemId | None = None
    """The lead that a deal was made of."""
    deal_id: ItemId | None = None
    """The deal that a lead became."""
    merged_into: ItemId | None = None
    merged: tuple[ItemId, ...] = ()
    """The persons that were merged into this one."""
    deleted_at: datetime | None = None
    status_before: ItemStatus | None = None
    """What a deleted item was, so that restoring brings it back."""
    created_at: datetime
    updated_at: datetime
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Open until won, lost, archived, done or deleted."""
        return self.status is ItemStatus.OPEN

    @property
    def forgotten_at(self) -> datetime | None:
        """Until when a deleted item can be restored."""
        return None if self.deleted_at is None else self.deleted_at + RESTORABLE_FOR

    def is_forgotten(self, now: datetime) -> bool:
        """Whether it was deleted so long ago that it is as if it had never been."""
        return self.forgotten_at is not None and now > self.forgotten_at

    @property
    def primary_address(self) -> str | None:
        """The address to write to, if there is any: nobody writes to what was deleted."""
        if self.status is ItemStatus.DELETED:
            return None
        primary = next((each.address for each in self.emails if each.is_primary), None)
        return primary or next((each.address for each in self.emails), None)


def organization_of(item: Item, person: Item | None) -> ItemId | None:
    """Return the organization that an item names, else the one that its `person` does."""
    return item.organization_id or (person.organization_id if person else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An open lead, deal or project of a person: what linking has to know of it."""

    ref: ItemRef
    title: str
    created_at: datetime
    organization_id: ItemId | None = None
