"""What a row of an import says of its item: the columns of each kind, and their values.

A CSV cell says a list by `;`, a custom field by the column `custom_fields.<name>`; an empty cell
leaves the field alone. JSON lines say it as the API does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.custom_fields import FieldType
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import Problem, RuleError

_COMMON: Final = frozenset({"key", "owner_id", "tags", "custom_fields"})
_WORK: Final = _COMMON | {
    "title",
    "status",
    "status_reason",
    "person_id",
    "person_key",
    "organization_id",
    "organization_key",
}
_REACHABLE: Final = _COMMON | {
    "name",
    "emails",
    "phones",
    "time_zone",
    "country",
    "do_not_email",
    "do_not_call",
}
COLUMNS: Final[Mapping[ItemKind, frozenset[str]]] = {
    ItemKind.LEAD: _WORK,
    ItemKind.DEAL: _WORK | {"value", "currency", "pipeline", "stage"},
    ItemKind.PERSON: _REACHABLE | {"organization_id", "organization_key"},
    ItemKind.ORGANIZATION: _REACHABLE,
}
"""What may be imported, and what each kind's columns are called."""

_LISTS: Final = ("emails", "phones", "tags")
_CUSTOM: Final = "custom_fields."
_LONGEST_KEY: Final = 255
_MOST_TOLD: Final = 50
"""So many columns that nobody knows are named."""
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a row wants: which item (by its key, if it has one), which fields, whose relations."""

    key: str | None
    changes: ItemChanges
    person_key: str | None
    organization_key: str | None


def wish_of(
    kind: ItemKind, values: Mapping[str, object], type_by_field: Mapping[str, FieldType]
) -> Wish:
    """Read a row; raises RuleError with the columns that are wrong."""
    gathered = _gathered(values, type_by_field)
    unknown = sorted(set(gathered) - COLUMNS[kind])[:_MOST_TOLD]
    if unknown:
        known = ", ".join(sorted(COLUMNS[kind]))
        message = f"There is no such column for a {kind} (known: {known})."
        raise RuleError(
            *(Problem(path=name, code="unknown_field", message=message) for name in unknown)
        )
    keys = {name: _key(name, gathered.pop(name, None)) for name in _KEYS}
    return Wish(
        key=keys["key"],
        changes=_changes(gathered),
        person_key=keys["person_key"],
        organization_key=keys["organization_key"],
    )


_KEYS: Final = ("key", "person_key", "organization_key")


def _gathered(
    values: Mapping[str, object], type_by_field: Mapping[str, FieldType]
) -> dict[str, object]:
    """Put the columns of custom fields together, and take lists apart."""
    plain = {name: value for name, value in values.items() if not name.startswith(_CUSTOM)}
    custom = {
        (key := name.removeprefix(_CUSTOM)): _typed(value, type_by_field.get(key))
        for name, value in values.items()
        if name.startswith(_CUSTOM)
    }
    if custom:
        plain["custom_fields"] = custom
    for name in _LISTS:
        if isinstance(text := plain.get(name), str):
            plain[name] = _parts(text)
    return plain


def _typed(value: object, wanted: FieldType | None) -> object:
    """Read a cell as its custom field wants it; what cannot be read so is refused later."""
    if not isinstance(value, str):
        return value
    match wanted:
        case FieldType.NUMBER if _NUMBER.fullmatch(value):
            return float(value)
        case FieldType.BOOLEAN if value.lower() in {"true", "false"}:
            return value.lower() == "true"
        case FieldType.OPTIONS:
            return _parts(value)
        case _:
            return value


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _key(name: str, given: object) -> str | None:
    if given is None:
        return None
    if isinstance(given, str | int) and 0 < len(str(given)) <= _LONGEST_KEY:
        return str(given)
    message = f"Give a text of at most {_LONGEST_KEY} characters."
    raise RuleError(Problem(path=name, code="wrong_value", message=message))


def _changes(gathered: Mapping[str, object]) -> ItemChanges:
    fields = dict(gathered)
    if "name" in fields:
        fields["title"] = fields.pop("name")
    if isinstance(emails := fields.get("emails"), list):
        fields["emails"] = [_email(each) for each in emails]
    try:
        return msgspec.convert(fields, ItemChanges, strict=False)
    except msgspec.ValidationError as error:
        sentence, _, place = str(error).partition(" - at `")
        path = place.rstrip("`").removeprefix("$.") or "row"
        raise RuleError(Problem(path=path, code="wrong_value", message=sentence)) from None


def _email(given: object) -> object:
    if isinstance(given, str):
        return {"address": given}
    if isinstance(given, dict) and "primary" in given:
        rest = {name: value for name, value in given.items() if name != "primary"}
        return {**rest, "is_primary": given["primary"]}
    return given
