"""What a sequence's own life means for those inside it: held, let go on, let go.

To pause a sequence costs one row, however many are in it: each enrollment learns of it when it is
looked at next, and stands still from then on. A pause that is over moves whatever was planned
before it by exactly as long as it lasted; `clock_at` says up to where pauses are counted in, so
that being told twice moves nothing twice.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

import msgspec

from chalicelib.domain.sequences.definition import Hold, Sequence, SequenceStatus
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.signals import ExitReason, PauseReason

MOST_HOLDS: Final = 50
"""Older pauses are forgotten: whoever was inside has been told of them."""

ENDED_BY: Final[Mapping[SequenceStatus, ExitReason]] = MappingProxyType(
    {
        SequenceStatus.INACTIVE: ExitReason.SEQUENCE_DEACTIVATED,
        SequenceStatus.DRAFT: ExitReason.SEQUENCE_DEACTIVATED,
        SequenceStatus.DELETED: ExitReason.SEQUENCE_DELETED,
    }
)
_AT_SES: Final = frozenset({Phase.SENDING, Phase.UNKNOWN})
"""What became of a mail is found out whatever its sequence does."""


class SequenceState(msgspec.Struct, frozen=True, kw_only=True):
    """Of a sequence, what those inside must heed."""

    status: SequenceStatus = SequenceStatus.ACTIVE
    holds: tuple[Hold, ...] = ()


def paused(sequence: Sequence, now: datetime) -> Sequence:
    """Return the sequence as it stands still from now on."""
    holds = (*sequence.holds, Hold(since=now))[-MOST_HOLDS:]
    return msgspec.structs.replace(
        sequence, status=SequenceStatus.PAUSED, holds=holds, updated_at=now
    )


def resumed(sequence: Sequence, now: datetime) -> Sequence:
    """Return the sequence as it goes on; the pause is over."""
    return msgspec.structs.replace(
        sequence, status=SequenceStatus.ACTIVE, holds=ended(sequence, now), updated_at=now
    )


def ended(sequence: Sequence, now: datetime) -> tuple[Hold, ...]:
    """Return the pauses, none of which still lasts."""
    return tuple(
        each if each.until else msgspec.structs.replace(each, until=now) for each in sequence.holds
    )


def must_stand(enrollment: Enrollment, state: SequenceState) -> datetime | None:
    """Return since when the enrollment should stand still with its sequence, or None."""
    is_moving = enrollment.status is Status.ACTIVE and enrollment.phase not in _AT_SES
    if state.status is not SequenceStatus.PAUSED or not is_moving or not state.holds:
        return None
    return max(counted_from(enrollment), state.holds[-1].since)


def may_go_on(enrollment: Enrollment, state: SequenceState) -> bool:
    """Whether the enrollment stands still for a pause of its sequence that is over."""
    is_held = enrollment.reason == PauseReason.SEQUENCE_PAUSED
    is_running = state.status is SequenceStatus.ACTIVE
    return enrollment.status is Status.PAUSED and is_held and is_running


def caught_up(enrollment: Enrollment, state: SequenceState) -> Enrollment:
    """Return the enrollment with every pause counted in that its clock has not heard of.

    Whatever was planned before a pause comes later by as much of the pause as the step has seen.
    """
    since = counted_from(enrollment)
    over = [hold for hold in state.holds if hold.until is not None and hold.until > since]
    is_planned = enrollment.status is Status.ACTIVE and enrollment.phase in {
        Phase.WAITING,
        Phase.READY,
    }
    if not over or not is_planned or enrollment.planned_at is None:
        return enrollment
    stood_for = sum(((hold.until or since) - max(hold.since, since) for hold in over), timedelta())
    return replace(
        enrollment,
        planned_at=enrollment.planned_at + stood_for,
        due_at=None if enrollment.due_at is None else enrollment.due_at + stood_for,
        clock_at=max(hold.until for hold in over if hold.until is not None),
    )


def counted_from(enrollment: Enrollment) -> datetime:
    """Return from when on a pause is news to the plan of the current step."""
    return max(enrollment.arrived_at, enrollment.clock_at or enrollment.arrived_at)
