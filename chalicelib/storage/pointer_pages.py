"""One page of pointers: sort keys of several partitions, merged in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.storage import pointer_keys as keys
from chalicelib.storage.pointers import Place
from chalicelib.storage.rows.base import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Partitions, and the range of sort keys in them, that hold whatever is wanted."""

    partitions: Sequence[str]
    prefix: str = ""
    low: str = ""
    is_descending: bool = False

    @property
    def bounds(self) -> tuple[str, str]:
        """The first and the last sort key."""
        return max(self.low, self.prefix) or " ", self.prefix + keys.LAST


def pointers(
    path: Path, *, limit: int, cursor: Mapping[str, str] | None
) -> tuple[list[Place], dict[str, str] | None]:
    """Return up to `limit` pointers behind `cursor`, and where the next page begins.

    The cursor holds the last sort key that was given of every partition.
    """
    position = {
        str(at): "" if cursor is None else cursor[str(at)]
        for at in range(len(path.partitions))
        if cursor is None or str(at) in cursor
    }
    found = [
        (sk, shard)
        for shard, after in position.items()
        for sk in _behind(path, path.partitions[int(shard)], after, limit)
    ]
    found.sort(reverse=path.is_descending)
    position |= {shard: sk for sk, shard in found[:limit]}
    page = [Place(path.partitions[int(shard)], sk) for sk, shard in found[:limit]]
    return page, position if len(found) > limit else None


def _behind(path: Path, pk: str, after: str, limit: int) -> list[str]:
    """Return one sort key more than `limit`, if there are so many, strictly behind `after`."""
    low, high = path.bounds
    if after:
        low, high = (low, after) if path.is_descending else (after, high)
    if low > high:
        return []
    answer = Row._get_connection().query(  # noqa: SLF001 - one connection for all rows
        pk,
        range_key_condition=Row.sk.between(low, high),
        consistent_read=True,
        limit=limit + 2,  # one is `after` itself; pointers are so small that a page holds them all
        scan_index_forward=not path.is_descending,
    )
    sks = [raw["sk"]["S"] for raw in answer["Items"]]
    return [sk for sk in sks if sk != after][: limit + 1]
