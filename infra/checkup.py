"""What stands still in a deployment, and what to do: for the doctors of AWS and laptop.

It reads the due index and the heads behind it, so it costs what is due, not what is kept; only
`given_up` reads the whole table, as an operator may. It prints what it sees and yields advice.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.ledger import LEASE_FOR, UNKNOWN_FOR
from chalicelib.domain.sequences.signals import PauseReason
from chalicelib.entry.settings import QUEUE_NAMES
from chalicelib.storage import due, job_keys, keys, lean, spelling, webhook_keys
from chalicelib.storage.rows.enrollments import HeadRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEAD: Final = "-dead"
STREAM_DEAD: Final = "stream-dead"
LATE_AFTER: Final = timedelta(minutes=15)
"""What is due for longer waits for something that does not come."""
HELD_UNTIL: Final = LEASE_FOR + UNKNOWN_FOR
"""Whatever is in somebody's hands stands in the due index at the latest so far ahead."""
MOST_READ: Final = 2_000
"""Of a shard; a doctor tells how it is, not how much it is."""
_AT_ONCE: Final = 100
_MOST_NAMED: Final = 5

Tree = Mapping[str, Any]
"""A row as DynamoDB gives it; a vendor's shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is looked at, and when."""

    dynamodb: "DynamoDBClient"
    table: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """One entry of the due index."""

    at: datetime
    owner: tuple[str, ...]


def queues(depth_of: Callable[[str], tuple[int, int]], *, redrive: str) -> Iterator[str]:
    """Look at every queue; `redrive` says how what is dead gets another try."""
    print(f"{'queue':<16}{'waiting':>9}{'at work':>9}")
    for name in (*QUEUE_NAMES, *(f"{each}{DEAD}" for each in QUEUE_NAMES), STREAM_DEAD):
        waiting, at_work = depth_of(name)
        print(f"{name:<16}{waiting:>9}{at_work:>9}")
        if name == STREAM_DEAD and waiting:
            yield f"{waiting} in {name}: changes not passed on; step figures may be short."
        elif name.endswith(DEAD) and waiting:
            yield f"{waiting} in {name}: find why in the log, mend it, then {redrive}."


def enrollments(place: Place, shards: int) -> Iterator[str]:
    """Look at the shards of the due index, and at whom somebody holds or has lost sight of.

    `shards` at least: of a number that was changed live the tick remembers the greatest.
    """
    print(f"\n{'shard':<8}{'due':>6}{'late':>6}  oldest, swept to")
    held: list[tuple[str, ...]] = []
    remembered = _row(place, keys.sweep(0), due.SHARDS)
    for shard in range(max(shards, int(remembered["most"]["N"]) if remembered else 0)):
        found = _due(place, keys.due_shard(shard), place.now + HELD_UNTIL)
        held.extend(each.owner for each in found)
        yield from _of_shard(place, shard, [each for each in found if each.at <= place.now])
    yield from _of_heads(place, _heads(place, held))


def jobs(place: Place) -> Iterator[str]:
    """Look at the jobs that somebody should have taken up."""
    found = _due(place, job_keys.WAITING_JOBS, place.now)
    left = [each for each in found if each.at <= place.now - LATE_AFTER]
    print(f"jobs: {len(found)} wait for a worker")
    if left:
        yield (
            f"{len(left)} jobs were left for over 15 minutes "
            f"({_named([each.owner for each in left])}): does the sweep run, and is something in "
            "`bulk-dead`?"
        )


def webhooks(place: Place) -> Iterator[str]:
    """Look at what webhooks are to be told."""
    shards = range(webhook_keys.DUE_SHARDS)
    found = [each for it in shards for each in _due(place, webhook_keys.due_shard(it), place.now)]
    late = [each for each in found if each.at <= place.now - LATE_AFTER]
    print(f"webhooks: {len(found)} deliveries are due")
    if late:
        slow = Counter("/".join(each.owner[:2]) for each in late).most_common(_MOST_NAMED)
        yield (
            f"{len(late)} deliveries to webhooks are over 15 minutes late, most of them of "
            f"{', '.join(name for name, _ in slow)} (tenant/webhook): are `webhook` and `call` "
            "worked off?"
        )


def given_up(place: Place) -> Iterator[str]:
    """Look through the whole table for what was given up and waits for a person."""
    jobs_failed: list[tuple[str, ...]] = []
    parked: list[tuple[str, ...]] = []
    dead: Counter[str] = Counter()
    for row in _all_rows(place):
        owner = tuple(row["pk"]["S"].split("#"))
        match owner[2:3], row:
            case ["job"], {"state": {"S": "failed"}}:
                jobs_failed.append((owner[1], owner[3]))
            case ["webhook"], {"state": {"S": "dead"}}:
                dead["/".join((owner[1], owner[3]))] += 1
            case ["enrollment"], {"rest": {"S": str(rest)}} if _is_parked(rest):
                parked.append((owner[1], owner[3]))
            case _:
                pass  # at rest for a reason of its own
    print(
        f"given up: {len(parked)} enrollments parked, {len(jobs_failed)} jobs failed, "
        f"{dead.total()} deliveries to webhooks dead"
    )
    if parked:
        yield (
            f"{len(parked)} enrollments are parked ({_named(parked)}): `why_then` says why; "
            "mend it, then POST /v1/enrollments/{id}/resume, or for all of a sequence "
            "`python -m infra.ops retry TENANT SEQUENCE`."
        )
    if jobs_failed:
        yield (
            f"{len(jobs_failed)} jobs failed ({_named(jobs_failed)}): GET /v1/jobs/{{id}} says "
            "why; POST /v1/jobs/{id}/retry goes on where they stopped."
        )
    if dead:
        most = ", ".join(f"{name} ({count})" for name, count in dead.most_common(_MOST_NAMED))
        yield (
            f"Webhooks gave up deliveries, by tenant/webhook: {most}; GET …/deliveries?state=dead "
            "says why, POST …/deliveries/{id}/replay tries again."
        )


def concluded(advice: list[str]) -> int:
    """Print what is to be done; 0 if nothing is."""
    sys.stdout.write("\n" + ("\n".join(advice) or "All is well.") + "\n")
    return 1 if advice else 0


def _of_shard(place: Place, shard: int, waiting: list[_Due]) -> Iterator[str]:
    late = [each for each in waiting if each.at <= place.now - LATE_AFTER]
    cursor = _row(place, keys.sweep(shard), keys.HEAD)
    read_to = cursor["read_to"]["S"] if "read_to" in cursor else "never"
    oldest = f"{waiting[0].at:%Y-%m-%d %H:%M}" if waiting else "-"
    print(f"{shard:<8}{len(waiting):>6}{len(late):>6}  {oldest}, {read_to[:16]}")
    if late:
        yield (
            f"Shard {shard}: {len(late)} enrollments are over 15 minutes late, the first is "
            f"{_named([late[0].owner])}: is `due` worked off? Look for `unforeseen` in the log."
        )
    if waiting and read_to != "never" and datetime.fromisoformat(read_to) < place.now - LATE_AFTER:
        yield f"Shard {shard} was last swept at {read_to}: do `every_minute` and `shard_sweep` run?"


def _of_heads(place: Place, heads: list[tuple[str, Enrollment]]) -> Iterator[str]:
    sending = [each for each in heads if each[1].phase is Phase.SENDING]
    over = [
        each for each in sending if each[1].lease is not None and each[1].lease.until < place.now
    ]
    unknown = [each for each in heads if each[1].phase is Phase.UNKNOWN]
    print(
        f"\nmails: {len(sending) - len(over)} leases held, {len(over)} leases ran out, "
        f"{len(unknown)} perhaps sent"
    )
    if over:
        yield (
            f"{len(over)} leases ran out ({_named([(of, it.id) for of, it in over])}): a worker "
            "died while it sent; the next sweep settles them as unknown."
        )
    if unknown:
        names = _named([(of, it.id) for of, it in unknown])
        yield (
            f"{len(unknown)} mails were perhaps sent ({names}): word from SES settles them; at "
            "their deadline the tenant's `unknown_send_policy` does. Is `feedback` worked off?"
        )


def _due(place: Place, partition: str, until: datetime) -> list[_Due]:
    found = place.dynamodb.query(
        TableName=place.table,
        IndexName="due",
        KeyConditionExpression="due_pk = :shard AND due_sk BETWEEN :low AND :high",
        ExpressionAttributeValues={
            ":shard": {"S": partition},
            ":low": {"S": "0"},
            ":high": {"S": f"{spelling.instant(until)}#~"},
        },
        Limit=MOST_READ,
    )
    parts = [row["due_sk"]["S"].split("#") for row in found["Items"]]
    return [_Due(at=datetime.fromisoformat(each[0]), owner=tuple(each[1:])) for each in parts]


def _heads(place: Place, owners: list[tuple[str, ...]]) -> list[tuple[str, Enrollment]]:
    """Return the heads of enrollments, with their tenants; what cannot be read is left out."""
    wanted = sorted({f"t#{each[0]}#enrollment#{each[1]}" for each in owners if len(each) > 1})
    found: list[tuple[str, Enrollment]] = []
    for start in range(0, len(wanted), _AT_ONCE):
        asked = [
            {"pk": {"S": pk}, "sk": {"S": keys.HEAD}} for pk in wanted[start : start + _AT_ONCE]
        ]
        answer = place.dynamodb.batch_get_item(RequestItems={place.table: {"Keys": asked}})
        for raw in answer["Responses"].get(place.table, []):
            head = HeadRow.from_raw_data(dict(raw))
            found.append((str(head.pk).split("#")[1], head.to_domain()))
    return found


def _row(place: Place, pk: str, sk: str) -> Tree:
    return place.dynamodb.get_item(
        TableName=place.table, Key={"pk": {"S": pk}, "sk": {"S": sk}}
    ).get("Item", {})


def _all_rows(place: Place) -> Iterator[Tree]:
    pages = place.dynamodb.get_paginator("scan").paginate(
        TableName=place.table,
        ProjectionExpression="pk, sk, #state, rest",
        FilterExpression="#state IN (:failed, :dead) OR (sk = :head AND #status = :paused)",
        ExpressionAttributeNames={"#state": "state", "#status": "status"},
        ExpressionAttributeValues={
            ":failed": {"S": "failed"},
            ":dead": {"S": "dead"},
            ":head": {"S": keys.HEAD},
            ":paused": {"S": "paused"},
        },
    )
    for page in pages:
        yield from page["Items"]


def _is_parked(rest: str) -> bool:
    known = lean.read(rest)
    return known.get("reason") == PauseReason.PARKED and known.get("resume_at") is None


def _named(owners: Sequence[tuple[str, ...]]) -> str:
    """Name the first few, by tenant and id."""
    known = ["/".join(each[:2]) for each in owners]
    more = len(known) - _MOST_NAMED
    return ", ".join(known[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
