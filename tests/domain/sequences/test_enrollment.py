"""The table of moves, and which count an enrollment is in."""

from dataclasses import replace
from itertools import product

import pytest

from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.sequences.enrollment import (
    MOVES,
    OVER,
    Count,
    Move,
    Status,
    count_of,
    move,
)
from chalicelib.domain.sequences.signals import ExitReason
from tests.builders import an_enrollment

ILLEGAL = sorted(set(product(Status, Move)) - set(MOVES))


@pytest.mark.parametrize("status, how", sorted(MOVES))
def test_every_row_of_the_table_is_a_legal_move(status: Status, how: Move) -> None:
    enrollment = replace(an_enrollment(), status=status)

    assert move(enrollment, how).status is MOVES[status, how]


@pytest.mark.parametrize("status, how", ILLEGAL)
def test_whatever_is_not_in_the_table_is_refused(status: Status, how: Move) -> None:
    enrollment = replace(an_enrollment(), status=status)

    with pytest.raises(IllegalMoveError):
        move(enrollment, how)


def test_what_is_over_is_never_looked_at_again() -> None:
    ended = move(an_enrollment(), Move.COMPLETE)

    assert ended.due_at is None
    assert ended.is_over


def test_completed_exited_and_failed_are_over() -> None:
    assert {Status.COMPLETED, Status.EXITED, Status.FAILED} == OVER


@pytest.mark.requirement("PD-SEQ-21")
@pytest.mark.parametrize(
    "status, reason, count",
    [
        (Status.PENDING, None, Count.IN_PROGRESS),
        (Status.ACTIVE, None, Count.IN_PROGRESS),
        (Status.PAUSED, "manual", Count.IN_PROGRESS),
        (Status.COMPLETED, None, Count.COMPLETED),
        (Status.EXITED, ExitReason.REPLIED, Count.COMPLETED),
        (Status.EXITED, ExitReason.MEETING_BOOKED, Count.COMPLETED),
        (Status.EXITED, ExitReason.ITEM_WON, Count.COMPLETED),
        (Status.EXITED, ExitReason.ADVANCED, Count.COMPLETED),
        (Status.EXITED, ExitReason.ITEM_LOST, Count.FAILED),
        (Status.EXITED, ExitReason.BOUNCED, Count.FAILED),
        (Status.EXITED, ExitReason.UNSUBSCRIBED, Count.FAILED),
        (Status.EXITED, ExitReason.REMOVED_BY_USER, Count.REMOVED),
        (Status.FAILED, "no_recipient", Count.FAILED),
    ],
)
def test_people_see_in_progress_completed_or_failed(
    status: Status, reason: str | None, count: Count
) -> None:
    assert count_of(status, reason) is count
