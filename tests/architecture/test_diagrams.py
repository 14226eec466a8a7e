"""The drawings in docs/diagrams/ are those that `make diagrams` makes."""

from tests.architecture.diagrams import DIAGRAMS, text_by_name


def test_the_drawings_are_up_to_date() -> None:
    drawn = {path.name: path.read_text() for path in DIAGRAMS.iterdir()}

    assert drawn == text_by_name(), "draw them anew: make diagrams"
