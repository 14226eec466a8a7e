"""Runs the story on a stack of its own, prints what happened, and fails if anything differed."""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.local.demo.story import Story
from infra.local.stack import Stack, StackFailedError


def main() -> int:
    """Return 0 if the story went as it should."""
    began = time.monotonic()
    console = Console(width=118)
    console.print("Starting a stack of its own (nothing of yours is touched) …")
    with tempfile.TemporaryDirectory(prefix="sekvens-demo-") as folder:
        try:
            with console.status("Starting …") as status, Stack(Path(folder)) as stack:
                story = Story(stack, on_line=lambda line: status.update(" · ".join(line[1:])))
                story.tell()
                status.stop()
                _report(console, story)
        except StackFailedError as error:
            console.print(f"The stack failed: {error}", style="red")
            return 1
    if story.told.wrong:
        console.print("\nNot as expected:", style="red")
        for line in story.told.wrong:
            console.print(f"  {line}", style="red", markup=False)
        return 1
    console.print(f"\nEverything as expected, in {time.monotonic() - began:.0f} s.", style="green")
    return 0


def _report(console: Console, story: Story) -> None:
    console.print(_timeline(story))
    overview = story.manager.get(f"/v1/sequences/{story.sequence_id}/overview")
    expected = {"in_progress": 0, "completed": 2, "failed": 1}
    story.told.expect("overview counts", overview["counts"], expected)
    console.print(_steps(overview))
    console.print(_threads(story))


def _timeline(story: Story) -> Table:
    table = Table(title="What happened")
    for column in ("when (UTC)", "who", "what"):
        table.add_column(column)
    for at, who, what in story.told.lines:
        table.add_row(at[:16].replace("T", " "), who, what)
    return table


def _steps(overview: dict[str, Any]) -> Table:
    counts = overview["counts"]
    said = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
    table = Table(title=f"Overview of the {overview['status']} sequence: {said}")
    columns = ["step_id", "type", "reached", "waiting", "completed", "sent", "delivered"]
    columns += ["replied", "bounced"]
    for column in columns:
        table.add_column(column, justify="left" if column in {"step_id", "type"} else "right")
    for step in overview["steps"]:
        table.add_row(*(str(step[column]) for column in columns))
    return table


def _threads(story: Story) -> Table:
    table = Table(title="Threads of the salesperson")
    for column in ("subject", "messages", "linked to", "because"):
        table.add_column(column)
    for thread in story.seller.get("/v1/threads"):
        item = thread["item"]
        linked = f"{item['kind']} {_title(story, item)}" if item else "—"
        table.add_row(thread["subject"], str(thread["message_count"]), linked, thread["reason"])
    return table


def _title(story: Story, item: dict[str, str]) -> str:
    return str(story.seller.get(f"/v1/{item['kind']}s/{item['id']}")["title"])


if __name__ == "__main__":
    sys.exit(main())
