"""What may be sent for an activity, which calls its fields by names of its own."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.items import CustomValue, ItemKind, ItemRef, ItemStatus, Priority
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.entry.shapes.answers import Instant

_Id = msgspec.Meta(min_length=1, max_length=64)

_CALLED: Final = {
    "subject": "title",
    "assignee_id": "owner_id",
    "type": "activity_type",
    "item": "about",
}


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an activity is about."""

    kind: ItemKind
    id: Annotated[ItemId, _Id]


class ActivityChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes an activity."""

    type: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    due_at: Instant | UnsetType | None = UNSET
    assignee_id: Annotated[UserId, _Id] | UnsetType = UNSET
    priority: Priority | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    item: About | UnsetType | None = UNSET
    done: bool | UnsetType = UNSET
    outcome: str | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    custom_fields: Mapping[str, CustomValue] | UnsetType = UNSET


class NewActivity(ActivityChange, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes an activity."""

    type: str
    subject: str


def activity_changes_of(body: ActivityChange) -> ItemChanges:
    """Turn a body into what the house works with."""
    sent: dict[str, Any] = {name: getattr(body, name) for name in body.__struct_fields__}
    given = {_CALLED.get(name, name): value for name, value in sent.items()}
    is_done = given.pop("done")
    if is_done is not UNSET:
        given["status"] = ItemStatus.DONE if is_done else ItemStatus.OPEN
    if isinstance(about := given["about"], About):
        given["about"] = ItemRef(about.kind, about.id)
    return ItemChanges(**given)
