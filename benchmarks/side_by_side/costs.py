"""What the work costs when nothing goes wrong: one run, and a smaller one that counts writes."""

from dataclasses import dataclass, replace
from typing import Final

from benchmarks.side_by_side.sides import Side
from benchmarks.side_by_side.work import STEPS, Order, Told

WRITES: Final = (
    "dynamodb.TransactWriteItems",
    "dynamodb.UpdateItem",
    "dynamodb.PutItem",
    "dynamodb.DeleteItem",
    "dynamodb.BatchWriteItem",
    "s3.PutObject",
    "sqs.SendMessageBatch",
)
"""Requests that leave something behind which survives a crash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run cost; figures of a step are those of the run by its steps."""

    side: str
    flow: str
    style: str
    count: int
    told: Told
    store_cpu_s: float
    writes: float
    """Durable writes of the run, or of the smaller one brought up to its size."""
    write_units: float

    def a_step(self, figure: float) -> float:
        """Return a figure of the run for one of its steps."""
        return figure / self.count / STEPS


def cost_of(side: Side, order: Order) -> Cost:
    """Run an order from beginning to end, undisturbed."""
    side.prepare(order)
    writes, store = side.durable_writes(), side.store_cpu_s()
    worker = side.start(order)
    worker.until_ready()
    told = worker.told()
    ends = side.ends(order)
    assert told is not None, "the worker was killed from outside"
    assert ends.ended == order.count, f"{ends} of {order.count}"
    return Cost(
        side=side.name,
        flow=order.flow,
        style=order.style,
        count=order.count,
        told=told,
        store_cpu_s=side.store_cpu_s() - store,
        writes=side.durable_writes() - writes,
        write_units=0,
    )


def with_writes(cost: Cost, counted: Cost) -> Cost:
    """Add the writes of a run whose worker counted them itself."""
    times = cost.count / counted.count
    return replace(
        cost,
        writes=times * sum(counted.told.writes.get(each, 0) for each in WRITES),
        write_units=times * counted.told.writes.get("write units", 0),
    )
