"""Bytes of a request into one frozen struct, or a refusal that names the field."""

import re
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.errors import MalformedError, Problem, RuleError, TooLargeError

MOST_BYTES: Final = 1_000_000

T = TypeVar("T")

# msgspec stops at the first thing that does not fit and says where in its last words.
_AT = re.compile(r" - at `([^`]+)`$")
_FIELD = re.compile(r"(?:unknown|missing required) field `([^`]*)`")


def read_body(raw: bytes, kind: type[T]) -> T:
    """Read JSON as `kind`; an empty body is an empty object, so that actions need none."""
    if len(raw) > MOST_BYTES:
        raise TooLargeError(limit=MOST_BYTES)
    try:
        read = msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise RuleError(_problem(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MalformedError(reason="the body is not JSON") from None
    except RecursionError:
        raise MalformedError(reason="the body is nested too deeply") from None
    if isinstance(read, msgspec.Struct):
        _insist_on_calendar(read)
    return read


def changing(name: str, kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """Return the body that changes a `kind`: its fields, of which any may be left out."""
    return msgspec.defstruct(
        name,
        [
            (each.name, _changing(f"{name}_{each.name}", each.type) | UnsetType, UNSET)
            for each in msgspec.structs.fields(kind)
        ],
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": f"What may be given of {kind.__name__}; the rest stays."},
        module=__name__,
    )


def _changing(name: str, kind: Any) -> Any:  # noqa: ANN401 - a type, whichever it is
    is_struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    return changing(name, kind) if is_struct else kind


def _insist_on_calendar(read: msgspec.Struct) -> None:
    """Refuse an instant whose offset reaches beyond the years there are."""
    for name in read.__struct_fields__:
        value = getattr(read, name)
        if isinstance(value, datetime):
            try:
                value.astimezone(UTC)
            except OverflowError:
                message = "Give an instant such as 2026-03-01T09:00:00Z."
                problem = Problem(path=f"$.{name}", code="wrong_value", message=message)
                raise RuleError(problem) from None


def _problem(text: str) -> Problem:
    place = _AT.search(text)
    path = place[1] if place else "$"
    sentence = _AT.sub("", text)
    field = _FIELD.search(sentence)
    if field is None:
        return Problem(path=path, code="wrong_value", message=sentence)
    code = "unknown_field" if "unknown" in field[0] else "missing_field"
    return Problem(path=f"{path}.{field[1]}", code=code, message=sentence)
