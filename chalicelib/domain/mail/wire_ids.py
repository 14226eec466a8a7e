"""Message-IDs as clients write them: in brackets, without, folded, with comments between."""

import re
from collections.abc import Iterable
from typing import Final

from chalicelib.domain.ids import WireId

_BRACKETED: Final = re.compile(r"<\s*([^<>]{1,2000}?)\s*>")
_BARE: Final = re.compile(r"[^\s<>,;\"()]{1,1000}@[^\s<>,;\"()]{1,500}")


def parse_wire_ids(header: str, *, most: int) -> tuple[WireId, ...]:
    """Return the ids in the order of the header, each once."""
    if not header:
        return ()
    found: Iterable[str] = _BRACKETED.findall(header) or _BARE.findall(header)
    ids = dict.fromkeys(WireId("".join(each.split())) for each in found)
    return tuple(ids)[:most]
