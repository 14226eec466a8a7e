"""Where the .venv or the AWS settings are missing, a program says so in one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

TENANT = ["tenant", "create", "--name", "N", "--email", "a@n.test"]
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


def said(module: str, *given: str, flags: str, settings: dict[str, str]) -> tuple[int, str]:
    """Run one of our programs with no settings but these."""
    run = subprocess.run(
        [sys.executable, *flags.split(), module, *given],
        cwd=ROOT,
        env={"HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize(
    "module, given",
    [("infra.ops", ["--help"]), ("infra.local", ["doctor"]), ("infra.deploy", ["--help"])],
)
def test_outside_the_venv_a_program_says_which_python_to_use(
    module: str, given: list[str], tmp_path: Path
) -> None:
    # Without site-packages any Python is as bare as the one of the machine.
    code, text = said(module, *given, flags="-S -m", settings={"PYTHONPATH": str(tmp_path)})

    assert code == 1
    assert text.count("\n") == 1
    assert ".venv/bin/python" in text


@pytest.mark.parametrize(
    "where, settings, sentence",
    [
        (["--stage", "dev"], {}, "Which region?"),
        (["--stage", "dev"], {"AWS_DEFAULT_REGION": "eu-west-1"}, "No AWS credentials"),
        (["--table", "t"], {"AWS_DEFAULT_REGION": "eu-west-1"}, "No AWS credentials"),
    ],
)
def test_an_operator_without_aws_settings_is_told_which(
    where: list[str], settings: dict[str, str], sentence: str
) -> None:
    code, text = said("infra.ops", *where, *TENANT, flags="-m", settings=settings)

    assert (code, text.count("\n")) == (2, 1)
    assert text.startswith(sentence)


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "No AWS credentials"),
        (KEYS, "Which region?"),
    ],
)
def test_a_deployment_without_aws_settings_is_told_which(
    settings: dict[str, str], sentence: str
) -> None:
    code, text = said("infra.deploy", flags="-m", settings=settings)

    assert (code, text.count("\n")) == (1, 1)
    assert text.startswith(sentence)
