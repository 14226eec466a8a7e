"""Setting one field of an item by a rule: which fields that may be, and which values they take."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.crm import changes
from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.field_paths import FieldType, split_path, type_of
from chalicelib.domain.crm.fields import Scalar
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.errors import Problem
from chalicelib.domain.ids import ItemId, UserId

SETTABLE: Final = frozenset(
    {
        "title",
        "name",
        "country",
        "time_zone",
        "currency",
        "pipeline",
        "stage",
        "value",
        "do_not_email",
        "do_not_call",
    }
)
"""Of the fields that every item has; a tenant's own may all be set."""

_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


def problems_of(field: str, value: Scalar, kind: ItemKind) -> Iterator[Problem]:
    """Yield what keeps every item of a kind from having `value` in `field`."""
    blank = Item(
        ref=ItemRef(kind, ItemId("")),
        title="x",
        owner_id=UserId(""),
        created_at=_LONG_AGO,
        updated_at=_LONG_AGO,
    )
    yield from problems_with(blank, field, value)


def problems_with(item: Item, field: str, value: Scalar) -> Iterator[Problem]:
    """Yield what keeps `item` from having `value` in `field`."""
    found = split_path(field, item.ref.kind)
    if found is None or found[0] is not item.ref.kind or not (found[2] or found[1] in SETTABLE):
        known = ", ".join(sorted(SETTABLE & set(_names(item.ref.kind))))
        message = f"`{field}` cannot be set; take one of {known} or a field of your own."
        yield Problem(path="field", code="field_not_settable", message=message)
        return
    if not found[2] and not _fits(value, type_of(field, item.ref.kind)):
        message = f"`{field}` does not take this value."
        yield Problem(path="value", code="value_not_for_field", message=message)
        return
    for each in changes.problems_of(item, changes_for(field, value, item.ref.kind)):
        yield Problem(path="value", code="value_not_for_field", message=each.message)


def applied(item: Item, field: str, value: Scalar, now: datetime) -> Item:
    """Return the item with the value, which must have been checked."""
    return changes.applied(item, changes_for(field, value, item.ref.kind), now=now)


def changes_for(field: str, value: Scalar, kind: ItemKind) -> ItemChanges:
    """Spell one value as a change of an item; None empties a field."""
    found = split_path(field, kind)
    if found is None:
        raise ValueError(field)
    _, name, is_custom = found
    if is_custom:
        return ItemChanges(custom_fields={name: value})
    given: dict[str, object] = {"title" if name == "name" else name: value}
    return ItemChanges(**given)  # type: ignore[arg-type]  # the names are those of ItemChanges


def _names(kind: ItemKind) -> Iterator[str]:
    return (name for name in SETTABLE if type_of(name, kind) is not None)


def _fits(value: Scalar, kind: FieldType | None) -> bool:
    match kind:
        case FieldType.YES_NO:
            return isinstance(value, bool)
        case FieldType.NUMBER:
            return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
        case _:
            return value is None or isinstance(value, str)
