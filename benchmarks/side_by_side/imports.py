"""How long a fresh process takes to load a side, above its own start."""

import subprocess
from os import environ
from statistics import median
from typing import Final

TIMES: Final = 5


def import_ms(python: str, module: str) -> float:
    """Return the median of a few processes, in processor milliseconds of the whole import."""
    bare = median(_cpu_ms(python, "pass") for _ in range(TIMES))
    return median(_cpu_ms(python, f"import {module}") for _ in range(TIMES)) - bare


def _cpu_ms(python: str, code: str) -> float:
    """Ask the process itself: what others do on the machine does not count."""
    told = subprocess.run(
        (python, "-c", f"{code}; import time; print(time.process_time())"),
        env={**environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(told.stdout.splitlines()[-1]) * 1e3
