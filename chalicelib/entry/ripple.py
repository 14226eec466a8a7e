"""The table changed: hand on what others must know.

Routes only; the work is done behind the queues.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.entry import lines, wiring
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
        lines.queues().send("tally", bodies)
    changes = [
        body
        for record in event
        for body in _item_changes(record.to_dict(), record.old_image, record.new_image)
    ]
    if changes:
        lines.queues().send("automate", changes)
    _send_news(event)


def _send_news(event: DynamoDBEvent) -> None:
    from chalicelib.entry import news  # noqa: PLC0415 - doors load what they use

    changes = [
        (record.to_dict()["eventID"], record.old_image, record.new_image) for record in event
    ]
    messages_by_tenant = news.messages_of(changes, now=wiring.clock().now())
    for tenant_id, messages in messages_by_tenant.items():
        lines.queues().send("webhook", messages, tenant_id=tenant_id)


def _item_changes(told: Mapping[str, Any], old: Image | None, new: Image | None) -> Iterator[str]:
    """Tell of an item that was made or changed; of one that is gone for good nobody need know."""
    if not new or new["sk"]["S"] != keys.HEAD or not keys.is_item(new["pk"]["S"]):
        return
    was = old or {}
    yield json.dumps(
        {
            "tenant": new["pk"]["S"].split("#")[1],
            "change": {
                "event_id": told["eventID"],
                "item": {"kind": new["kind"]["S"], "id": new["item_id"]["S"]},
                "is_new": old is None,
                "status_before": _text(was, "status"),
                "status": new["status"]["S"],
                "stage_before": _text(was, "stage"),
                "stage": _text(new, "stage"),
                "owner_before": _text(was, "owner_id"),
                "at": _at(told),
            },
        }
    )


def _at(told: Mapping[str, Any]) -> str:
    at = float(told["dynamodb"]["ApproximateCreationDateTime"])
    return datetime.fromtimestamp(at, UTC).isoformat()


def _text(image: Image, name: str) -> str | None:
    return image[name].get("S") if name in image else None


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
                **_scope(new),
            }
        )


def _sequence_id(new: Image) -> str:
    if "sequence_id" in new:
        return str(new["sequence_id"]["S"])
    return str(json.loads(new["what"]["S"])["sequence_id"])


def _scope(new: Image) -> dict[str, object]:
    """Say of which flow version the change is, and of which day: that of its last line."""
    if "lines" in new:
        at = json.loads(new["lines"]["S"])[-1]["at"]
        version = int(new["flow_version"]["N"]) if "flow_version" in new else None
        return {"version": version, "day": at[:10]}
    return {"version": json.loads(new["what"]["S"]).get("flow_version"), "day": None}


def _lines(new: Image) -> list[list[Any]]:
    from chalicelib.domain.sequences.figures import ending_of  # noqa: PLC0415 - as below

    told: list[list[Any]] = []
    for line in json.loads(new["lines"]["S"]):
        ending = ending_of(line["type"], line["state"], line.get("reason"))
        if ending is not None:
            told.append([ending, line["type"], line["state"], None])
        if "step_id" in line:
            keys_told = _keys_of(line["step_id"], line["state"], line.get("version"))
            took_s = line.get("took_s")
            told += [[key, line["type"], line["state"], took_s] for key in keys_told]
    return told


def _risen(old: Image | None, new: Image) -> list[list[Any]]:
    """Return every rung that a mail has reached since: a click proves a delivery too."""
    if "status" not in new:
        return []
    step_id = new["sk"]["S"].split("#", 1)[1]
    what = json.loads(new["what"]["S"])
    risen = [("mail", rung) for rung in _gained(old, new)]
    if "machine_opened_at" in what and "machine_opened_at" not in _what(old):
        risen.append(("machine", "opened"))
    return [
        [key, kind, rung, None]
        for kind, rung in risen
        for key in _keys_of(step_id, rung, what.get("version"))
    ]


def _what(old: Image | None) -> Mapping[str, Any]:
    what: dict[str, Any] = json.loads(old["what"]["S"]) if old and "what" in old else {}
    return what


def _keys_of(step_id: str, state: str, version: str | None) -> tuple[str, ...]:
    from chalicelib.domain.sequences.figures import keys_of  # noqa: PLC0415 - as below

    return keys_of(step_id, state, version)


def _gained(old: Image | None, new: Image) -> list[str]:
    from chalicelib.domain.sequences.ledger import gained  # noqa: PLC0415 - doors load what they use

    before = old["status"]["S"] if old and "status" in old else "queued"
    beside = _what(old).get("beside", ()), _what(new).get("beside", ())
    return [each.value for each in gained(before, beside[0], new["status"]["S"], beside[1])]
