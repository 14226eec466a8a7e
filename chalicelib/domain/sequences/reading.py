"""Reads a flow as its author sent it: every fault at once, or a Flow.

Here is the shape of a flow alone: which step types there are, which keys each may have, what a
value must look like. Whether the steps make sense together is for `checks.py`; a draft may be saved
with such problems, but not in a shape that nobody can read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec.structs import FieldInfo

from chalicelib.domain.crm.misfits import misfits_of
from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    LinkedInStep,
    Step,
    UpdateFieldStep,
    WaitStep,
)
from chalicelib.domain.sequences.durations import read_duration
from chalicelib.domain.sequences.reading_conditions import (
    fault_of_list,
    has_unreadable_keys,
    problems_of_question,
    with_plain_operators,
)

MOST_WAIT: Final = timedelta(days=30)
MOST_LENGTH: Final = timedelta(days=365)
STEP_TYPES: Final[Mapping[str, type[Step]]] = MappingProxyType(
    {
        "email": EmailStep,
        "activity": ActivityStep,
        "linkedin": LinkedInStep,
        "wait": WaitStep,
        "condition": ConditionStep,
        "ab_test": AbTestStep,
        "update_field": UpdateFieldStep,
        "advance_to_sequence": AdvanceStep,
        "end": EndStep,
    }
)
_LENGTHS: Final[Mapping[str, tuple[timedelta, timedelta]]] = MappingProxyType(
    {
        "for": (timedelta(microseconds=1), MOST_WAIT),
        "within": (timedelta(microseconds=1), MOST_LENGTH),
        "due_in": (timedelta(), MOST_LENGTH),
    }
)
_WORDS: Final[Mapping[tuple[str, str], tuple[re.Pattern[str], str]]] = MappingProxyType(
    {
        ("activity", "activity_type"): (
            re.compile(r"[a-z0-9_]{1,64}"),
            "Name the type in a to z, 0 to 9 and _, such as call, meeting, task.",
        ),
        ("activity", "subject"): (
            re.compile(r"(?s).*\S.*"),
            "Say in a few words what is to be done.",
        ),
    }
)
_NOT_FOR_AB_TESTS: Final = frozenset({"template_id", "subject", "body", "reply_to_step", "due_in"})
"""Keys of a mail that an A/B test has in its versions, or not at all."""
_LISTS: Final = frozenset({"outcomes", "results", "stages"})
_STEP_ID: Final = re.compile(r"[a-z0-9_]{1,32}")


def read_flow(document: object) -> Flow:
    """Return the flow that `document` (JSON, already decoded) spells.

    Raises `RuleError` with every fault and its place, such as `$.steps[2].next`.
    """
    flow, found = read_what_can_be(document)
    if found:
        raise RuleError(*found)
    return flow


def read_what_can_be(document: object) -> tuple[Flow, list[Problem]]:
    """Return the flow of every step that can be read, and every fault of the others."""
    found: list[Problem] = []
    start, steps = _read_document(document, found)
    return Flow(start=start, steps=tuple(steps)), found


def _read_document(document: object, found: list[Problem]) -> tuple[StepId | None, list[Step]]:
    if not isinstance(document, Mapping):
        _note(found, "$", "wrong_value", "A flow is an object with `start` and `steps`.")
        return None, []
    for key in sorted(set(document) - {"start", "steps"}, key=str):
        _note(found, f"$.{key}", "unknown_field", "A flow has `start` and `steps`, nothing else.")
    start, steps = document.get("start"), document.get("steps", ())
    if not isinstance(start, str | None):
        _note(found, "$.start", "wrong_value", "Give the id of the first step, or null.")
    first = StepId(start) if isinstance(start, str) else None
    if not isinstance(steps, list | tuple):
        _note(found, "$.steps", "wrong_value", "Give a list of steps.")
        return None, []
    return first, _read_steps(steps, found)


def _read_steps(documents: Sequence[object], found: list[Problem]) -> list[Step]:
    taken: dict[str, str] = {}
    steps = []
    for at, document in enumerate(documents):
        path = f"$.steps[{at}]"
        if not isinstance(document, Mapping):
            _note(found, path, "wrong_value", "A step is an object with `id` and `type`.")
            continue
        _note_id(document.get("id", ""), path, taken, found)
        step = _read_step(document, path, found)
        if step is not None:
            steps.append(step)
    return steps


def _note_id(given: object, path: str, taken: dict[str, str], found: list[Problem]) -> None:
    if not isinstance(given, str) or _STEP_ID.fullmatch(given) is None:
        message = "Give every step an id of 1 to 32 characters: a to z, 0 to 9 and _."
        _note(found, f"{path}.id", "wrong_value", message)
    elif given in taken:
        message = f"`{taken[given]}` has this id already; ids are unique in a flow."
        _note(found, f"{path}.id", "duplicate_step_id", message)
    else:
        taken[given] = path


def _read_step(document: Mapping[str, object], path: str, found: list[Problem]) -> Step | None:
    """Return the step, or None once its faults are noted."""
    before = len(found)
    kind = _kind_of(document, path, found)
    if kind is ConditionStep:
        found.extend(problems_of_question(document, path))
        if has_unreadable_keys(document):
            return None
        document = with_plain_operators(document)
    if kind is None:
        return None
    fields = _fields(kind)
    for key in sorted(set(document) - set(fields) - {"type"}, key=str):
        message = f"A step of type `{document['type']}` has no `{key}`."
        _note(found, f"{path}.{key}", "unknown_field", message)
    for key, info in fields.items():
        if info.required and key not in {"id", *document}:
            _note(found, f"{path}.{key}", "missing_field", f"`{key}` is missing.")
    values = {
        info.name: _value(document, info, path, found)
        for key, info in fields.items()
        if key in document
    }
    make: Callable[..., Step] = kind
    return make(**values) if len(found) == before and "id" in values else None


def _kind_of(document: Mapping[str, object], path: str, found: list[Problem]) -> type[Step] | None:
    given = document.get("type")
    name = given if isinstance(given, str) else ""
    if name in STEP_TYPES:
        return STEP_TYPES[name]
    message = f"There is no such step type; take one of {', '.join(STEP_TYPES)}."
    code = "unknown_step_type" if "type" in document else "missing_field"
    _note(found, f"{path}.type", code, message)
    return None


def _value(
    document: Mapping[str, object], info: FieldInfo, path: str, found: list[Problem]
) -> object:
    """Return one value as its field wants it; a fault is noted and None returned."""
    key = info.encode_name
    where = f"{path}.{key}"
    try:
        return _read_value(document[key], info, str(document["type"]))
    except msgspec.ValidationError:
        if all(each.path != where for each in found):
            found.extend(misfits_of(document[key], info.type, path=where))
    except ValueError as error:
        _note(found, where, "wrong_value", str(error))
    return None


def _read_value(given: object, info: FieldInfo, step_type: str) -> object:
    key = info.encode_name
    if key in _LENGTHS and isinstance(given, str):
        return _length(given, key)
    value = msgspec.convert(given, info.type)
    if key in _LISTS and isinstance(value, tuple) and (fault := fault_of_list(key, value)):
        raise ValueError(fault)
    pattern, message = _WORDS.get((step_type, key), (None, ""))
    if pattern is not None and pattern.fullmatch(str(value)) is None:
        raise ValueError(message)
    return value


def _length(given: str, key: str) -> timedelta:
    length = read_duration(given)
    least, most = _LENGTHS[key]
    if not least <= length <= most:
        at_least = "more than nothing" if least else "nothing or more"
        raise ValueError(f"`{key}` is {at_least} and at most {most.days} days.")
    return length


@cache
def _fields(kind: type[Step]) -> Mapping[str, FieldInfo]:
    not_here = _NOT_FOR_AB_TESTS if kind is AbTestStep else frozenset()
    infos = msgspec.structs.fields(kind)
    return {info.encode_name: info for info in infos if info.encode_name not in not_here}


def _note(found: list[Problem], path: str, code: str, message: str) -> None:
    found.append(Problem(path=path, code=code, message=message))
