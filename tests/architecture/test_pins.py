"""One environment: every version is pinned, once, and is the one that is installed."""

import re
from importlib.metadata import version
from typing import Final

import pytest

from tests.architecture.constraints import CONSTRAINTS, normal
from tests.architecture.house import ROOT

PIN: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[a-z0-9,]+\])?==(?P<version>[0-9][^\s;]*)")


def pinned(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))]
    pins = [PIN.fullmatch(line) for line in wanted]
    assert None not in pins, f"{file}: every line is name==version"
    return {normal(pin["name"]): pin["version"] for pin in pins if pin}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_asked_for_is_pinned_as_the_constraints_say(file: str) -> None:
    asked, constraints = pinned(file), pinned(CONSTRAINTS.name)

    assert {name: constraints.get(name) for name in asked} == asked


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_pinned_is_installed(file: str) -> None:
    asked = pinned(file)

    assert {name: version(name) for name in asked} == asked


def test_what_ships_has_a_decision() -> None:
    decided = (ROOT / "docs/decisions/0006-what-ships-to-lambda.md").read_text().replace(".", "-")

    assert [name for name in pinned("requirements.txt") if f"`{name}`" not in decided] == []


def test_nothing_of_the_tools_ships() -> None:
    assert set(pinned("requirements.txt")) & set(pinned("requirements-dev.txt")) == set()
