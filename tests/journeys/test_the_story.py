"""The demo is a test: it fails by itself if anything differs from what it expects."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.requirement("D365-TPL-07")
def test_the_whole_story_of_high_volume_prospecting_comes_out_as_told() -> None:
    told = subprocess.run(
        (sys.executable, "-m", "infra.local.demo"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert told.returncode == 0, told.stdout + told.stderr
    assert "Everything as expected" in told.stdout
