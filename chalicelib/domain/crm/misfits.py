"""Why a document does not fit its type: every misfit with its path, in the reader's words.

msgspec reads fast and stops at the first misfit, in words of Python. What it has refused is walked
here once more, beside a description of the type.
"""

from collections.abc import Iterator, Mapping
from functools import singledispatch
from itertools import islice
from typing import Any, Final

import msgspec
from msgspec import inspect

from chalicelib.domain.crm import plain_values
from chalicelib.domain.crm.plain_values import Misfit, called
from chalicelib.domain.errors import Problem

_MOST: Final = 100
"""As many misfits as anybody would read."""
_LONGEST_NAME: Final = 80
_WORDS_OF_PYTHON: Final = ("Expected", "Invalid", "Object")
DOES_NOT_FIT: Final = "This value does not fit here."

_Many = inspect.ListType | inspect.SetType | inspect.FrozenSetType | inspect.VarTupleType


def misfits_of(document: object, kind: Any, *, path: str = "$") -> list[Problem]:  # noqa: ANN401 - whatever type
    """Return everything that does not fit; nothing, if it does."""
    return list(islice(_misfits(inspect.type_info(kind), document, path), _MOST))


@singledispatch
def _misfits(kind: inspect.Type, document: object, path: str) -> Iterator[Problem]:
    """Yield what does not fit; a type without a reader of its own holds no others."""
    return _at(path, plain_values.misfits(kind, document))


@_misfits.register
def _(kind: inspect.Metadata, document: object, path: str) -> Iterator[Problem]:
    return _misfits(kind.type, document, path)


@_misfits.register
def _(kind: inspect.StructType, document: object, path: str) -> Iterator[Problem]:
    if not isinstance(document, dict):
        yield _wrong(path, f"Give {called(kind)}.")
        return
    found = [*_unknown_fields(kind, document, path), *_field_misfits(kind, document, path)]
    yield from found or _own_rules(kind.cls, document, path)


def _unknown_fields(
    kind: inspect.StructType, document: Mapping[str, object], path: str
) -> Iterator[Problem]:
    known = [each.encode_name for each in kind.fields]
    message = f"This field is not known here (known: {', '.join(known) or 'none'})."
    for name in document if kind.forbid_unknown_fields else ():
        if name not in known and name != kind.tag_field:
            below = f"{path}.{name[:_LONGEST_NAME]}"
            yield Problem(path=below, code="unknown_field", message=message)


def _field_misfits(
    kind: inspect.StructType, document: Mapping[str, object], path: str
) -> Iterator[Problem]:
    for each in kind.fields:
        below = f"{path}.{each.encode_name}"
        if each.encode_name in document:
            yield from _misfits(each.type, document[each.encode_name], below)
        elif each.required:
            message = f"This field is required: give {called(each.type)}."
            yield Problem(path=below, code="missing_field", message=message)


def _own_rules(cls: type, document: object, path: str) -> Iterator[Problem]:
    """Ask the struct itself, whose own rules speak in its author's words."""
    try:
        msgspec.json.decode(msgspec.json.encode(document), type=cls)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        is_ours = not said.startswith(_WORDS_OF_PYTHON)
        sentence = f"{said[:1].upper()}{said[1:].rstrip('.')}."
        yield _wrong(path + place.rstrip("`"), sentence if is_ours else DOES_NOT_FIT)


@_misfits.register
def _(kind: inspect.UnionType, document: object, path: str) -> Iterator[Problem]:
    if not all(list(_misfits(each, document, path)) for each in kind.types):
        return
    told = [each for each in kind.types if _is_of_sort(each, document)]
    if len(told) == 1:
        yield from _misfits(told[0], document, path)
    else:
        yield _wrong(path, f"Give {called(kind)}.")


@_misfits.register(inspect.ListType)
@_misfits.register(inspect.SetType)
@_misfits.register(inspect.FrozenSetType)
@_misfits.register(inspect.VarTupleType)
def _(kind: _Many, document: object, path: str) -> Iterator[Problem]:
    if not isinstance(document, list):
        yield _wrong(path, f"Give {called(kind)}.")
        return
    lengths = (kind.min_length, kind.max_length, len(document), "entries")
    yield from _at(path, plain_values.length_misfits(*lengths))
    for at, each in enumerate(document):
        yield from _misfits(kind.item_type, each, f"{path}[{at}]")


@_misfits.register
def _(kind: inspect.TupleType, document: object, path: str) -> Iterator[Problem]:
    count = len(kind.item_types)
    if not (isinstance(document, list) and len(document) == count):
        yield _wrong(path, f"Give a list of {count}.")
        return
    for at, (each, inner) in enumerate(zip(document, kind.item_types, strict=True)):
        yield from _misfits(inner, each, f"{path}[{at}]")


@_misfits.register
def _(kind: inspect.DictType, document: object, path: str) -> Iterator[Problem]:
    if not isinstance(document, dict):
        yield _wrong(path, f"Give {called(kind)}.")
        return
    for name, each in document.items():
        below = f"{path}.{name[:_LONGEST_NAME]}"
        if list(_misfits(kind.key_type, name, below)):
            message = f"As a name, give {called(kind.key_type)}."
            yield Problem(path=below, code="unknown_field", message=message)
        yield from _misfits(kind.value_type, each, below)


def _is_of_sort(kind: inspect.Type, document: object) -> bool:
    """Whether a document is written as this type is: then its own misfits are worth telling."""
    match kind:
        case inspect.Metadata():
            return _is_of_sort(kind.type, document)
        case inspect.StructType() if kind.tag_field and isinstance(document, dict):
            return document.get(kind.tag_field) == kind.tag
        case inspect.StructType() | inspect.DictType():
            return isinstance(document, dict)
        case _ if called(kind) == "a list":
            return isinstance(document, list)
        case inspect.StrType():
            return isinstance(document, str)
        case inspect.IntType() | inspect.FloatType():
            return isinstance(document, int | float) and not isinstance(document, bool)
        case _:
            return False


def _at(path: str, misfits: Iterator[Misfit]) -> Iterator[Problem]:
    return (Problem(path=path, code=code, message=message) for code, message in misfits)


def _wrong(path: str, message: str) -> Problem:
    return Problem(path=path, code="wrong_value", message=message)
