"""What the figures of a step say of those who stand at it."""

from chalicelib.domain.sequences.figures import Figure, StepFigures


def test_who_reached_a_step_and_has_not_left_it_stands_there() -> None:
    figures = StepFigures(values={Figure.REACHED: 5, Figure.COMPLETED: 2, Figure.FAILED: 1})

    assert figures.waiting == 2


def test_fewer_than_none_never_stand_at_a_step() -> None:
    figures = StepFigures(values={Figure.REACHED: 2, Figure.COMPLETED: 3})

    assert figures.waiting == 0
