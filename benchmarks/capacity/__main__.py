"""Writes the computed tables of the capacity page anew."""

from pathlib import Path
from typing import Final

from benchmarks.capacity.page import filled_in

PAGE: Final = Path(__file__).parents[2] / "docs" / "capacity.md"


def main() -> None:
    """Fill the page in."""
    PAGE.write_text(filled_in(PAGE.read_text()))
    print(f"Computed anew: {PAGE.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
