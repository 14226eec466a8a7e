"""One page of a list: keys from the list index, the rows themselves from the table.

Filters apply while paging, so a page may end short, with a cursor, rather than read on for ever.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from chalicelib.storage import reading
from chalicelib.storage.rows.base import Row

MOST_LOOKS: Final = 4
"""How often a page looks on when filters leave it short."""

R = TypeVar("R", bound=Row)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[T]):
    """Part of a list; `cursor` is where the next part begins, None at the end."""

    rows: list[T]
    cursor: dict[str, str] | None


def list_heads(
    kind: type[R],
    partitions: Sequence[str],
    *,
    limit: int,
    cursor: Mapping[str, object] | None,
    read: Callable[[R], T],
    keep: Callable[[T], bool] = lambda _: True,
    head: str | None = None,
    is_newest_first: bool = False,
) -> Listing[T]:
    """Return up to `limit` things that `keep` likes, in the order of the list's sort keys.

    `head` is the sort key of the row to read, where another row of its partition is the listed one.
    """
    kept: list[T] = []
    at = None if cursor is None else {shard: str(where) for shard, where in cursor.items()}
    for _ in range(MOST_LOOKS):
        found, at = reading.listed(
            partitions, limit=limit - len(kept), cursor=at, is_newest_first=is_newest_first
        )
        wanted = [(pk, head or sk) for pk, sk in found]
        things = [read(kind.from_raw_data(raw)) for raw in reading.many(wanted)]
        kept.extend(thing for thing in things if keep(thing))
        if at is None or len(kept) == limit:
            break
    return Listing(rows=kept, cursor=at)
