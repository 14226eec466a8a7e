"""The rows of items: the item, whose address it is, and what is open for a person."""

from collections.abc import Mapping
from typing import Any, Final, Self

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.domain.crm.items import (
    CustomValue,
    EmailAddress,
    Item,
    ItemKind,
    ItemRef,
    ItemStatus,
    OpenItem,
    Priority,
)
from chalicelib.domain.ids import ItemId, TenantId, UserId
from chalicelib.storage import keys, spelling
from chalicelib.storage.rows.base import Row

LIST_SHARDS: Final = 4

_OF_NONE: Final = "-"
"""The organization of an open item that is of none; rows of an earlier release do not say."""
_AS_THEY_ARE: Final = (
    "title",
    "status_reason",
    "time_zone",
    "country",
    "value",
    "currency",
    "pipeline",
    "stage",
    "code",
    "unit",
    "activity_type",
    "due_at",
    "note",
    "outcome",
    "created_at",
    "updated_at",
    "deleted_at",
)
"""What a row holds as the item does."""


class ItemRow(Row):
    """One item of any kind; what the kind lacks is left out."""

    kind = UnicodeAttribute()
    item_id = UnicodeAttribute()
    title = UnicodeAttribute()
    owner_id = UnicodeAttribute()
    status = UnicodeAttribute()
    status_reason = UnicodeAttribute(null=True)
    status_before = UnicodeAttribute(null=True)
    person_id = UnicodeAttribute(null=True)
    organization_id = UnicodeAttribute(null=True)
    emails = JSONAttribute(null=True)
    phones = JSONAttribute(null=True)
    time_zone = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    do_not_email = BooleanAttribute(null=True)
    do_not_call = BooleanAttribute(null=True)
    tags = JSONAttribute(null=True)
    custom_fields = JSONAttribute(null=True)
    value = NumberAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    pipeline = UnicodeAttribute(null=True)
    stage = UnicodeAttribute(null=True)
    code = UnicodeAttribute(null=True)
    unit = UnicodeAttribute(null=True)
    activity_type = UnicodeAttribute(null=True)
    due_at = UTCDateTimeAttribute(null=True)
    priority = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    about = JSONAttribute(null=True)
    lead_id = UnicodeAttribute(null=True)
    deal_id = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    merged = JSONAttribute(null=True)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    deleted_at = UTCDateTimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, item: Item) -> Self:
        """Write the item down; without a version the row must not exist yet."""
        shard = spelling.spread(item.ref.id, LIST_SHARDS)
        row = cls(
            keys.item(tenant_id, item.ref),
            keys.HEAD,
            list_pk=keys.items_list(tenant_id, item.ref.kind, shard),
            list_sk=item.ref.id,
            **{name: getattr(item, name) for name in _AS_THEY_ARE},
            kind=item.ref.kind.value,
            item_id=item.ref.id,
            owner_id=item.owner_id,
            status=item.status.value,
            status_before=item.status_before,
            person_id=item.person_id,
            organization_id=item.organization_id,
            emails=[[each.address, each.is_primary] for each in item.emails] or None,
            phones=list(item.phones) or None,
            do_not_email=item.do_not_email or None,
            do_not_call=item.do_not_call or None,
            tags=list(item.tags) or None,
            custom_fields=dict(item.custom_fields) or None,
            priority=item.priority,
            about=[item.about.kind, item.about.id] if item.about else None,
            lead_id=item.lead_id,
            deal_id=item.deal_id,
            merged_into=item.merged_into,
            merged=list(item.merged) or None,
            expires_at=int(item.forgotten_at.timestamp()) if item.forgotten_at else None,
        )
        if item.version:
            row.version = item.version
        return row

    def to_domain(self) -> Item:
        """Read the item."""
        return Item(
            **{name: getattr(self, name) for name in _AS_THEY_ARE},
            ref=ItemRef(ItemKind(self.kind), ItemId(self.item_id)),
            owner_id=UserId(self.owner_id),
            status=ItemStatus(self.status),
            status_before=ItemStatus(self.status_before) if self.status_before else None,
            person_id=_id(self.person_id),
            organization_id=_id(self.organization_id),
            emails=tuple(EmailAddress(address, primary) for address, primary in self.emails or ()),
            phones=tuple(self.phones or ()),
            do_not_email=bool(self.do_not_email),
            do_not_call=bool(self.do_not_call),
            tags=tuple(self.tags or ()),
            custom_fields=_values(self.custom_fields or {}),
            priority=Priority(self.priority) if self.priority else None,
            about=_ref(self.about),
            lead_id=_id(self.lead_id),
            deal_id=_id(self.deal_id),
            merged_into=_id(self.merged_into),
            merged=tuple(ItemId(each) for each in self.merged or ()),
            version=int(self.version),
        )


def _id(kept: str | None) -> ItemId | None:
    return ItemId(kept) if kept else None


def _ref(kept: list[str] | None) -> ItemRef | None:
    return ItemRef(ItemKind(kept[0]), ItemId(kept[1])) if kept else None


def _values(kept: Mapping[str, Any]) -> dict[str, CustomValue]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
    }


class PersonAddressRow(Row):
    """Says that a person has an address; several persons may have the same."""

    person_id = UnicodeAttribute()


class OpenItemRow(Row):
    """Says, at the person, that a lead, deal or project of theirs is open."""

    kind = UnicodeAttribute()
    item_id = UnicodeAttribute()
    title = UnicodeAttribute()
    organization_id = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, item: Item, person_id: ItemId) -> Self:
        """Write down what linking and the gates have to know."""
        person = ItemRef(ItemKind.PERSON, person_id)
        return cls(
            keys.item(tenant_id, person),
            keys.open_item(item.ref),
            kind=item.ref.kind.value,
            item_id=item.ref.id,
            title=item.title,
            organization_id=item.organization_id or _OF_NONE,
            created_at=item.created_at,
        )

    @property
    def is_telling(self) -> bool:
        """Whether it says of which organization the item is, if of any."""
        return self.organization_id is not None

    def to_domain(self) -> OpenItem:
        """Read it."""
        organization_id = None if self.organization_id == _OF_NONE else self.organization_id
        return OpenItem(
            ref=ItemRef(ItemKind(self.kind), ItemId(self.item_id)),
            title=self.title,
            created_at=self.created_at,
            organization_id=_id(organization_id),
        )
