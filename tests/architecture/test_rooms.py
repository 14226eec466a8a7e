"""Rooms stay small, say why they are there, and leave nothing unnumbered behind."""

import ast
import re
from pathlib import Path
from statistics import median
from typing import Final

import pytest

from tests.architecture.house import ROOT, functions, modules, parsed

HOUSE: Final = [Path("app.py"), *modules("chalicelib")]
ALL: Final = [*HOUSE, *modules("infra", "benchmarks", "tests")]
PACKAGES: Final = [module for module in ALL if module.name == "__init__.py"]

MAP: Final = Path("chalicelib/__init__.py")
"""Drawn, a line or two for every room: it is as long as the house has rooms."""

MOST_LINES: Final = 300
MOST_LINES_OF_TESTS: Final = 500
MOST_LINES_OF_MOST_ROOMS: Final = 200
MOST_LINES_OF_A_FUNCTION: Final = 40


def length(module: Path) -> int:
    return len((ROOT / module).read_text().splitlines())


@pytest.mark.parametrize("module", [module for module in ALL if module != MAP], ids=str)
def test_no_room_and_no_function_outgrows_its_reader(module: Path) -> None:
    too_long = {name: n for name, n in functions(module) if n > MOST_LINES_OF_A_FUNCTION}

    assert length(module) <= (MOST_LINES_OF_TESTS if module.parts[0] == "tests" else MOST_LINES)
    assert too_long == {}


def test_most_rooms_are_smaller_still() -> None:
    rooms = [length(module) for module in HOUSE if module.name != "__init__.py"]
    lengths = [n for module in HOUSE for _, n in functions(module)]

    assert sum(n <= MOST_LINES_OF_MOST_ROOMS for n in rooms) >= 0.9 * len(rooms)
    assert median(lengths) < 10


def test_the_roof_only_assembles() -> None:
    assert length(Path("app.py")) < 60
    assert list(functions(Path("app.py"))) == []


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_a_package_says_why_it_is_there_and_holds_nothing_else(package: Path) -> None:
    tree = parsed(package)

    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@pytest.mark.parametrize("module", ALL, ids=str)
def test_what_is_left_to_do_has_a_number(module: Path) -> None:
    text = (ROOT / module).read_text()

    assert re.findall(r"# *(?:TODO|FIXME|XXX)\b(?! #\d+)", text) == []
