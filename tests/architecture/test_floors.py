"""The floors hold, and each contract that holds them fails when somebody climbs."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.house import ROOT, imports, modules

FLOORS: Final = "Floors: each imports only what lies below it"
PURE: Final = "Ground floor is pure"
CHALICE: Final = "Only the entry floor speaks Chalice"
ROWS: Final = "Row shapes stay inside storage"
ROOF: Final = "Nothing imports the roof"
GROUND: Final = "Ground floor: sequences and mail are strangers, both may use crm"

PURE_PACKAGES: Final = {"chalicelib", "flufl", "holidays", "liquid", "msgspec", "nh3", "tzdata"}
"""All that the ground floor may use beside the standard library (docs/decisions/0006)."""

IMPURE: Final = {
    *("asyncio", "concurrent", "http", "multiprocessing", "os", "queue", "random", "secrets"),
    *("select", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile"),
    *("threading", "time", "uuid"),
}
"""What of the standard library waits, sends, draws lots or reads a clock."""


def broken(tree: Path) -> set[str]:
    """Return the names of the contracts that import-linter finds broken."""
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = lint.stdout.splitlines()
    assert any(line.startswith("Contracts: ") for line in lines), lint.stdout + lint.stderr
    return {line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")}


def test_each_floor_imports_only_what_lies_below_it() -> None:
    assert broken(ROOT) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "room, line, contract",
    [
        ("domain/crm", "import chalicelib.storage.keys", FLOORS),
        ("storage", "import chalicelib.services.access", FLOORS),
        ("storage", "import chalicelib.gateways.clock", FLOORS),
        ("gateways", "import chalicelib.storage.keys", FLOORS),
        ("services", "import chalicelib.entry.settings", FLOORS),
        ("cellar", "import chalicelib.domain.ids", FLOORS),
        ("domain/crm", "import boto3", PURE),
        ("domain/crm", "import pynamodb.models", PURE),
        ("domain/crm", "import aws_lambda_powertools", PURE),
        ("services", "import chalice.app", CHALICE),
        ("storage", "import chalice.app", CHALICE),
        ("services", "import chalicelib.storage.rows.base", ROWS),
        ("entry", "import chalicelib.storage.rows.base", ROWS),
        ("entry", "import pynamodb.models", ROWS),
        ("entry", "import app", ROOF),
        ("domain/crm", "import app", ROOF),
        ("domain/mail", "import chalicelib.domain.sequences.definition", GROUND),
        ("domain/sequences", "import chalicelib.domain.mail.message", GROUND),
        ("domain/crm", "import chalicelib.domain.mail.message", GROUND),
        ("domain", "import chalicelib.domain.ids", GROUND),
    ],
)
def test_a_breach_breaks_its_contract_and_no_other(
    tmp_path: Path, room: str, line: str, contract: str
) -> None:
    shutil.copytree(ROOT / "chalicelib", tmp_path / "chalicelib")
    shutil.copy(ROOT / "app.py", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "chalicelib" / room).mkdir(exist_ok=True)
    (tmp_path / "chalicelib" / room / "__init__.py").touch()
    (tmp_path / "chalicelib" / room / "breach.py").write_text(line + "\n")

    assert broken(tmp_path) == {contract}


def test_the_ground_floor_uses_listed_packages_only() -> None:
    allowed = (PURE_PACKAGES | set(sys.stdlib_module_names)) - IMPURE

    found = {
        (str(module), name)
        for module in modules("chalicelib/domain")
        for name in imports(module)
        if name.partition(".")[0] not in allowed
    }

    assert found == set()
