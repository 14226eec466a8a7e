"""Bytes of a request into one frozen struct, or a refusal that names the field."""

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.errors import MalformedError, Problem, RuleError, TooLargeError

MOST_BYTES: Final = 1_000_000

T = TypeVar("T")


def read_body(raw: bytes, kind: type[T]) -> T:
    """Read JSON as `kind`; an empty body is an empty object, so that actions need none."""
    if len(raw) > MOST_BYTES:
        raise TooLargeError(limit=MOST_BYTES)
    read: T = _decoded(raw or b"{}", kind)
    if isinstance(read, msgspec.Struct):
        _insist_on_calendar(read)
    return read


def _decoded(raw: bytes, kind: Any) -> Any:  # noqa: ANN401 - whatever type
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        if kind is Any:  # only a number that is none, such as 1e400
            raise MalformedError(reason="a number in the body is too large") from None
        _, _, place = str(error).partition(" - at `")
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MalformedError(reason="the body is not JSON") from None
    except RecursionError:
        raise MalformedError(reason="the body is nested too deeply") from None
    raise _misfitting(raw, kind, place.rstrip("`") or "$")


def _misfitting(raw: bytes, kind: type, first: str) -> RuleError:
    """Return everything that does not fit; msgspec itself stops at the `first`."""
    from chalicelib.domain.crm.misfits import (  # noqa: PLC0415 - only for what is refused
        DOES_NOT_FIT,
        misfits_of,
    )

    # What follows the first misfit may still be no JSON at all.
    document = _decoded(raw, Any)
    rest = [Problem(path=first, code="wrong_value", message=DOES_NOT_FIT)]
    return RuleError(*(misfits_of(document, kind) or rest))


def changing(name: str, kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """Return the body that changes a `kind`: its fields, of which any may be left out."""
    return msgspec.defstruct(
        name,
        [
            (each.name, _changing(f"{name}{_camel(each.name)}", each.type) | UnsetType, UNSET)
            for each in msgspec.structs.fields(kind)
        ],
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": f"What may be given of {kind.__name__}; the rest stays."},
        module=__name__,
    )


def _camel(field: str) -> str:
    return "".join(word.capitalize() for word in field.split("_"))


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
