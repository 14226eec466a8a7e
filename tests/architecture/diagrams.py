"""Draws docs/diagrams/ from the code, so that no drawing outlives what it shows."""

import sys
from collections.abc import Mapping
from typing import Final

from chalicelib.domain.sequences.catalog import READY_MADE
from chalicelib.domain.sequences.diagram import mermaid_of, mermaid_of_moves
from chalicelib.domain.sequences.enrollment import MOVES
from chalicelib.domain.sequences.flow_picture import picture_of
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.ready_made import product_demo
from tests.architecture.house import ROOT

DIAGRAMS: Final = ROOT / "docs" / "diagrams"
_DRAWN: Final = "Drawn by `make diagrams`; do not edit."


def text_by_name() -> Mapping[str, str]:
    """Return every file of docs/diagrams/ as it should be."""
    return {
        "moves.md": _moves(),
        "ready-made-sequences.md": _ready_made(),
        "product-demo.svg": _picture(),
    }


def _picture() -> str:
    return (
        picture_of(read_flow(product_demo.TEMPLATE.flow), title=product_demo.TEMPLATE.name) + "\n"
    )


def _moves() -> str:
    about = "Every legal move of an enrollment (`chalicelib/domain/sequences/enrollment.py`)."
    return f"# The life of an enrollment\n\n{about} {_DRAWN}\n\n{_drawing(mermaid_of_moves(MOVES))}"


def _ready_made() -> str:
    parts = [f"# The ready-made sequences\n\n{_DRAWN}\n"]
    for template in READY_MADE:
        size = f"For a {template.item_kind}: {template.step_count} steps, {template.days} days."
        drawing = _drawing(mermaid_of(read_flow(template.flow)))
        parts.append(f"## {template.name}\n\n{size}\n\n{drawing}")
    return "\n".join(parts)


def _drawing(mermaid: str) -> str:
    return f"```mermaid\n{mermaid}```\n"


if __name__ == "__main__":
    for name, text in text_by_name().items():
        if "--write" in sys.argv:
            DIAGRAMS.mkdir(parents=True, exist_ok=True)
            (DIAGRAMS / name).write_text(text)
        else:
            sys.stdout.write(text)
