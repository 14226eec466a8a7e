"""Measures both sides in one run, kills both, prints the tables and keeps the figures as JSON."""

import json
import sys
import tempfile
import time
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console

from benchmarks.side_by_side import dbos_side, report
from benchmarks.side_by_side.costs import Cost, cost_of, with_writes
from benchmarks.side_by_side.dbos_side import DbosSide
from benchmarks.side_by_side.imports import import_ms
from benchmarks.side_by_side.kills import (
    IN_A_ROUND,
    Kills,
    at_any_instant,
    right_after_a_mail,
)
from benchmarks.side_by_side.our_side import OurSide, our_side
from benchmarks.side_by_side.sides import Side
from benchmarks.side_by_side.work import Order
from infra.local.settings import DUE_SHARDS

RESULTS: Final = Path("build/side-by-side.json")
COUNTED: Final = 20
"""So many workflows suffice to count writes: they do not depend on how many there are."""
FEW_SHARDS: Final = 2
"""Where nothing is measured but what a dead worker leaves behind, a tick need not take long."""


def main() -> None:
    """Do what the command line asks for."""
    given = _options(sys.argv[1:])
    found = Found(out=given.out)
    with _sides(given) as sides:
        # Kills first: shards that were once in use are read for ever.
        for side in sides:
            for kills in _kills(side, given):
                found.kills.append(kills)
                found.keep()
        for side in sides:
            for cost in _costs(side, given):
                found.costs.append(cost)
                found.keep()
            found.import_ms[side.name] = round(_import_ms(side))
    found.keep()
    console = Console(width=120)
    for table in (report.cost_table(found.costs), report.kill_table(found.kills)):
        console.print(table)
    print(f"\nCPU of an import, ms: {found.import_ms}")
    print(f"{report.machine()}\nEvery figure, for programs: {given.out}")


@dataclass(slots=True, kw_only=True)
class Found:
    """All figures so far: a run that is cut short keeps what it has measured."""

    out: Path
    costs: list[Cost] = field(default_factory=list)
    kills: list[Kills] = field(default_factory=list)
    import_ms: dict[str, int] = field(default_factory=dict)

    def keep(self) -> None:
        """Write them down."""
        self.out.parent.mkdir(exist_ok=True)
        told = {
            "machine": report.machine(),
            "command": sys.argv[1:],
            "import_ms": self.import_ms,
            "costs": [asdict(each) for each in self.costs],
            "kills": [asdict(each) for each in self.kills],
        }
        self.out.write_text(json.dumps(told, indent=1))


def _options(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(
        prog="python -m benchmarks.side_by_side",
        description="The same timed workflows through Sekvens and through DBOS.",
        epilog="`make bench-dbos` installs DBOS beside the project and runs this.",
        formatter_class=ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--workflows", type=int, default=1000, help="how many, of four steps each")
    parser.add_argument(
        "--flows",
        nargs="+",
        choices=("waits", "mails"),
        default=["waits", "mails"],
        help="waits: four waits; mails: wait, mail, wait, mail",
    )
    parser.add_argument("--kills", type=int, default=40, help="workers killed at any instant")
    parser.add_argument(
        "--kills-at-mail", type=int, default=20, help="workers killed right after a mail"
    )
    parser.add_argument("--seed", type=int, default=1, help="chooses the instants")
    parser.add_argument(
        "--only", choices=("sekvens", "dbos"), default=None, help="one side instead of both"
    )
    parser.add_argument("--answer", type=float, default=0.05, help="seconds SES takes, in kills")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where all figures go, as JSON")
    return parser.parse_args(arguments)


@contextmanager
def _sides(given: Namespace) -> Iterator[list[Side]]:
    sides: list[Side] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if given.only != "dbos":
            sides.append(stack.enter_context(our_side()))
        if given.only != "sekvens":
            if not dbos_side.is_installed():
                sys.exit("DBOS is not installed: run `make bench-dbos`, or give --only sekvens.")
            sides.append(DbosSide(folder))
        yield sides


def _costs(side: Side, given: Namespace) -> Iterator[Cost]:
    styles = ("threads", "async") if isinstance(side, DbosSide) else ("silent",)
    if isinstance(side, OurSide):
        side.shards = DUE_SHARDS
    with _folder() as folder:
        for style in styles:
            for flow in given.flows if given.workflows else ():
                order = _order(side, f"{style}-{flow}", folder, given, style)
                order = replace(order, flow=flow, postbox=folder / f"{style}-{flow}")
                _say(f"{side.name}: {order.count} workflows, {flow}, {style}")
                cost = cost_of(side, order)
                if isinstance(side, OurSide):
                    few = replace(order, batch=f"{order.batch}-few", style="counted")
                    few = replace(few, count=min(COUNTED, order.count))
                    cost = with_writes(cost, cost_of(side, few))
                yield cost


def _kills(side: Side, given: Namespace) -> Iterator[Kills]:
    chance = Random(given.seed)
    kills = [("told", at_any_instant), ("told", right_after_a_mail), ("silent", right_after_a_mail)]
    if isinstance(side, OurSide):
        side.shards = FEW_SHARDS
    else:
        kills = [("threads", at_any_instant), ("threads", right_after_a_mail)]
    with _folder() as folder:
        for style, kill in kills:
            rounds = given.kills if kill is at_any_instant else given.kills_at_mail
            if not rounds:
                continue
            _say(f"{side.name}: {rounds} workers killed, {kill.__name__}, {style}")
            order = _order(side, f"{style}-{kill.__name__}", folder, given, style)
            order = replace(order, count=IN_A_ROUND, first_wait_s=0.3, wait_s=0.3)
            yield kill(side, replace(order, answer_s=given.answer), chance, rounds)


def _import_ms(side: Side) -> float:
    if isinstance(side, DbosSide):
        return import_ms(str(dbos_side.PYTHON), "dbos")
    return import_ms(sys.executable, "app")


def _order(side: Side, batch: str, folder: Path, given: Namespace, style: str) -> Order:
    place = str(side.folder) if isinstance(side, DbosSide) else ""
    if isinstance(side, OurSide):
        place = str(side.settings.aws_port)
    count = given.workflows
    return Order(
        batch=batch,
        count=count,
        flow="mails",
        # All of them are to be asleep at once, and to wake at once.
        first_wait_s=max(1.0, 0.13 * count),
        wait_s=max(0.5, 0.01 * count),
        postbox=folder,
        answer_s=0.0,
        die_at=0,
        place=place,
        style=style,
    )


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _say(what: str) -> None:
    print(f"\n{time.strftime('%H:%M:%S')} {what} ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
