"""The tables that people read, the verdicts under them, and the same for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.table import Table

from benchmarks.runner import ticks
from benchmarks.runner.draining import Drained
from benchmarks.runner.fairness import Fairness
from benchmarks.runner.stack import Spent
from benchmarks.runner.ticks import Ticked
from benchmarks.runner.walk import FLOW, Walk, per_enrollment
from infra.local.settings import DUE_SHARDS

WAIT_BUDGET: Final = 6
_CPU_MS: Final = 1_000


def of_walk(walked: Walk) -> Table:
    """Say what one enrollment costs, door by door."""
    days = walked.lasts_for.days
    table = _table(
        f"One enrollment of {FLOW}, {days} days, nobody answers",
        ("door", "messages", "write units", "read units", "CPU ms", "other"),
    )
    total_writes = total_reads = 0.0
    for door, cost in sorted(per_enrollment(walked).items()):
        other = ", ".join(f"{name} {cost[name]:.1f}" for name in cost if "." in name)
        units = (f"{cost['write_units']:.1f}", f"{cost['read_units']:.1f}")
        table.add_row(door, f"{cost['messages']:.1f}", *units, f"{cost['cpu_ms']:.1f}", other)
        total_writes += cost["write_units"]
        total_reads += cost["read_units"]
    table.add_row("all", "", f"{total_writes:.1f}", f"{total_reads:.1f}", "", "")
    return table


def of_drains(drained: Sequence[Drained]) -> Table:
    """Say what a step costs when very many are due."""
    table = _table(
        f"{sum(each.steps for each in drained):,} due, worked off by processes",
        ("step", "workers", "steps", "CPU ms a step", "steps/s", "write", "read", "requests"),
    )
    for each in drained:
        table.add_row(
            each.kind,
            str(each.workers),
            f"{each.steps:,}",
            f"{_CPU_MS * each.per_step(each.cpu_s):.2f}",
            f"{each.counted / each.wall_s:.0f}",
            f"{each.per_step(each.write_units):.2f}",
            f"{each.per_step(each.read_units):.2f}",
            f"{each.per_step(sum(each.requests.values())):.2f}",
        )
    return table


def of_ticks(ticked: Sequence[Ticked]) -> Table:
    """Say what a tick costs among how many."""
    table = _table(
        f"A tick of 16 shards, {ticks.DUE} due",
        ("waiting", "read from", "requests", "write units", "read units", "CPU ms"),
    )
    for each in ticked:
        bill = each.spent.bill
        table.add_row(
            f"{each.waiting:,}",
            "the beginning" if each.is_full else "3 min before its mark",
            str(sum(bill.requests.values())),
            f"{bill.write_units:g}",
            f"{bill.read_units:g}",
            f"{_CPU_MS * each.spent.cpu_s:.0f}",
        )
    return table


def of_fairness(fair: Fairness) -> Table:
    """Say how a single step fared beside a huge tenant."""
    table = _table(f"One step of a tenant beside {fair.backlog:,} due of another", ("what", ""))
    table.add_row("handed on at a tick (DUE_PER_TICK)", f"{fair.per_tick:,}")
    table.add_row("in the queue when it fell due", f"{fair.left:,}")
    table.add_row("handed on by the tick that found it", f"{fair.handed_on:,}")
    table.add_row("worked off before it, in order of arrival", f"{fair.before_it:,}")
    table.add_row("so much later than that tick", f"{fair.ticks:.2f} ticks")
    table.add_row("without turns and room: due before it", f"{fair.older:,}")
    table.add_row("that is", f"{fair.plain_ticks:.1f} ticks")
    table.add_row("read units of a tick that reads all that", f"{fair.sweep.bill.read_units:,.0f}")
    table.add_row("CPU of it, all shards", f"{fair.sweep.cpu_s:.2f} s")
    return table


def verdicts(drained: Sequence[Drained], ticked: Sequence[Ticked], fair: Fairness) -> Iterator[str]:
    """Say what holds and what does not."""
    sizes = ", ".join(f"{each:,}" for each in sorted({each.waiting for each in ticked}))
    level = "equal" if ticks.is_level(ticked) else "NOT EQUAL"
    yield f"Requests and units of a tick among {sizes}: {level}."
    waits = [each for each in drained if each.kind == "wait"]
    dear = any(each.per_step(each.write_units) > WAIT_BUDGET for each in waits)
    yield f"Write units of a wait within {WAIT_BUDGET}: {'NO' if dear else 'yes'}."
    fairly = "yes" if fair.is_fair else "NO"
    yield f"A single step beside {fair.backlog:,} due of another is late by under a tick: {fairly}."


def as_json(
    walked: Walk, drained: Sequence[Drained], ticked: Sequence[Ticked], fair: Fairness
) -> dict[str, Any]:
    """Return everything, for programs."""
    level = next(each for each in ticked if not each.is_full)
    return {
        "one enrollment": {
            "flow": FLOW,
            "days": walked.lasts_for.days,
            "bytes": round(walked.bytes_kept / walked.enrollments),
            "doors": _rounded(per_enrollment(walked)),
            "shards": DUE_SHARDS,
            "tick": {
                "requests": sum(level.spent.bill.requests.values()),
                "write_units": level.spent.bill.write_units,
                "read_units": level.spent.bill.read_units,
                "cpu_ms": round(_CPU_MS * level.spent.cpu_s),
            },
            "cpu_ms_by_step": {
                each.kind: round(_CPU_MS * each.per_step(each.cpu_s), 1)
                for each in drained
                if each.workers == 1
            },
        },
        "drains": [
            {**asdict(each), "requests": dict(each.requests), "sweep": _spent(each.sweep)}
            for each in drained
        ],
        "ticks": [
            {"waiting": each.waiting, "is_full": each.is_full, **_spent(each.spent)}
            for each in ticked
        ],
        "fairness": {**asdict(fair), "sweep": _spent(fair.sweep), "ticks": fair.ticks},
    }


def _rounded(doors: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {
        door: {name: round(value, 1) for name, value in cost.items()}
        for door, cost in sorted(doors.items())
    }


def _spent(spent: Spent) -> dict[str, Any]:
    return {
        "requests": dict(spent.bill.requests),
        "write_units": spent.bill.write_units,
        "read_units": spent.bill.read_units,
        "cpu_s": round(spent.cpu_s, 3),
    }


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 or not column else "right")
    return table
