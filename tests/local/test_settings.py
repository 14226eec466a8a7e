"""What the command line, the environment and the emulator's version may say."""

from pathlib import Path

import pytest

from infra.local.emulator import require_version
from infra.local.emulator_door import without_delays
from infra.local.ports import CannotStartError
from infra.local.settings import environment_for, parse


def test_nothing_said_means_the_ports_of_the_readme() -> None:
    command, settings = parse([], {})

    assert command == "run"
    assert (settings.port, settings.smtp_port, settings.aws_port) == (8000, 2525, 4566)
    assert settings.data == Path.cwd() / ".local"


def test_an_option_beats_its_variable() -> None:
    _, settings = parse(["--port", "8002"], {"SEKVENS_PORT": "8001", "SEKVENS_SMTP_PORT": "2526"})

    assert (settings.port, settings.smtp_port) == (8002, 2526)


def test_the_functions_find_their_names_in_the_environment() -> None:
    _, settings = parse(["--aws-port", "4000"], {})

    environment = environment_for(settings, mac_keys="a:x")

    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4000"
    assert environment["DUE_QUEUE_URL"] == "http://127.0.0.1:4000/000000000000/sekvens-local-due"


@pytest.mark.parametrize("found", ["1.4.21", "1.5.32", "0.9"])
def test_an_old_emulator_is_refused(found: str) -> None:
    with pytest.raises(CannotStartError, match=r"1\.5\.33"):
        require_version(found)


@pytest.mark.parametrize("found", ["1.5.33", "1.10.0", "2.0.0"])
def test_a_newer_emulator_is_taken(found: str) -> None:
    require_version(found)


def test_messages_are_delivered_at_once() -> None:
    assert without_delays({"DelaySeconds": 9, "MessageBody": "x"})["DelaySeconds"] == 0
    assert without_delays({"Entries": [{"Id": "1", "DelaySeconds": 9}]}) == {
        "Entries": [{"Id": "1", "DelaySeconds": 0}]
    }
