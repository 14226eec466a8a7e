"""A tenant's own fields: which there are for a kind of item, and what their values must be like.

A kind for which the tenant has defined nothing takes any name with a single value. Once a field is
defined, the kind takes only those that are.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, assert_never
from urllib.parse import urlsplit

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.items import CustomValue, ItemKind
from chalicelib.domain.errors import Problem

MOST_OPTIONS: Final = 100

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


class FieldType(StrEnum):
    """What kind of value a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATE_TIME = "date_time"
    BOOLEAN = "boolean"
    OPTION = "option"
    OPTIONS = "options"
    URL = "url"


WITH_OPTIONS: Final = frozenset({FieldType.OPTION, FieldType.OPTIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """One field of a tenant for one kind of item; `key` names it in `custom_fields`."""

    kind: ItemKind
    key: str
    name: str
    type: FieldType
    options: tuple[str, ...] = ()
    created_at: datetime
    updated_at: datetime
    version: int = 0

    @property
    def id(self) -> str:
        """Kind and key: no two fields of a kind have the same key."""
        return f"{self.kind}.{self.key}"


def key_from(name: str) -> str:
    """Make a key of a name: `Chairs wanted` becomes `chairs_wanted`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40]


def definition_problems(field: CustomField) -> Iterator[Problem]:
    """Yield whatever is wrong with a definition."""
    yield from fields.check_line("$.name", field.name)
    if not _KEY.fullmatch(field.key):
        message = "Give a key of a-z, 0-9 and _, a letter first, at most 40 characters."
        yield Problem(path="$.key", code="wrong_name", message=message)
    yield from fields.check_lines("$.options", field.options, MOST_OPTIONS)
    if len(set(field.options)) < len(field.options):
        message = "Give every option once."
        yield Problem(path="$.options", code="given_twice", message=message)
    if bool(field.options) != (field.type in WITH_OPTIONS):
        message = "Options are for the types option and options, which need at least one."
        yield Problem(path="$.options", code="wrong_options", message=message)


def value_problems(
    defined: Mapping[str, CustomField], values: Mapping[str, CustomValue]
) -> Iterator[Problem]:
    """Yield whatever the definitions refuse; null empties a field of any type."""
    for key, value in values.items():
        path = f"$.custom_fields.{key[:80]}"
        field = defined.get(key)
        if field is not None and value is not None:
            yield from _type_problems(path, field, value)
        elif field is None and value is not None and defined:
            known = ", ".join(sorted(defined)[:20])
            message = f"There is no custom field with this key; there are: {known}."
            yield Problem(path=path, code="unknown_field", message=message)


def fitting(
    defined: Collection[CustomField], values: Mapping[str, CustomValue]
) -> dict[str, CustomValue]:
    """Return those values that the definitions take: what an item of another kind can inherit."""
    by_key = {field.key: field for field in defined}
    return {
        key: value for key, value in values.items() if not [*value_problems(by_key, {key: value})]
    }


def _type_problems(path: str, field: CustomField, value: CustomValue) -> Iterator[Problem]:
    message = _complaint(field, value)
    if message is not None:
        yield Problem(path=path, code="wrong_type", message=message)


def _complaint(field: CustomField, value: CustomValue) -> str | None:
    """Say what is wrong with a value, if anything is."""
    match field.type:
        case FieldType.TEXT:
            return None if isinstance(value, str) else "Give a text."
        case FieldType.NUMBER:
            return None if _is_number(value) else "Give a number."
        case FieldType.BOOLEAN:
            return None if isinstance(value, bool) else "Give true or false."
        case FieldType.DATE:
            return None if _is_date(value) else "Give a date such as 2026-03-01."
        case FieldType.DATE_TIME:
            return None if _is_instant(value) else "Give an instant such as 2026-03-01T09:00:00Z."
        case FieldType.URL:
            return None if _is_url(value) else "Give a URL such as https://example.com/."
        case FieldType.OPTION:
            known = ", ".join(field.options)
            return None if value in field.options else f"Give one of: {known}."
        case FieldType.OPTIONS:
            known = ", ".join(field.options)
            is_list = isinstance(value, tuple) and set(value) <= set(field.options)
            return None if is_list else f"Give a list of any of: {known}."
        case _:
            assert_never(field.type)


def _is_number(value: CustomValue) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isinstance(value, int | float) and math.isfinite(value)


def _is_date(value: CustomValue) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_instant(value: CustomValue) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_url(value: CustomValue) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)
