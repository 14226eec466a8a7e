"""The figures as tables for people."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.table import Table

from benchmarks.side_by_side.costs import Cost
from benchmarks.side_by_side.kills import Kills


def machine() -> str:
    """Say where this was measured, and how busy it was."""
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    return (
        f"{at}; Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, load {load:.1f} at the end"
    )


def cost_table(costs: Sequence[Cost]) -> Table:
    """Return a column for each run."""
    table = Table(title="What four timed steps cost")
    table.add_column("")
    for each in costs:
        table.add_column(f"{each.side}\n{each.flow}, {each.style}", justify="right")
    for name, cells in _cost_rows(costs).items():
        table.add_row(name, *cells)
    return table


def _cost_rows(costs: Sequence[Cost]) -> dict[str, list[str]]:
    return {
        "workflows": [f"{each.count}" for each in costs],
        "CPU a step, ms": [f"{each.a_step(each.told.cpu_s) * 1e3:.2f}" for each in costs],
        "  of that polling queues, ms": [
            f"{each.a_step(each.told.foreign_cpu_s) * 1e3:.2f}" for each in costs
        ],
        "  of that beginning, ms a workflow": [
            f"{each.told.begun_cpu_s / each.count * 1e3:.2f}" for each in costs
        ],
        "CPU of the store apart, ms a step": [
            f"{each.a_step(each.store_cpu_s) * 1e3:.2f}" for each in costs
        ],
        "durable writes a step": [f"{each.a_step(each.writes):.2f}" for each in costs],
        "DynamoDB write units a step": [
            f"{each.a_step(each.write_units):.1f}" if each.write_units else "-" for each in costs
        ],
        "CPU of an idle minute, ms": [f"{each.told.idle_cpu_s * 1e3:.0f}" for each in costs],
        "memory ready, MB": [f"{each.told.ready_mb:.0f}" for each in costs],
        "memory with all asleep, MB": [f"{each.told.asleep_mb:.0f}" for each in costs],
        "threads with all asleep": [f"{each.told.threads}" for each in costs],
        "wall time, s": [f"{each.told.wall_s:.0f}" for each in costs],
    }


def kill_table(kills: Sequence[Kills]) -> Table:
    """Return a row for each way of killing."""
    table = Table(title="What kill -9 leaves behind")
    for column in (
        "side",
        "killed",
        "workers",
        "mails",
        "sent twice",
        "a person asked",
        "lost",
        "s to recover",
    ):
        table.add_column(column, justify="left" if column in {"side", "killed"} else "right")
    for each in kills:
        table.add_row(
            f"{each.side}, {each.style}",
            each.when,
            f"{each.killed} of {len(each.rounds)}",
            f"{each.total(lambda it: it.mails)}",
            f"{each.total(lambda it: it.twice)}",
            f"{each.total(lambda it: it.ends.with_a_person)}",
            f"{each.total(lambda it: it.ends.lost)}",
            f"{each.recovered_s:.1f}",
        )
    return table
