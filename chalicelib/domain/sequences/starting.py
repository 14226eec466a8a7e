"""A pending enrollment begins on the day that has a place for it (`max_new_per_day`).

To begin is a change of its own, for it takes the place; the first step is taken right after.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment, Move, Status, move
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


def place_given_up(before: Enrollment, after: Enrollment, zone: str) -> date | None:
    """Return the day whose place is free again, for who had it ends without having begun."""
    if before.status is not Status.PENDING or not after.is_over or before.planned_at is None:
        return None
    return before.planned_at.astimezone(ZoneInfo(zone)).date()


def stand_by(enrollment: Enrollment, place_at: datetime) -> Enrollment:
    """Return a pending enrollment that has a place at `place_at`."""
    why = f"its turn is on {place_at:%Y-%m-%d}: the sequence takes only so many new ones a day"
    return replace(enrollment, planned_at=place_at, due_at=place_at, why_then=why)
