"""The table changed: hand on what others must know.

Routes only; the work is done behind the queues.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalice.app import Blueprint, DynamoDBEvent, SQSEvent

from chalicelib.domain.ids import SequenceId, StepId, TenantId
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.storage import keys

routes = Blueprint(__name__)

Image = Mapping[str, Mapping[str, Any]]
"""A row as the stream shows it; a vendor's shape."""

# The real ARN stands in infra/resources.yaml: a table's stream has no name before it exists.
_STREAM = "arn:aws:dynamodb:eu-north-1:000000000000:table/sekvens/stream/overridden"


@routes.on_dynamodb_record(stream_arn=_STREAM, batch_size=100)
def table_changes(event: DynamoDBEvent) -> None:
    """Queue every change that moves a figure, under its own event id."""
    bodies = [
        body
        for record in event
        for body in _tallies(record.to_dict()["eventID"], record.old_image, record.new_image)
    ]
    if bodies:
        wiring.outside().queues.send("tally", bodies)


def _tallies(event_id: str, old: Image | None, new: Image | None) -> Iterator[str]:
    if not new or not new["sk"]["S"].startswith((keys.HISTORY, keys.LEDGER)):
        return
    happened = (
        _lines(new) if new["sk"]["S"].startswith(keys.HISTORY) and not old else _risen(old, new)
    )
    if happened:
        yield json.dumps(
            {
                "event": event_id,
                "tenant": new["pk"]["S"].split("#")[1],
                "sequence": _sequence_id(new),
                "happened": happened,
            }
        )


def _sequence_id(new: Image) -> str:
    if "sequence_id" in new:
        return str(new["sequence_id"]["S"])
    return str(json.loads(new["what"]["S"])["sequence_id"])


def _lines(new: Image) -> list[list[str]]:
    lines = json.loads(new["lines"]["S"])
    return [
        [key, line["type"], line["state"]]
        for line in lines
        if "step_id" in line
        for key in _keys_of(line["step_id"], line["state"], line.get("version"))
    ]


def _risen(old: Image | None, new: Image) -> list[list[str]]:
    """Return every rung that a mail has reached since: a click proves a delivery too."""
    if "status" not in new:
        return []
    before = old["status"]["S"] if old and "status" in old else "queued"
    after = new["status"]["S"]
    step_id = new["sk"]["S"].split("#", 1)[1]
    version = json.loads(new["what"]["S"]).get("version")
    return [
        [key, "mail", rung]
        for rung in _rungs_between(before, after)
        for key in _keys_of(step_id, rung, version)
    ]


def _keys_of(step_id: str, state: str, version: str | None) -> tuple[str, ...]:
    from chalicelib.domain.sequences.figures import keys_of  # noqa: PLC0415 - as below

    return keys_of(step_id, state, version)


def _rungs_between(before: str, after: str) -> list[str]:
    from chalicelib.domain.sequences.ledger import passed  # noqa: PLC0415 - doors load what they use

    return [status.value for status in passed(before, after)]


@routes.on_sqs_message(queue="tally", batch_size=10)
def tallies(event: SQSEvent) -> Failures:
    """Add queued changes to the figures of their steps."""
    return one_by_one(event, _tally)


def _tally(body: str) -> None:
    from chalicelib.services import tally  # noqa: PLC0415 - doors load what they use
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - doors load what they use

    told = json.loads(body)
    happened = [
        tally.Happened(step_id=StepId(step_id), type=kind, state=state)
        for step_id, kind, state in told["happened"]
    ]
    bench = Bench(stores=wiring.stores_for(TenantId(told["tenant"])), outside=wiring.outside())
    tally.add(SequenceId(told["sequence"]), happened, event_id=told["event"], bench=bench)
