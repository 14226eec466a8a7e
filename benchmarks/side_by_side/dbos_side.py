"""DBOS as a side: a SQLite file, and workers from the environment that has DBOS."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Final

from benchmarks.side_by_side.sides import Ends, Running
from benchmarks.side_by_side.work import Order
from infra.local.settings import PROJECT

PYTHON: Final = PROJECT / ".venv-bench" / "bin" / "python"
_CHANGES_AT: Final = 24
"""Where a SQLite file counts its write transactions (sqlite.org/fileformat2.html, 1.3.7)."""


def is_installed() -> bool:
    """Whether `make bench-dbos` has made the environment."""
    return PYTHON.exists()


@dataclass(slots=True)
class DbosSide:
    """DBOS with its embedded default, SQLite, set up as its documentation says."""

    folder: Path
    name: str = "DBOS"

    @property
    def database(self) -> Path:
        """The one file."""
        return self.folder / "dbos.sqlite"

    def prepare(self, order: Order) -> None:
        """Make nothing: a workflow's arguments are all it knows."""

    def start(self, order: Order) -> Running:
        """Start the worker in its own environment."""
        command = (str(PYTHON), "-m", "benchmarks.side_by_side.dbos_worker", *order.arguments())
        return Running(command, {**environ, "PYTHONPATH": str(PROJECT)})

    def durable_writes(self) -> float:
        """Read the file's own count: SQLite raises it with every write transaction."""
        if not self.database.exists():
            return 0
        with self.database.open("rb") as file:
            file.seek(_CHANGES_AT)
            return int.from_bytes(file.read(4), "big")

    def store_cpu_s(self) -> float:
        """Return 0: the store is the worker's own process."""
        return 0

    def ends(self, order: Order) -> Ends:
        """Ask for the state of every workflow."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute(
                "SELECT status FROM workflow_status WHERE workflow_uuid LIKE ?",
                (f"{order.batch}-%",),
            ).fetchall()
        ended = sum(status == "SUCCESS" for (status,) in rows)
        return Ends(ended=ended, lost=order.count - ended)
