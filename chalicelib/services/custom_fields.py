"""What admins do with the tenant's own fields: define, rename, end."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.crm.custom_fields import CustomField, definition_problems
from chalicelib.domain.crm.items import STATUSES, ItemKind
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import Problem, RuleError, StaleWriteError, StateError
from chalicelib.storage.stores import Stores

MOST_FIELDS: Final = 100
"""Fields of one kind; an item holds a value of each at most."""


def of(kind: ItemKind | None, *, caller: Caller, stores: Stores) -> list[CustomField]:
    """Return the fields of a kind, or of all."""
    require(caller, Right.READ_ITEMS)
    return stores.custom_fields.of(kind)


def get(field_id: str, *, caller: Caller, stores: Stores) -> CustomField:
    """Return one field."""
    require(caller, Right.READ_ITEMS)
    return stores.custom_fields.get(field_id)


def define(field: CustomField, *, caller: Caller, stores: Stores) -> CustomField:
    """Define a field that did not exist before."""
    require(caller, Right.MANAGE_CUSTOM_FIELDS)
    problems = [*definition_problems(field)]
    if field.kind not in STATUSES:
        message = f"Give one of: {', '.join(sorted(STATUSES))}."
        problems.append(Problem(path="$.item_kind", code="wrong_value", message=message))
    known = stores.custom_fields.of(field.kind)
    if len(known) >= MOST_FIELDS:
        message = f"A {field.kind} has {MOST_FIELDS} custom fields already; delete one first."
        problems.append(Problem(path="$.item_kind", code="too_many", message=message))
    if problems:
        raise RuleError(*problems)
    try:
        return stores.custom_fields.save(field)
    except StaleWriteError:
        remedy = "choose another key, or change the one there is"
        raise StateError(kind="key", state=f"taken for a {field.kind}", remedy=remedy) from None


def change(
    field_id: str,
    *,
    name: str | None,
    options: tuple[str, ...] | None,
    read_version: int | None,
    caller: Caller,
    stores: Stores,
    now: datetime,
) -> CustomField:
    """Rename a field or set its options anew; values that items have stay as they are."""
    require(caller, Right.MANAGE_CUSTOM_FIELDS)
    field = _read(field_id, read_version, stores)
    changed = replace(
        field,
        name=field.name if name is None else name,
        options=field.options if options is None else options,
    )
    problems = [*definition_problems(changed)]
    if problems:
        raise RuleError(*problems)
    if changed == field:
        return field
    return stores.custom_fields.save(replace(changed, updated_at=now))


def end(field_id: str, *, read_version: int | None, caller: Caller, stores: Stores) -> None:
    """Delete a definition; values that items have stay, as plain values."""
    require(caller, Right.MANAGE_CUSTOM_FIELDS)
    stores.custom_fields.delete(_read(field_id, read_version, stores))


def _read(field_id: str, read_version: int | None, stores: Stores) -> CustomField:
    field = stores.custom_fields.get(field_id)
    if read_version is not None and read_version != field.version:
        raise StaleWriteError(kind="custom_field", id=field_id)
    return field
