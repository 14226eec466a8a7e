"""Writes the computed tables of the capacity page anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from benchmarks.capacity.page import filled_in

PAGE: Final = Path(__file__).parents[2] / "docs" / "capacity.md"


def main() -> None:
    """Fill the page in."""
    ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__).parse_args()
    PAGE.write_text(filled_in(PAGE.read_text()))
    print(f"Computed anew: {PAGE.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
