"""Reads what a condition asks: the keys that each question needs, may have, and must not have."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from chalicelib.domain.crm.comparisons import WITH_LIST, WITHOUT_VALUE, Operator
from chalicelib.domain.errors import Problem
from chalicelib.domain.sequences.definition import MAIL_RESULTS, Asked

MOST_DEPTH: Final = 5
MOST_COMPARISONS: Final = 50
MOST_LISTED: Final = 100

_OF_MAIL: Final = (frozenset({"of", "within"}), frozenset({"at_once"}))
_OF_RESULTS: Final = (frozenset({"of", "within", "results"}), frozenset({"at_once"}))
_COMPARED: Final = frozenset({"field", "operator", "value", "all", "any"})
CONDITION_KEYS: Final[Mapping[Asked, tuple[frozenset[str], frozenset[str]]]] = MappingProxyType(
    {
        Asked.REPLIED: _OF_MAIL,
        Asked.OPENED: _OF_MAIL,
        Asked.CLICKED: _OF_MAIL,
        Asked.ATTACHMENT_OPENED: _OF_MAIL,
        Asked.ANY_OF: _OF_RESULTS,
        Asked.ALL_OF: _OF_RESULTS,
        Asked.ANSWERED: (frozenset({"of"}), frozenset()),
        Asked.CALL_OUTCOME: (frozenset({"of", "outcomes"}), frozenset()),
        Asked.FIELD: (frozenset(), _COMPARED),
        Asked.STAGE: (frozenset({"stages"}), frozenset()),
    }
)
"""What a condition must say and may say, by what it asks."""
_EVERY_CONDITION: Final = frozenset({"id", "type", "name", "on", "yes", "no"})

ALIASES: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "eq": Operator.EQUALS,
        "is": Operator.EQUALS,
        "ne": Operator.NOT_EQUALS,
        "neq": Operator.NOT_EQUALS,
        "is_not": Operator.NOT_EQUALS,
        "gt": Operator.GREATER_THAN,
        "gte": Operator.GREATER_OR_EQUAL,
        "lt": Operator.LESS_THAN,
        "lte": Operator.LESS_OR_EQUAL,
    }
)
"""Short names that other products use; the document keeps what its author wrote."""


def problems_of_question(document: Mapping[str, object], path: str) -> Iterator[Problem]:
    """Yield the keys that what the condition asks needs and lacks, or has and must not have."""
    asked = next((each for each in Asked if each == document.get("on")), None)
    if asked is None:
        message = f"A condition asks one of {', '.join(CONDITION_KEYS)}."
        yield Problem(path=f"{path}.on", code="unknown_condition", message=message)
        return
    needed, allowed = CONDITION_KEYS[asked]
    for key in sorted(needed - set(document)):
        message = f"A condition on `{asked}` needs `{key}`."
        yield Problem(path=f"{path}.{key}", code="missing_field", message=message)
    for key in sorted(set(document) - needed - allowed - _EVERY_CONDITION, key=str):
        message = f"A condition on `{asked}` has no `{key}`."
        yield Problem(path=f"{path}.{key}", code="unknown_field", message=message)
    if asked is Asked.FIELD:
        yield from _comparison_problems(document, path, depth=1)
        if _size(document) > MOST_COMPARISONS:
            message = f"A condition compares at most {MOST_COMPARISONS} fields."
            yield Problem(path=path, code="too_many", message=message)


def has_unreadable_keys(document: Mapping[str, object]) -> bool:
    """Whether the condition asks nothing we know, or has a key that it must not have."""
    asked = next((each for each in Asked if each == document.get("on")), None)
    if asked is None:
        return True
    needed, allowed = CONDITION_KEYS[asked]
    return not set(document) - needed - allowed <= _EVERY_CONDITION


def with_plain_operators(document: Mapping[str, object]) -> dict[str, object]:
    """Return the document with every short name of an operator spelled out."""
    plain = dict(document)
    operator = plain.get("operator")
    if isinstance(operator, str) and operator.lower() in ALIASES:
        plain["operator"] = ALIASES[operator.lower()].value
    for key in ("all", "any"):
        members = plain.get(key)
        if isinstance(members, list | tuple):
            plain[key] = [
                with_plain_operators(each) if isinstance(each, Mapping) else each
                for each in members
            ]
    return plain


def fault_of_list(key: str, values: tuple[object, ...]) -> str | None:
    """Return what is wrong with a list of outcomes, results or stages."""
    if not values:
        return f"Name at least one of `{key}`."
    if len(values) > MOST_LISTED:
        return f"Name at most {MOST_LISTED} of `{key}`."
    if key == "results" and set(values) - MAIL_RESULTS:
        return f"Name some of {', '.join(sorted(MAIL_RESULTS))}."
    return None


def _comparison_problems(
    document: Mapping[str, object], path: str, *, depth: int
) -> Iterator[Problem]:
    """Insist on a comparison, or on one group of them."""
    given = [key for key in ("field", "all", "any") if document.get(key)]
    if len(given) != 1:
        message = "Give either `field` with `operator` and `value`, or `all`, or `any`."
        code = "not_both" if given else "missing_field"
        yield Problem(path=f"{path}.field", code=code, message=message)
        return
    if given == ["field"]:
        yield from _value_problems(document, path)
        return
    (key,) = given
    members = document[key]
    if not isinstance(members, list | tuple):
        return  # said by the type
    if depth >= MOST_DEPTH:
        message = f"Groups stand at most {MOST_DEPTH - 1} deep in each other."
        yield Problem(path=f"{path}.{key}", code="too_deep", message=message)
        return
    for at, each in enumerate(members):
        if isinstance(each, Mapping):
            yield from _comparison_problems(each, f"{path}.{key}[{at}]", depth=depth + 1)


def _value_problems(document: Mapping[str, object], path: str) -> Iterator[Problem]:
    given = with_plain_operators(document).get("operator")
    operator = next((each for each in Operator if each == given), None)
    if operator is None:
        message = f"Give `operator`, one of {', '.join(Operator)}."
        code = "missing_field" if given is None else "wrong_value"
        yield Problem(path=f"{path}.operator", code=code, message=message)
        return
    value = document.get("value")
    is_list = isinstance(value, list | tuple)
    if operator in WITHOUT_VALUE and value is not None:
        message = f"`{operator}` takes no `value`."
        yield Problem(path=f"{path}.value", code="unknown_field", message=message)
    elif operator not in WITHOUT_VALUE and (value is None or value in ([], ())):
        message = f"`{operator}` needs a `value`."
        yield Problem(path=f"{path}.value", code="missing_field", message=message)
    elif value is not None and is_list is not (operator in WITH_LIST):
        message = f"`{operator}` takes {'a list' if operator in WITH_LIST else 'one value'}."
        yield Problem(path=f"{path}.value", code="wrong_value", message=message)


def _size(document: Mapping[str, object], depth: int = 1) -> int:
    groups = (document.get(key) for key in ("all", "any"))
    members = [each for group in groups if isinstance(group, list | tuple) for each in group]
    if depth > MOST_DEPTH:
        return 1
    return 1 + sum(_size(each, depth + 1) for each in members if isinstance(each, Mapping))
