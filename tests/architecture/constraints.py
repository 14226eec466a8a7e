"""Writes constraints.txt from what is installed, so that every machine installs the same."""

import re
import sys
from importlib.metadata import distributions
from typing import Final

from tests.architecture.house import ROOT

CONSTRAINTS: Final = ROOT / "constraints.txt"
_HEAD: Final = """\
# Every version of the one environment, direct and indirect. `make setup` installs under it;
# `make constraints` writes it anew from what is installed.
"""


def pins() -> dict[str, str]:
    """Return the installed version of every distribution, by its normal name."""
    return {normal(each.metadata["Name"]): each.version for each in distributions()}


def normal(name: str) -> str:
    """Return the one spelling that package indexes use (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def text() -> str:
    """Return the file."""
    return _HEAD + "".join(f"{name}=={version}\n" for name, version in sorted(pins().items()))


if __name__ == "__main__":
    if "--write" in sys.argv:
        CONSTRAINTS.write_text(text())
    else:
        sys.stdout.write(text())
