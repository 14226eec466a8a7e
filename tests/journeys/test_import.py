"""A file of persons goes into a running stack, over its own doors, queues and bucket."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from infra.local.stack import Stack

ROOT: Final = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def test_a_file_is_imported_with_its_progress_shown(tmp_path: Path) -> None:
    file = tmp_path / "persons.csv"
    rows = [f"p-{number},Person {number},p{number}@acme.test" for number in range(60)]
    file.write_text("\n".join(["key,name,emails", *rows, "p-x,Nobody,no address"]))

    with Stack(tmp_path / "data") as stack:
        told = subprocess.run(
            (sys.executable, "-m", "infra.local", "import", str(file)),
            cwd=ROOT,
            env={**os.environ, "SEKVENS_DATA": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        again = stack.ask("GET", "/v1/persons?limit=500", token=stack.credentials["token"])

    assert "done: 60 created, 0 updated, 0 unchanged, 1 refused" in told.stdout, told.stderr
    assert "row 62: emails[0].address: Give an e-mail address" in told.stdout
    assert told.returncode == 1
    status, persons = again
    assert status == 200
    assert {f"Person {number}" for number in range(60)} <= {
        person["name"] for person in persons["data"]
    }
