"""A pending enrollment begins on the day that has a place for it (`max_new_per_day`).

To begin is a change of its own, for it takes the place; the first step is taken right after.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment, Move, move
from chalicelib.domain.sequences.walk import Decision


def looked_at(enrollment: Enrollment, now: datetime, facts: Facts) -> Decision:
    """Begin, or stand by for the day on which the enrollment now has a place."""
    if facts.place_at is not None and facts.place_at > now:
        return Decision(stand_by(enrollment, facts.place_at))
    begun = replace(
        move(enrollment, Move.START),
        planned_at=None,
        arrived_at=now,
        due_at=now,
        why_then="at once: its day has come",
    )
    record = Record(step_id=enrollment.step_id, type="enrollment", state="started", at=now)
    return Decision(begun, (record,))


def place_given_up(before: Enrollment, after: Enrollment) -> date | None:
    """Return the day whose place is free again, for who had it ends without having begun."""
    return before.place_on if after.is_over else None


def stand_by(enrollment: Enrollment, place_at: datetime) -> Enrollment:
    """Return a pending enrollment that has a place on the day of `place_at`, in its zone."""
    day, at = place_at.date(), place_at.astimezone(UTC)
    why = f"its turn is on {day}: the sequence takes only so many new ones a day"
    return replace(enrollment, place_on=day, planned_at=at, due_at=at, why_then=why)
