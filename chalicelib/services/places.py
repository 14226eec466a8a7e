"""Who may begin today: a sequence takes only so many new enrollments a day (`max_new_per_day`).

A place is taken for a day, in the transaction that needs it; whoever finds today full gets one on
the first day that is not. So everybody who waits is looked at once, on their own day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.ids import EnrollmentId, SequenceId, StepId
from chalicelib.domain.sequences import schedule
from chalicelib.domain.sequences.enrollment import Enrollment, Status
from chalicelib.domain.sequences.settings import Settings
from chalicelib.services.decisions import Bench
from chalicelib.storage.transaction import Transaction

_DAY: Final = timedelta(days=1)
_SPREAD_OVER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """When an enrollment may begin, by the clock that counts days, and the write that takes it."""

    at: datetime
    take: Callable[[Transaction], None]


def find(sequence_id: SequenceId, enrollment_id: EnrollmentId, most: int, *, bench: Bench) -> Place:
    """Return the first place that is free: `at` is now, or a moment of a later day.

    The write belongs into the transaction that uses the place; it fails with StaleWriteError if
    somebody took the last one meanwhile.
    """
    now = bench.now()
    zone = _zone(bench)
    at = now.astimezone(ZoneInfo(zone))
    today = at.date()
    day = _first_free(bench.stores.budgets.places_from(sequence_id, today), today, most)
    if day > today:
        spread = schedule.jitter(enrollment_id, StepId(""), at_most=_SPREAD_OVER)
        at = (schedule.start_of(day, zone=zone) + spread).astimezone(ZoneInfo(zone))
    return Place(at=at, take=lambda tx: bench.stores.budgets.take_place(tx, sequence_id, day, most))


def for_pending(enrollment: Enrollment, settings: Settings, *, bench: Bench) -> Place | None:
    """Return the place that a pending enrollment needs; None if it has one, or needs none."""
    most = settings.max_new_per_day
    if enrollment.status is not Status.PENDING or most is None:
        return None
    if enrollment.planned_at is not None:
        return None  # it stands by for the place it has
    return find(enrollment.sequence_id, enrollment.id, most, bench=bench)


def _first_free(taken_by_day: dict[date, int], today: date, most: int) -> date:
    day = today
    while taken_by_day.get(day, 0) >= most:
        day += _DAY
    return day


def _zone(bench: Bench) -> str:
    """Return whose days are counted: the tenant's."""
    return bench.stores.house_rules.settings(bench.now()).time_zone
