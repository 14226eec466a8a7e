"""What somebody wants an item to be: which fields, whether they fit, and the item with them.

`UNSET` means "leave it", None means "empty it". All problems come at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.crm.items import (
    STATUSES,
    CustomValue,
    EmailAddress,
    Item,
    ItemKind,
    ItemRef,
    ItemStatus,
    Priority,
)
from chalicelib.domain.errors import Problem
from chalicelib.domain.given import fields_given
from chalicelib.domain.ids import ItemId, UserId

# These have doors of their own, which do more than set a word.
_BY_OTHER_DOORS: Final = frozenset({ItemStatus.DELETED, ItemStatus.CONVERTED})

_LINES: Final = ("pipeline", "stage", "status_reason", "code", "unit", "activity_type", "outcome")
_SPELLED: Final[Mapping[ItemKind, Mapping[str, str]]] = {
    ItemKind.PERSON: {"title": "name"},
    ItemKind.ORGANIZATION: {"title": "name"},
    ItemKind.PRODUCT: {"title": "name", "value": "price"},
    ItemKind.ACTIVITY: {
        "title": "subject",
        "owner_id": "assignee_id",
        "activity_type": "type",
        "about": "item",
    },
}
"""Fields that a kind calls by another name than `Item` does."""


class ItemChanges(msgspec.Struct, frozen=True, kw_only=True):
    """Every field of an item that a person may set, of whatever kind."""

    title: str | UnsetType = UNSET
    owner_id: UserId | UnsetType = UNSET
    status: ItemStatus | UnsetType = UNSET
    status_reason: str | UnsetType | None = UNSET
    person_id: ItemId | UnsetType | None = UNSET
    organization_id: ItemId | UnsetType | None = UNSET
    emails: tuple[EmailAddress, ...] | UnsetType = UNSET
    phones: tuple[str, ...] | UnsetType = UNSET
    time_zone: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    do_not_email: bool | UnsetType = UNSET
    do_not_call: bool | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    custom_fields: Mapping[str, CustomValue] | UnsetType = UNSET
    value: float | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    pipeline: str | UnsetType | None = UNSET
    stage: str | UnsetType | None = UNSET
    code: str | UnsetType | None = UNSET
    unit: str | UnsetType | None = UNSET
    activity_type: str | UnsetType = UNSET
    due_at: datetime | UnsetType | None = UNSET
    priority: Priority | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    outcome: str | UnsetType | None = UNSET
    about: ItemRef | UnsetType | None = UNSET


def applied(item: Item, changes: ItemChanges, *, now: datetime) -> Item:
    """Return the item with the changes, which must have been checked; itself if there are none."""
    given = fields_given(changes)
    if changes.emails is not UNSET:
        given["emails"] = _with_primary(changes.emails)
    if changes.tags is not UNSET:
        given["tags"] = tuple(dict.fromkeys(changes.tags))
    if changes.custom_fields is not UNSET:
        merged = {**item.custom_fields, **changes.custom_fields}
        given["custom_fields"] = {key: value for key, value in merged.items() if value is not None}
    if changes.about is not UNSET:
        given |= _named_by(changes.about)
    if isinstance(changes.due_at, datetime):
        given["due_at"] = changes.due_at.astimezone(UTC)
    if changes.status is not UNSET and changes.status_reason is UNSET:
        is_same = changes.status is item.status
        given["status_reason"] = item.status_reason if is_same else None
    changed = replace(item, **given)  # the names are those of Item
    return item if changed == item else replace(changed, updated_at=now)


def path_of(item: Item, name: str) -> str:
    """Return where a field stands in the bodies of the item's kind."""
    return f"$.{_SPELLED.get(item.ref.kind, {}).get(name, name)}"


def problems_of(item: Item, changes: ItemChanges) -> Iterator[Problem]:
    """Yield whatever is wrong with the changes in themselves; references are not looked up."""
    if changes.title is not UNSET:
        yield from fields.check_line(path_of(item, "title"), changes.title)
    yield from _status_problems(item, changes)
    if changes.emails is not UNSET:
        yield from _email_problems(changes.emails)
    if changes.phones is not UNSET:
        yield from fields.check_lines("$.phones", changes.phones)
    if changes.tags is not UNSET:
        yield from fields.check_lines("$.tags", changes.tags, fields.MOST_TAGS)
    if changes.custom_fields is not UNSET:
        merged = {**item.custom_fields, **changes.custom_fields}
        yield from fields.check_custom_fields("$.custom_fields", merged)
    yield from _value_problems(item, changes)


def _value_problems(item: Item, changes: ItemChanges) -> Iterator[Problem]:
    if changes.time_zone not in (UNSET, None):
        yield from fields.check_time_zone("$.time_zone", str(changes.time_zone))
    if changes.country not in (UNSET, None):
        yield from fields.check_country("$.country", str(changes.country))
    if isinstance(changes.value, int | float):
        yield from fields.check_money(path_of(item, "value"), changes.value)
    if changes.currency not in (UNSET, None):
        yield from fields.check_currency("$.currency", str(changes.currency))
    for name in _LINES:
        text = getattr(changes, name)
        if isinstance(text, str):
            yield from fields.check_line(path_of(item, name), text)
    if isinstance(changes.note, str):
        yield from fields.check_text("$.note", changes.note)


def _status_problems(item: Item, changes: ItemChanges) -> Iterator[Problem]:
    if changes.status is UNSET or changes.status is item.status:
        return
    if item.status is ItemStatus.CONVERTED:
        message = "A converted lead stays converted; change the deal it became."
        yield Problem(path="$.status", code="wrong_status", message=message)
        return
    allowed = STATUSES[item.ref.kind] - _BY_OTHER_DOORS
    if changes.status not in allowed:
        message = f"A {item.ref.kind} may be set to: {', '.join(sorted(allowed))}."
        yield Problem(path="$.status", code="wrong_status", message=message)


def _email_problems(emails: tuple[EmailAddress, ...]) -> Iterator[Problem]:
    if len(emails) > fields.MOST_IN_A_LIST:
        message = f"Give at most {fields.MOST_IN_A_LIST}."
        yield Problem(path="$.emails", code="too_many", message=message)
    if sum(each.is_primary for each in emails) > 1:
        message = "Only one address can be the primary one."
        yield Problem(path="$.emails", code="several_primary", message=message)
    seen: set[str] = set()
    for at, each in enumerate(emails):
        path = f"$.emails[{at}].address"
        yield from fields.check_address(path, each.address)
        address = normalized(each.address)
        if address in seen:
            yield Problem(path=path, code="given_twice", message="This address stands here twice.")
        seen.add(address)


def _named_by(about: ItemRef | None) -> dict[str, object]:
    """An activity about a person or an organization is also found as theirs."""
    return {
        "person_id": about.id if about and about.kind is ItemKind.PERSON else None,
        "organization_id": about.id if about and about.kind is ItemKind.ORGANIZATION else None,
    }


def _with_primary(emails: tuple[EmailAddress, ...]) -> tuple[EmailAddress, ...]:
    """Normalise; where nobody says which is the primary one, it is the first."""
    has_primary = any(each.is_primary for each in emails)
    return tuple(
        EmailAddress(normalized(each.address), each.is_primary or (at == 0 and not has_primary))
        for at, each in enumerate(emails)
    )
