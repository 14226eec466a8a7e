"""Reading more than one row: strong ranges of a partition, merged list shards, batches.

Raw rows come out; each store translates its own kind.
"""

import heapq
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from pynamodb.exceptions import GetError

from chalicelib.domain.errors import ThrottledError
from chalicelib.storage import spelling
from chalicelib.storage.rows.base import Row

Raw = dict[str, Any]
"""A row as DynamoDB gives it: attribute name → {type: value}."""
Key = tuple[str, str]

_MOST_IN_A_BATCH: Final = 100
_TRIES: Final = 6
_DUE_PAGE: Final = 2_000
"""About half a megabyte of keys: whoever has a hundred thousand due is read in few requests."""


def between(pk: str, low: str, high: str, *, is_strong: bool = True) -> list[Raw]:
    """Return every row of `pk` whose sort key lies in [low, high], in order."""
    raws: list[Raw] = []
    if low > high:
        return raws  # DynamoDB refuses such a range; nothing lies in it
    start: Raw | None = None
    while True:
        answer = Row._get_connection().query(  # noqa: SLF001 - one connection for all rows
            pk,
            range_key_condition=Row.sk.between(low, high),
            consistent_read=is_strong,
            exclusive_start_key=start,
        )
        raws.extend(answer["Items"])
        start = answer.get("LastEvaluatedKey")
        if start is None:
            return raws


def due(partition: str, *, until: datetime, since: str = "") -> Iterator[list[str]]:
    """Yield pages of sort keys of the due index, from `since` to the instant `until`."""
    start: Raw | None = None
    while True:
        answer = Row._get_connection().query(  # noqa: SLF001 - one connection for all rows
            partition,
            range_key_condition=Row.due_sk.between(since or "0", f"{spelling.instant(until)}#~"),
            index_name="due",
            limit=_DUE_PAGE,
            exclusive_start_key=start,
        )
        if answer["Items"]:
            yield [raw["due_sk"]["S"] for raw in answer["Items"]]
        start = answer.get("LastEvaluatedKey")
        if start is None:
            return


def first(pk: str, *, after: str, limit: int) -> list[Raw]:
    """Return the first rows of `pk` behind a sort key, in order."""
    answer = Row._get_connection().query(  # noqa: SLF001 - one connection for all rows
        pk,
        range_key_condition=Row.sk > after if after else None,
        consistent_read=True,
        limit=limit,
    )
    return list(answer["Items"])


def listed(
    list_pks: Sequence[str],
    *,
    limit: int,
    cursor: dict[str, str] | None,
    low: str = "",
    high: str = "~",
    is_newest_first: bool = False,
) -> tuple[list[Key], dict[str, str] | None]:
    """Merge list partitions into one page of keys, in order of their list sort keys.

    The cursor holds, for every partition not yet exhausted, the last sort key that was given.
    """
    heads = [
        _listing(pk, low, high, limit, after=(cursor or {}).get(str(at)), down=is_newest_first)
        for at, pk in enumerate(list_pks)
        if cursor is None or str(at) in cursor
    ]
    shards = [at for at in range(len(list_pks)) if cursor is None or str(at) in cursor]
    merged = heapq.merge(
        *(_from(shard, head) for shard, head in zip(shards, heads, strict=True)),
        key=lambda entry: entry[0],
        reverse=is_newest_first,
    )
    position = {str(shard): (cursor or {}).get(str(shard), "") for shard in shards}
    page: list[Key] = []
    for list_sk, shard, key in merged:
        if len(page) == limit:
            return page, position
        page.append(key)
        position[str(shard)] = list_sk
    return page, None


def _from(shard: int, head: Iterator[tuple[str, Key]]) -> Iterator[tuple[str, int, Key]]:
    """Say of each entry which shard it came from."""
    return ((list_sk, shard, key) for list_sk, key in head)


def _listing(
    list_pk: str, low: str, high: str, limit: int, *, after: str | None, down: bool
) -> Iterator[tuple[str, Key]]:
    """Yield (list sort key, key) of one partition, strictly behind `after`."""
    if after:
        low, high = (low, after) if down else (after, high)
    if (low or " ") > high:
        return  # as above: a cursor may stand behind what is asked for now
    start: Raw | None = None
    while True:
        answer = Row._get_connection().query(  # noqa: SLF001 - one connection for all rows
            list_pk,
            range_key_condition=Row.list_sk.between(low or " ", high),
            index_name="list",
            limit=limit + 1,
            scan_index_forward=not down,
            exclusive_start_key=start,
        )
        for raw in answer["Items"]:
            list_sk = raw["list_sk"]["S"]
            if list_sk != after:
                yield list_sk, (raw["pk"]["S"], raw["sk"]["S"])
        start = answer.get("LastEvaluatedKey")
        if start is None:
            return


def many(wanted: Collection[Key], *, is_strong: bool = True) -> list[Raw]:
    """Return the rows of `wanted` that exist, in the order asked for."""
    found: dict[Key, Raw] = {}
    keys = list(dict.fromkeys(wanted))
    for at in range(0, len(keys), _MOST_IN_A_BATCH):
        found.update(_batch(keys[at : at + _MOST_IN_A_BATCH], is_strong=is_strong))
    return [found[key] for key in keys if key in found]


def _batch(keys: Sequence[Key], *, is_strong: bool) -> dict[Key, Raw]:
    table = Row.Meta.table_name
    left: Any = [{"pk": pk, "sk": sk} for pk, sk in keys]
    raws: list[Raw] = []
    for _ in range(_TRIES):
        answer = Row._get_connection().batch_get_item(left, consistent_read=is_strong)  # noqa: SLF001 - one connection for all rows
        raws.extend(answer["Responses"].get(table, []))
        unread = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys")
        if not unread:
            return {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in raws}
        left = [{"pk": key["pk"]["S"], "sk": key["sk"]["S"]} for key in unread]
    raise ThrottledError(retry_after=1) from GetError()
