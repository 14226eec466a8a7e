"""Steps that take no time: conditions that can be decided, fields that are set.

Whoever reaches one is past it at once, or stands before it: until an answer may come no more, or
until a person says what the item does not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.crm.field_paths import Unanswerable
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import conditions, steps, unattended
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import AdvanceStep, ConditionStep, UpdateFieldStep
from chalicelib.domain.sequences.effects import Effect
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, changed

LOOK_AGAIN_AFTER: Final = timedelta(days=30)
"""Nobody is forgotten: a task without deadline, a pause without end, are looked at this often."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The enrollment behind a step, or before it (`is_stop`), and what was done."""

    enrollment: Enrollment
    facts: Facts
    effects: tuple[Effect, ...]
    step_id: StepId | None = None
    is_stop: bool = False


def through(
    enrollment: Enrollment, step: ConditionStep | UpdateFieldStep, facts: Facts, now: datetime
) -> Passed:
    """Return what becomes of an enrollment that has reached such a step."""
    if isinstance(step, ConditionStep):
        return _condition(enrollment, step, facts, now)
    fault = unattended.fault_of(step, facts)
    if fault is not None:
        failed, record = unattended.failed(enrollment, step, fault, now)
        return Passed(failed, facts, (record,), is_stop=True)
    later, effects = unattended.updated(step, facts, now)
    return Passed(enrollment, later, effects, step.next)


def judge(
    enrollment: Enrollment, step: ConditionStep, facts: Facts, now: datetime, *, is_yes: bool
) -> tuple[Enrollment, tuple[Effect, ...]]:
    """Note how a condition was decided; a reply that came too late for it is still a reply."""
    after = conditions.after_verdict(enrollment, step, facts, is_yes=is_yes)
    done = (conditions.judged(step, is_yes=is_yes, now=now),)
    if not is_yes and facts.exit_on_reply and conditions.has_late_reply(enrollment, step, facts):
        return unattended.answered_late(after, done, now)
    goals = steps.goals_of(after, now) if after.has_answer and not enrollment.has_answer else ()
    return after, (*done, *goals)


def before_choice(
    enrollment: Enrollment, step: ConditionStep | AdvanceStep, why: str, now: datetime
) -> tuple[Enrollment, Effect]:
    """Stand until the owner has decided."""
    after = changed(
        enrollment,
        phase=Phase.ASKED,
        has_task=True,
        planned_at=now,
        due_at=now + LOOK_AGAIN_AFTER,
        why_then=why,
    )
    return after, unattended.choice(enrollment, step, why, now)


def _condition(enrollment: Enrollment, step: ConditionStep, facts: Facts, now: datetime) -> Passed:
    verdict = conditions.verdict(enrollment, step, facts, now)
    if verdict is None:
        return Passed(_until_deadline(enrollment, step), facts, (), is_stop=True)
    if isinstance(verdict, Unanswerable):
        why, record = unattended.unanswered(step, verdict, now)
        standing, task = before_choice(enrollment, step, why, now)
        return Passed(standing, facts, (record, task), is_stop=True)
    after, effects = judge(enrollment, step, facts, now, is_yes=verdict)
    way = step.yes if verdict else step.no
    return Passed(after, facts, effects, way, is_stop=after.is_over)


def _until_deadline(enrollment: Enrollment, step: ConditionStep) -> Enrollment:
    limit = conditions.deadline(enrollment, step)
    return changed(
        enrollment,
        phase=Phase.WAITING,
        planned_at=limit,
        due_at=limit + conditions.GRACE,
        why_then=(
            f"No, unless an answer has come by {limit:%Y-%m-%d %H:%M} UTC; told two minutes later, "
            "for an answer may still be on its way"
        ),
    )
