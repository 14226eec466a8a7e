"""JSON as small as it gets: what a row holds decides what every write of it costs.

A text that would make its row a kilobyte is packed; readers of raw rows read it by `read` too.
"""

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping
from typing import Any, Final

import msgspec

_EMPTY: Final[tuple[object, ...]] = (None, "", (), [], {}, False)
_PACKED: Final = "z:"
"""How a packed text begins; JSON never does."""
_MOST_PLAIN: Final = 600
"""With its keys, its places in two indexes and so much JSON, a row stays below a kilobyte."""


def spell(value: object) -> str:
    """Spell `value`, packed if it is long."""
    plain = msgspec.json.encode(value)
    if len(plain) <= _MOST_PLAIN:
        return plain.decode()
    return _PACKED + b85encode(zlib.compress(plain)).decode()


def read(text: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Read what was spelled, packed or not."""
    if not text.startswith(_PACKED):
        return json.loads(text)
    return json.loads(zlib.decompress(b85decode(text.removeprefix(_PACKED))))


def lean(of: Mapping[str, object], keep: frozenset[str] = frozenset()) -> dict[str, object]:
    """Return what `of` is without what is empty anyway, at any depth; names in `keep` stay."""
    small = {name: _lean(each, keep) for name, each in of.items()}
    return {name: each for name, each in small.items() if name in keep or each not in _EMPTY}


def _lean(value: object, keep: frozenset[str]) -> object:
    if isinstance(value, dict):
        return lean(value, keep)
    if isinstance(value, list | tuple):
        return [_lean(each, keep) for each in value]
    return value
