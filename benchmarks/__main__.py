"""Runs every benchmark, prints its table, and keeps the figures as JSON."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import lists, mails, steps
from benchmarks.steps import Measured
from benchmarks.world import a_world

RESULTS = Path("build/bench.json")


def main() -> None:
    """Measure, print, keep; what is over its budget is said at the end."""
    with a_world() as world:
        measured = [
            *steps.all_steps(world),
            *mails.all_mails(world),
            *steps.ticks(world),
            *lists.all_lists(world),
        ]
    Console(width=120).print(_table(measured))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([_json(each) for each in measured], indent=1))
    print(f"\nEvery request, and the same figures for programs: {RESULTS}")
    over = [each.name for each in measured if not each.is_within]
    print(f"Over budget: {', '.join(over) or 'nothing'}.")


def _table(measured: list[Measured]) -> Table:
    table = Table(title="What a step costs (DynamoDB units; budgets in brackets)")
    for column in ("operation", "write units", "read units", "table requests", "other", ""):
        table.add_column(column, justify="left" if column in {"operation", "other"} else "right")
    for each in measured:
        bill, budget = each.bill, each.budget
        other = [
            f"{name} {count}"
            for name, count in bill.requests.items()
            if not name.startswith("dynamodb.")
        ]
        table.add_row(
            each.name,
            _cell(bill.write_units, budget.write_units),
            _cell(bill.read_units, budget.read_units),
            _cell(bill.table_requests, budget.table_requests),
            ", ".join(other),
            "ok" if each.is_within else "OVER",
        )
    return table


def _cell(spent: float, limit: float | None) -> str:
    return f"{spent:g}" if limit is None else f"{spent:g} ({limit:g})"


def _json(each: Measured) -> dict[str, object]:
    return {
        "operation": each.name,
        "write_units": each.bill.write_units,
        "read_units": each.bill.read_units,
        "requests": dict(each.bill.requests),
        "lines": each.bill.lines,
        "budget": [each.budget.write_units, each.budget.read_units, each.budget.table_requests],
        "is_within": each.is_within,
    }


if __name__ == "__main__":
    main()
