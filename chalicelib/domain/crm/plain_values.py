"""What a single value of a document should be: how that is called, and what keeps it from it."""

import operator
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec
from msgspec import inspect

Misfit = tuple[str, str]
"""A code and a sentence."""

_WRITTEN: Final[Mapping[type[inspect.Type], tuple[type, str]]] = {
    inspect.DateTimeType: (datetime, "an instant such as 2026-03-01T09:00:00Z"),
    inspect.DateType: (date, "a date such as 2026-03-01"),
    inspect.TimeType: (time, "a time such as 09:00:00"),
    inspect.TimeDeltaType: (timedelta, "a duration such as P2D or PT4H"),
}
_CALLED: Final[Mapping[type[inspect.Type], str]] = {
    inspect.BoolType: "true or false",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.StrType: "a text",
    inspect.NoneType: "null",
    inspect.StructType: "an object",
    inspect.DictType: "an object",
    **{kind: words for kind, (_, words) in _WRITTEN.items()},
}


def called(kind: inspect.Type) -> str:
    """Return what a value of this type is, as people call it."""
    match kind:
        case inspect.Metadata():
            return called(kind.type)
        case inspect.EnumType():
            return f"one of: {', '.join(str(each.value) for each in kind.cls)}"
        case inspect.LiteralType():
            return f"one of: {', '.join(str(each) for each in kind.values)}"
        case inspect.UnionType(types=types):
            return ", or ".join(dict.fromkeys(called(each) for each in types))
        case _:
            return _CALLED.get(type(kind), "a list")


def misfits(kind: inspect.Type, value: object) -> Iterator[Misfit]:
    """Yield what keeps `value` from being of this type, which holds no others."""
    if not _is_of(kind, value):
        yield "wrong_value", f"Give {called(kind)}."
    elif isinstance(kind, inspect.StrType) and isinstance(value, str):
        if kind.pattern is not None and not re.search(kind.pattern, value):
            yield "wrong_value", f"Give a text that matches `{kind.pattern}`."
        yield from length_misfits(kind.min_length, kind.max_length, len(value), "characters")
    elif isinstance(kind, inspect.IntType | inspect.FloatType) and isinstance(value, int | float):
        yield from _bound_misfits(kind, value)


def length_misfits(least: int | None, most: int | None, length: int, what: str) -> Iterator[Misfit]:
    """Yield whether a text or a list is too short or too long."""
    if least is not None and length < least:
        yield ("blank" if length == 0 else "too_short"), f"Give at least {least} {what}."
    if most is not None and length > most:
        yield "too_long", f"Give at most {most} {what}."


def _bound_misfits(kind: inspect.IntType | inspect.FloatType, value: float) -> Iterator[Misfit]:
    for bound, is_within, words in (
        (kind.ge, operator.ge, "at least"),
        (kind.gt, operator.gt, "more than"),
        (kind.le, operator.le, "at most"),
        (kind.lt, operator.lt, "less than"),
    ):
        if bound is not None and not is_within(value, bound):
            yield "wrong_value", f"Give a number that is {words} {bound}."


def _is_of(kind: inspect.Type, value: object) -> bool:
    match kind:
        case inspect.AnyType() | inspect.RawType():
            return True
        case inspect.NoneType():
            return value is None
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.EnumType():
            return value in [each.value for each in kind.cls]
        case inspect.LiteralType():
            return value in kind.values
        case _ if type(kind) in _WRITTEN:
            return isinstance(value, str) and _is_written(kind, value)
        case _:
            return isinstance(value, str)


def _is_written(kind: inspect.Type, value: str) -> bool:
    cls, _ = _WRITTEN[type(kind)]
    try:
        read: object = msgspec.convert(value, cls)
    except (msgspec.ValidationError, OverflowError):
        return False
    needs_offset = isinstance(kind, inspect.DateTimeType) and kind.tz
    return not (needs_offset and isinstance(read, datetime) and read.tzinfo is None)
