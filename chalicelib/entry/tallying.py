"""What the stream told of steps becomes their figures, together where it is of one sequence."""

import json
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.ids import SequenceId, StepId, TenantId
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.observability import logger, metrics

if TYPE_CHECKING:
    from chalicelib.services.tally import Change

routes = Blueprint(__name__)

Told = dict[str, Any]
"""A message as `ripple` wrote it."""


@routes.on_sqs_message(queue="tally", batch_size=10, maximum_batching_window_in_seconds=5)
def tallies(event: SQSEvent) -> Failures:
    """Add queued changes to the figures of their steps; one that fails comes again alone."""
    done = _added_together({str(record.body) for record in event})

    def tally(body: str) -> None:
        if body not in done:
            _tally(body)

    return one_by_one(event, tally)


def _tally(body: str) -> None:
    _add([json.loads(body)])


def _added_together(bodies: Collection[str]) -> set[str]:
    """Return which messages were added with others of their sequence: figures are written once."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for body in sorted(bodies):
        with suppress(ValueError, LookupError, TypeError):  # it fails alone, further on
            told = json.loads(body)
            groups[told["tenant"], told["sequence"]].append(body)
    return {
        body
        for group in groups.values()
        if len(group) > 1 and _is_added([json.loads(each) for each in group])
        for body in group
    }


def _is_added(group: list[Told]) -> bool:
    try:
        return _add(group)
    except Exception as error:  # noqa: BLE001 - each is tried alone next, and fails alone
        logger.info("tallied one by one", extra={"error": type(error).__qualname__})
        return False


def _add(group: list[Told]) -> bool:
    """Add changes of one sequence; whether they were, or had been."""
    from chalicelib.domain.sequences.ledger import MailStatus  # noqa: PLC0415 - doors load what they use
    from chalicelib.services import breaking, tally  # noqa: PLC0415 - as above
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - as above

    stores = wiring.stores_for(TenantId(group[0]["tenant"]))
    bench = Bench(stores=stores, outside=wiring.outside())
    changes = [_change(told, bench.now().date()) for told in group]
    for change in changes:
        statuses = {MailStatus(each.state) for each in change.happened if each.type == "mail"}
        if statuses and breaking.count(statuses, event_id=change.event_id, bench=bench):
            metrics.add_metric(name="SendingStopped", unit=MetricUnit.Count, value=1)
    return tally.add(SequenceId(group[0]["sequence"]), changes, bench=bench)


def _change(told: Told, today: date) -> "Change":
    from chalicelib.services import tally  # noqa: PLC0415 - doors load what they use

    return tally.Change(
        event_id=told["event"],
        happened=[
            tally.Happened(step_id=StepId(step_id), type=kind, state=state, took_s=took_s)
            for step_id, kind, state, took_s in told["happened"]
        ],
        flow_version=told["version"],
        day=date.fromisoformat(told["day"]) if told["day"] else today,
    )
