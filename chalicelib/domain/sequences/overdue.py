"""A task that nobody works blocks its enrollment, or is skipped some time after it was due."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.durations import spoken
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.signals import TaskSkipped
from chalicelib.domain.sequences.walk import LOOK_AGAIN_AFTER, Decision


def watched(decision: Decision, facts: Facts) -> Decision:
    """See that somebody looks when the open task may be skipped."""
    if facts.skip_after is None:
        return decision
    after = decision.enrollment
    skip_at = _skip_at(after, facts)
    is_later = skip_at is not None and after.due_at is not None and skip_at < after.due_at
    if not is_later or after.status is not Status.ACTIVE:
        return decision
    return replace(decision, enrollment=replace(after, due_at=skip_at))


def skip_or_wait(enrollment: Enrollment, now: datetime, facts: Facts) -> TaskSkipped | Decision:
    """Time came at an open task: it is skipped if it is overdue by enough, else looked at later."""
    skip_at = _skip_at(enrollment, facts)
    if skip_at is None or facts.skip_after is None or enrollment.step_id is None:
        return Decision(replace(enrollment, due_at=now + LOOK_AGAIN_AFTER))
    if skip_at > now:
        return Decision(replace(enrollment, due_at=skip_at))
    why = f"nobody worked it for {spoken(facts.skip_after)} after it was due"
    return TaskSkipped(step_id=enrollment.step_id, why=why)


def _skip_at(enrollment: Enrollment, facts: Facts) -> datetime | None:
    due_at = facts.task_due_at or enrollment.planned_at
    if facts.skip_after is None or due_at is None or enrollment.phase is not Phase.ASKED:
        return None
    return due_at + facts.skip_after
