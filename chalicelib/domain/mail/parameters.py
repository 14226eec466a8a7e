"""Content-Type and Content-Disposition, read tolerantly and in one pass."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote_to_bytes

from chalicelib.domain.mail.charsets import decode
from chalicelib.domain.mail.headers import decode_words

_MOST_PARAMETERS: Final = 100
_COMMON: Final = 80
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
# One parameter at a time: a quoted text, or everything up to the next semicolon.
_PARAMETER: Final = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_CONTINUED: Final = re.compile(r"([^*]+)\*(\d{1,3})?(\*)?")
_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)


def split_parameters(header: str) -> tuple[str, Mapping[str, str]]:
    """Return the value in lower case, and its parameters decoded (RFC 2231 and 2047 alike)."""
    is_common = len(header) <= _COMMON and "boundary" not in header
    return _split_common(header) if is_common else _split(header)


def _split(header: str) -> tuple[str, Mapping[str, str]]:
    value, semicolon, rest = header.partition(";")
    if not semicolon:
        return value.strip().lower(), _NONE
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(semicolon + rest)):
        if count >= _MOST_PARAMETERS:
            break
        name, text = found[1].lower(), _unquoted(found[2])
        extended = _CONTINUED.fullmatch(name)
        if extended is None:
            plain.setdefault(name, decode_words(text) if "=?" in text else text)
        else:
            place = int(extended[2] or 0)
            is_encoded = bool(extended[3]) or extended[2] is None
            pieces.setdefault(extended[1], {})[place] = (text, is_encoded)
    joined = {name: _joined(by_place) for name, by_place in pieces.items()}
    return value.strip().lower(), MappingProxyType(plain | joined)


# Most parts of all mails say the same few things of themselves.
_split_common: Final = lru_cache(maxsize=512)(_split)


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        return _QUOTED_PAIR.sub(r"\1", text[1:].removesuffix('"'))
    return text


def _joined(piece_by_place: dict[int, tuple[str, bool]]) -> str:
    """Put RFC 2231 continuations together; the first piece names the charset."""
    charset = ""
    octets = b""
    for place in sorted(piece_by_place):
        text, is_encoded = piece_by_place[place]
        if is_encoded and not octets and text.count("'") > 1:
            charset, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        octets += unquote_to_bytes(raw) if is_encoded else raw
    return decode(octets, charset)[0]
