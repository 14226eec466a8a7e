"""Runs schemathesis over the whole description, against a stack of its own.

    python -m tests.fuzz 60

No 5xx, no answer that is not described, nothing lost: all its checks, the stateful ones too. The
tokens of the demo stay, or a run would end with its own.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infra.local.stack import Stack

ROOT: Final = Path(__file__).parents[1]
SCHEMATHESIS: Final = ROOT / ".venv-fuzz/bin/st"


def main(seconds: str) -> int:
    """Return schemathesis' exit code."""
    with TemporaryDirectory() as data, Stack(Path(data)) as stack:
        command = [
            *(str(SCHEMATHESIS), "--config-file", str(ROOT / "tests/schemathesis.toml"), "run"),
            f"{stack.base_url}/v1/openapi.json",
            *("--header", f"Authorization: Bearer {stack.credentials['token']}"),
            *("--checks", "all", "--max-time", seconds, "--continue-on-failure"),
            *("--exclude-operation-id", "end_token", "--warnings", "off"),
        ]
        return subprocess.run(command, check=False, cwd=data).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
