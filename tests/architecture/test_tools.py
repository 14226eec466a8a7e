"""The tools refuse what they are there to refuse."""

import re
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Final

import pytest
import yaml
from hypothesis import settings
from pytest_socket import SocketConnectBlockedError

from tests.architecture.house import ROOT
from tests.hypothesis_profiles import PROFILE

BANNED: Final = [
    "import datetime\n\nx = datetime.datetime.now(datetime.UTC)\n",
    "import datetime\n\nx = datetime.datetime.utcnow()\n",
    "import uuid\n\nx = uuid.uuid4()\n",
    "import random\n\nx = random.random()\n",
    "import secrets\n\nx = secrets.token_hex()\n",
    'import os\n\nx = os.environ["HOME"]\n',
    "import time\n\nx = time.time()\n",
]


def refused(source: str, file: str) -> bool:
    """Say whether ruff bans the source where it stands."""
    lint = subprocess.run(
        [
            Path(sys.executable).with_name("ruff"),
            *("check", "--quiet", "--select", "TID251", "--stdin-filename", file, "-"),
        ],
        cwd=ROOT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    return "TID251" in lint.stdout


@pytest.mark.parametrize("source", BANNED)
@pytest.mark.parametrize("room", ["domain", "storage", "services", "entry"])
def test_no_room_reads_a_clock_chance_or_the_environment(room: str, source: str) -> None:
    assert refused(source, f"chalicelib/{room}/somewhere.py")


@pytest.mark.parametrize(
    "source, room",
    [
        (BANNED[0], "gateways/clock.py"),
        (BANNED[4], "gateways/mint.py"),
        (BANNED[5], "entry/settings.py"),
    ],
)
def test_three_rooms_may(source: str, room: str) -> None:
    assert not refused(source, f"chalicelib/{room}")


def test_every_ignore_of_ruff_has_its_reason() -> None:
    config = (ROOT / "pyproject.toml").read_text()

    rules = re.findall(r'^    "[A-Z]+[0-9]*",.*$', config, re.MULTILINE)

    assert [rule for rule in rules if not re.search(r", +# \w", rule)] == []
    assert len(rules) > 20


def test_a_test_reaches_nobody_but_this_machine() -> None:
    with pytest.raises(SocketConnectBlockedError), pytest.warns(UserWarning, match="tried to use"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_test_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


def test_a_warning_fails_a_test() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_the_time_zone_of_tests_is_fixed() -> None:
    assert time.strftime("%z") == "+0545"


def test_properties_are_tried_as_hard_as_the_profile_says() -> None:
    examples = {"dev": 50, "ci": 500}

    assert {name: settings.get_profile(name).max_examples for name in examples} == examples
    assert settings.default is settings.get_profile(PROFILE)
    assert settings.get_profile("ci").derandomize


def test_make_says_what_each_target_is_for() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = makefile.partition(".PHONY:")[2].partition("\n\n")[0].replace("\\\n", " ").split()

    documented = re.findall(r"^([a-z-]+):.*## \w", makefile, re.MULTILINE)

    assert documented == phony


def test_a_hook_runs_what_make_check_runs() -> None:
    makefile = (ROOT / "Makefile").read_text()
    check = makefile.partition("\ncheck:")[2].partition("\n\n")[0].replace("$(BIN)", ".venv/bin")
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]

    linting = [line.strip() for line in check.splitlines()[1:] if "pytest" not in line]

    assert [hook["entry"] for hook in hooks] == linting
