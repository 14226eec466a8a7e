"""Runs the benchmark of size: prints its tables and verdicts, and keeps the figures as JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.runner import parts, report
from benchmarks.runner.parts import alone

RESULTS: Final = Path("build/bench-runner.json")


def main() -> None:
    """Measure, print, keep."""
    parser = ArgumentParser(prog="python -m benchmarks.runner", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 and 5,000 instead of 100,000")
    parser.add_argument("--keep", type=Path, help="also write what one enrollment costs, as JSON")
    given = parser.parse_args()
    plan = parts.QUICK if given.quick else parts.FULL
    console = Console(width=120)
    walked = alone(parts.walk, plan)
    console.print(report.of_walk(walked))
    drained = alone(parts.drain, plan)
    console.print(report.of_drains(drained))
    ticked, fair = alone(parts.tick, plan)
    console.print(report.of_ticks(ticked))
    console.print(report.of_fairness(fair))
    told = report.as_json(walked, drained, ticked, fair)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(told, indent=1) + "\n")
    if given.keep:
        given.keep.write_text(json.dumps(told["one enrollment"], indent=1) + "\n")
    print(f"\nThe same figures for programs: {RESULTS}")
    print("\n".join(report.verdicts(drained, ticked, fair)))


if __name__ == "__main__":
    main()
