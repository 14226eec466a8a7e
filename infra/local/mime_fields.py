"""The header of a mail as a list of fields, byte for byte: SES adds and replaces some, no more.

A parser would fold, decode or drop what it does not like; a mail must go on as it came.
"""

import re
from collections.abc import Collection, Iterable
from email.utils import getaddresses
from typing import Final

Field = tuple[str, str]

_END: Final = re.compile(rb"\r?\n\r?\n")
_BEGIN: Final = re.compile(rb"\r?\n(?![ \t])")
_NAME: Final = re.compile(rb"[!-9;-~]+")


def split(raw: bytes) -> tuple[list[bytes], bytes]:
    """Return the fields, each with its folded lines, and the body."""
    end = _END.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    if raw[:1] in {b"\r", b"\n"}:
        return [], raw.lstrip(b"\r").removeprefix(b"\n")
    return [field for field in _BEGIN.split(head) if field.strip()], body


def join(fields: Iterable[bytes], body: bytes) -> bytes:
    """Return the mail again."""
    return b"\r\n".join((*fields, b"", body))


def name_of(field: bytes) -> str:
    """Return a field's name in lower case, or nothing if it is no field."""
    name = field.partition(b":")[0].rstrip()
    return name.decode().lower() if _NAME.fullmatch(name) else ""


def without(fields: Iterable[bytes], names: Collection[str], *, prefix: str = "\0") -> list[bytes]:
    """Drop fields by name or beginning of the name."""
    return [
        field
        for field in fields
        if name_of(field) not in names and not name_of(field).startswith(prefix)
    ]


def shown(fields: Iterable[bytes]) -> list[Field]:
    """Return (name, unfolded value) as SES lists them."""
    return [
        (_text(field.partition(b":")[0]).rstrip(), _text(field.partition(b":")[2]).strip())
        for field in fields
        if name_of(field)
    ]


def value(fields: Iterable[Field], name: str) -> str:
    """Return the first value of a field, or nothing."""
    return next((each for found, each in fields if found.lower() == name), "")


def addresses(fields: Iterable[Field], *names: str) -> list[str]:
    """Return the bare addresses of fields."""
    values = [each for found, each in fields if found.lower() in names]
    return [address for _, address in getaddresses(values) if address]


def domain(address: str) -> str:
    """Return an address's domain in lower case."""
    return address.rpartition("@")[2].strip("<> ").lower() if "@" in address else ""


def _text(field: bytes) -> str:
    return re.sub(r"\r?\n", "", field.decode("utf-8", "replace"))
