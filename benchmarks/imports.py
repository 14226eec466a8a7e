"""What a cold start imports: every function of Lambda beside boto3 with the same clients.

Run as `python -m benchmarks.imports [FUNCTION …]`. Each figure is processor time, the median of ten
fresh processes; a function takes turns with its bare twin, so that what disturbs the machine
disturbs both. The last rows add the rooms that the API opens when they are first asked for.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table

ROOT: Final = Path(__file__).parents[1]
BUDGET: Final = 1.25
"""Import of a door over `import boto3` with the same clients (architecture, section 8)."""
PROCESSES: Final = 10
FIRST_REQUESTS: Final = ("/v1/leads", "/v1/threads", "/v1/sequences", "/v1/docs")

_CLIENT_BY_ACTION: Final[Mapping[str, str]] = {
    "dynamodb": "dynamodb",
    "s3": "s3",
    "ses": "sesv2",
    "sqs": "sqs",
}
_BARE: Final = """
import sys, time
begun_at = time.process_time()
import boto3
for client in sys.argv[1].split():
    boto3.client(client, region_name="eu-west-1")
print(time.process_time() - begun_at, len(sys.modules))
"""
_OURS: Final = """
import sys, time
begun_at = time.process_time()
import app, boto3
for client in sys.argv[1].split():
    boto3.client(client, region_name="eu-west-1")
if sys.argv[2]:
    from chalicelib.entry.rooms import rooms_along
    app.app.enter(rooms_along(sys.argv[2]))
print(time.process_time() - begun_at, len(sys.modules))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One function, or the API with its first request: seconds beside the bare ones."""

    name: str
    ours_s: float
    bare_s: float
    modules: int

    @property
    def ratio(self) -> float:
        """How many times the bare start."""
        return self.ours_s / self.bare_s


def clients_of(function: str) -> list[str]:
    """Return the clients that a function's policy gives it a use for."""
    policy = json.loads((ROOT / ".chalice" / f"policy-{function}.json").read_text())
    actions = [action for each in policy["Statement"] for action in _listed(each["Action"])]
    services = {action.partition(":")[0] for action in actions}
    return sorted(_CLIENT_BY_ACTION[each] for each in services if each in _CLIENT_BY_ACTION)


def measured(function: str, first_request: str = "", *, processes: int = PROCESSES) -> Line:
    """Start both by turns, each in a process of its own, and take the medians."""
    handler = "app" if function == "api_handler" else function
    clients = " ".join(clients_of(function))
    ours, bare, modules = [], [], 0
    for _ in range(processes):
        bare.append(_started(_BARE, handler, clients)[0])
        took_s, modules = _started(_OURS, handler, clients, first_request)
        ours.append(took_s)
    return Line(
        name=f"{handler} {first_request}".strip(),
        ours_s=median(ours),
        bare_s=median(bare),
        modules=modules,
    )


def _started(code: str, handler: str, *arguments: str) -> tuple[float, int]:
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, "_HANDLER": f"app.{handler}"},
        capture_output=True,
        text=True,
        check=True,
    )
    took_s, modules = run.stdout.split()
    return float(took_s), int(modules)


def _listed(action: str | list[str]) -> list[str]:
    return [action] if isinstance(action, str) else action


def main() -> None:
    """Measure every function and the first requests, print the table, say what is over."""
    functions = json.loads((ROOT / ".chalice" / "config.json").read_text())["lambda_functions"]
    lines = [measured(each) for each in sys.argv[1:] or functions]
    first = [measured("api_handler", path) for path in FIRST_REQUESTS if not sys.argv[1:]]
    table = Table(title=f"Import of a door (budget {BUDGET} of bare boto3)")
    for column in ("function", "ms", "bare ms", "ratio", "modules"):
        table.add_column(column, justify="left" if column == "function" else "right")
    for each in (*lines, *first):
        table.add_row(
            each.name,
            f"{each.ours_s * 1000:.0f}",
            f"{each.bare_s * 1000:.0f}",
            f"{each.ratio:.2f}",
            str(each.modules),
        )
    Console(width=80).print(table)
    over = [each.name for each in lines if each.ratio > BUDGET]
    print(f"Over budget: {', '.join(over) or 'nothing'}.")


if __name__ == "__main__":
    main()
