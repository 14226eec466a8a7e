"""Where an enrollment stands: the task at its current step, and what stops, holds and frees it."""

from datetime import datetime, timedelta

from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import StepId, UserId
from chalicelib.domain.sequences import conditions, planning, steps
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import ConditionStep, Flow
from chalicelib.domain.sequences.effects import CloseTask, Record
from chalicelib.domain.sequences.enrollment import (
    GOALS,
    Enrollment,
    Move,
    Phase,
    Status,
    changed,
    move,
)
from chalicelib.domain.sequences.signals import (
    ExitReason,
    PauseAsked,
    ResumeMode,
)
from chalicelib.domain.sequences.walk import LOOK_AGAIN_AFTER, Decision


def insist_on_task(enrollment: Enrollment, step_id: str, wish: str) -> None:
    """Raise IllegalMoveError unless the step is the current one and asked of a person."""
    is_current = enrollment.step_id == step_id and enrollment.phase is Phase.ASKED
    if not is_current or enrollment.status is not Status.ACTIVE:
        raise IllegalMoveError(
            kind="enrollment", id=enrollment.id, status=enrollment.status, move=wish
        )


def closing(enrollment: Enrollment, state: str) -> tuple[CloseTask, ...]:
    """Close the task of the current step, if it stands in a feed."""
    is_edited = enrollment.edited is not None and enrollment.edited == enrollment.step_id
    if enrollment.step_id is None or not (enrollment.has_task or is_edited):
        return ()
    return (CloseTask(step_id=enrollment.step_id, state=state),)


def stopped(
    enrollment: Enrollment, reason: ExitReason, now: datetime, *, by: UserId | None = None
) -> Decision:
    """Leave the sequence; hearing of it again changes nothing."""
    if enrollment.is_over:
        return Decision(enrollment)
    after = changed(move(enrollment, Move.EXIT), reason=reason, ended_at=now, why_then="")
    record = Record(
        step_id=enrollment.step_id, type="exit", state=reason, at=now, by=by, why=reason
    )
    goals = steps.goals_of(after, now) if reason in GOALS and not enrollment.has_answer else ()
    return Decision(after, (*closing(enrollment, "cancelled"), record, *goals))


def pause(enrollment: Enrollment, signal: PauseAsked, now: datetime) -> Decision:
    """Stand still: every clock of the enrollment does."""
    after = changed(
        move(enrollment, Move.PAUSE),
        reason=signal.reason,
        paused_at=signal.since or now,
        resume_at=signal.until,
        due_at=signal.until or now + LOOK_AGAIN_AFTER,
    )
    record = Record(
        step_id=enrollment.step_id,
        type="pause",
        state="paused",
        at=now,
        by=signal.by,
        why=signal.reason,
    )
    return Decision(after, (record,))


def resume(
    enrollment: Enrollment,
    flow: Flow,
    now: datetime,
    facts: Facts,
    *,
    by: UserId | None,
    mode: ResumeMode = ResumeMode.SHIFT,
) -> Decision:
    """Go on where the clocks stood still: everything planned moves by the length of the pause.

    To catch up, what was planned stays, and what has passed is spread from now on: never a blast.
    A condition that was answered meanwhile is looked at at once.
    """
    planned_at = _planned_at(enrollment, now, mode)
    shifted = changed(enrollment, planned_at=planned_at)
    step = flow.by_id().get(enrollment.step_id or StepId(""))
    grace, is_answered = timedelta(), False
    if isinstance(step, ConditionStep) and enrollment.phase is Phase.WAITING:
        grace = conditions.GRACE
        is_answered = conditions.verdict(shifted, step, facts, now) is True
    waits_until = now if is_answered else (planned_at or now) + grace
    due_at = {
        Phase.WAITING: waits_until,
        Phase.ASKED: now + LOOK_AGAIN_AFTER,
    }.get(enrollment.phase, now)
    after = changed(
        move(enrollment, Move.RESUME),
        reason=None,
        paused_at=None,
        resume_at=None,
        clock_at=now,
        planned_at=planned_at,
        due_at=due_at,
    )
    record = Record(step_id=enrollment.step_id, type="pause", state="resumed", at=now, by=by)
    return Decision(after, (record,))


def _planned_at(enrollment: Enrollment, now: datetime, mode: ResumeMode) -> datetime | None:
    stood_for = now - (enrollment.paused_at or now)
    planned_at = enrollment.planned_at
    if planned_at is None or mode is ResumeMode.SHIFT:
        return planned_at and planned_at + stood_for
    if planned_at > now or enrollment.phase is Phase.ASKED:
        return planned_at
    return planning.spread_from(enrollment, now, stood_for)
