"""Questions about an item's fields: what may be asked of which, and what the answer is.

What cannot be answered (no such field, no such person) is neither Yes nor No: it is `Unanswerable`,
and names the field, so that a person can be told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from chalicelib.domain.crm.field_paths import About, FieldType, Unanswerable, value_of
from chalicelib.domain.crm.fields import Scalar


class Operator(StrEnum):
    """How a field is compared."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    GREATER_THAN = "greater_than"
    GREATER_OR_EQUAL = "greater_or_equal"
    LESS_THAN = "less_than"
    LESS_OR_EQUAL = "less_or_equal"
    IN = "in"
    NOT_IN = "not_in"
    BEFORE = "before"
    AFTER = "after"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"


WITHOUT_VALUE: Final = frozenset({Operator.IS_EMPTY, Operator.IS_NOT_EMPTY})
WITH_LIST: Final = frozenset({Operator.IN, Operator.NOT_IN})
_ORDERED: Final = frozenset(
    {
        Operator.GREATER_THAN,
        Operator.GREATER_OR_EQUAL,
        Operator.LESS_THAN,
        Operator.LESS_OR_EQUAL,
    }
)
_NEGATIVE: Final = frozenset({Operator.NOT_EQUALS, Operator.NOT_CONTAINS, Operator.NOT_IN})
"""What an empty field answers with Yes: it is not what was asked."""


OPERATORS: Final[Mapping[FieldType, frozenset[Operator]]] = MappingProxyType(
    {
        FieldType.TEXT: frozenset(Operator) - _ORDERED - {Operator.BEFORE, Operator.AFTER},
        FieldType.NUMBER: WITHOUT_VALUE
        | WITH_LIST
        | _ORDERED
        | {Operator.EQUALS, Operator.NOT_EQUALS},
        FieldType.YES_NO: WITHOUT_VALUE | {Operator.EQUALS, Operator.NOT_EQUALS},
        FieldType.LIST: WITHOUT_VALUE | {Operator.CONTAINS, Operator.NOT_CONTAINS},
        FieldType.INSTANT: WITHOUT_VALUE | {Operator.BEFORE, Operator.AFTER},
    }
)


class Comparison(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"every": "all", "some": "any"},
):
    """One field compared with a value, or a group of which all, or any, must hold."""

    field: str | None = None
    operator: Operator | None = None
    value: Scalar | tuple[Scalar, ...] = None
    every: tuple["Comparison", ...] = ()
    some: tuple["Comparison", ...] = ()


def answer(question: Comparison, about: About) -> bool | Unanswerable:
    """Return Yes or No; in groups what cannot be answered matters only if it decides."""
    if question.every:
        return _group(question.every, about, decides=False)
    if question.some:
        return _group(question.some, about, decides=True)
    return _compare(question, about)


def leaves(question: Comparison) -> Iterator[Comparison]:
    """Yield every single comparison of a question."""
    if question.field is not None:
        yield question
    for each in (*question.every, *question.some):
        yield from leaves(each)


def _group(members: Sequence[Comparison], about: About, *, decides: bool) -> bool | Unanswerable:
    open_question: Unanswerable | None = None
    for each in members:
        result = answer(each, about)
        if result is decides:
            return decides
        if isinstance(result, Unanswerable) and open_question is None:
            open_question = result
    return not decides if open_question is None else open_question


def _compare(question: Comparison, about: About) -> bool | Unanswerable:
    path, operator = question.field or "", question.operator or Operator.EQUALS
    value = value_of(path, about)
    if isinstance(value, Unanswerable):
        return value
    is_empty = value in (None, "", ())
    if operator in WITHOUT_VALUE:
        return is_empty is (operator is Operator.IS_EMPTY)
    if is_empty:
        return operator in _NEGATIVE
    result = _holds(value, operator, question.value)
    if result is None:
        return Unanswerable(path, f"its value cannot be compared by `{operator}`")
    return result


def _holds(value: object, operator: Operator, wanted: object) -> bool | None:
    """Compare; None where the two cannot be compared."""
    match operator:
        case Operator.EQUALS | Operator.NOT_EQUALS:
            return _alike(value, wanted) is (operator is Operator.EQUALS)
        case Operator.IN | Operator.NOT_IN:
            listed = wanted if isinstance(wanted, list | tuple) else (wanted,)
            is_listed = any(_alike(value, each) for each in listed)
            return is_listed is (operator is Operator.IN)
        case Operator.CONTAINS | Operator.NOT_CONTAINS:
            return _contains(value, wanted) is (operator is Operator.CONTAINS)
        case Operator.STARTS_WITH:
            return _folded(value).startswith(_folded(wanted))
        case Operator.ENDS_WITH:
            return _folded(value).endswith(_folded(wanted))
        case Operator.BEFORE | Operator.AFTER:
            return _in_time(value, wanted, is_before=operator is Operator.BEFORE)
        case _:
            return _in_order(value, operator, wanted)


def _alike(value: object, wanted: object) -> bool:
    """Whether two values are the same; texts whatever their case, and a flag never a number."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return value == wanted
    return _folded(value) == _folded(wanted)


def _contains(value: object, wanted: object) -> bool:
    if isinstance(value, tuple | list):
        return any(_alike(each, wanted) for each in value)
    return _folded(wanted) in _folded(value)


def _in_time(value: object, wanted: object, *, is_before: bool) -> bool | None:
    first, second = _instant(value), _instant(wanted)
    if first is None or second is None:
        return None
    return first < second if is_before else first > second


def _in_order(value: object, operator: Operator, wanted: object) -> bool | None:
    if not (_is_number(value) and _is_number(wanted)):
        return None
    mine, other = float(str(value)), float(str(wanted))
    return {
        Operator.GREATER_THAN: mine > other,
        Operator.GREATER_OR_EQUAL: mine >= other,
        Operator.LESS_THAN: mine < other,
        Operator.LESS_OR_EQUAL: mine <= other,
    }[operator]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _folded(value: object) -> str:
    return str(value).casefold().strip()


def _instant(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
