"""From step to step: what happens when an enrollment reaches one.

A walk goes on through conditions until it stands before something that takes time, a person or a
mail, or until the flow ends. Nothing here waits, sends or reads a clock.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import conditions, passing, planning, steps, unattended
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    LinkedInStep,
    Step,
    UpdateFieldStep,
    WaitStep,
)
from chalicelib.domain.sequences.effects import (
    ChangeItem,
    CloseTask,
    Effect,
    Record,
    SendMail,
)
from chalicelib.domain.sequences.enrollment import Enrollment, LastStep, Move, Phase, changed, move

LOOK_AGAIN_AFTER: Final = passing.LOOK_AGAIN_AFTER

# Spelled where they are asked for, unions would be made anew for every step of every walk.
_Passing = ConditionStep | UpdateFieldStep
_Standing = EmailStep | AbTestStep | ActivityStep | LinkedInStep | WaitStep | AdvanceStep | EndStep


@dataclass(frozen=True, slots=True)
class Decision:
    """The next enrollment, and what the outside must do."""

    enrollment: Enrollment
    effects: tuple[Effect, ...] = ()

    def after(self, *earlier: Effect) -> "Decision":
        """Put effects before its own."""
        return Decision(self.enrollment, (*earlier, *self.effects))

    def fenced(self, before: Enrollment) -> "Decision":
        """Give the enrollment a new token if somebody must look at another instant than before."""
        after = self.enrollment
        if after.due_at == before.due_at or after.token != before.token:
            return self
        return Decision(changed(after, token=before.token + 1), self.effects)


def take(
    enrollment: Enrollment,
    flow: Flow,
    step_id: StepId | None,
    now: datetime,
    facts: Facts,
    *,
    base: datetime | None = None,
    done: tuple[Effect, ...] = (),
) -> Decision:
    """Go on from `step_id`; waits count from `base`, the end of the step before (default: now)."""
    step_by_id = flow.by_id()
    trail = list(done)
    while step_id is not None:
        step = step_by_id[step_id]
        if step_id != enrollment.step_id or enrollment.phase is not Phase.READY:
            trail.extend(steps.reached(flow, step_id, now))
            enrollment = arrived(enrollment, step_id, now)
        if not isinstance(step, _Passing):
            return _stand(enrollment, step, flow, now, facts, base or now, trail)
        passed = passing.through(enrollment, step, facts, now)
        enrollment, facts, step_id = passed.enrollment, passed.facts, passed.step_id
        trail.extend(passed.effects)
        if passed.is_stop:
            return Decision(enrollment, tuple(trail))
    return _complete(enrollment, None, now, trail)


def _stand(  # noqa: PLR0917 - where it stands, when, and what is known
    enrollment: Enrollment,
    step: _Standing,
    flow: Flow,
    now: datetime,
    facts: Facts,
    since: datetime,
    trail: list[Effect],
) -> Decision:
    """Stop before a step that takes time, a person or a mail, or that ends the flow."""
    if isinstance(step, AbTestStep):
        enrollment, drawn = unattended.drawn(enrollment, step, facts, now)
        trail.extend(drawn)
    match step:
        case EndStep():
            return _complete(enrollment, step, now, trail)
        case EmailStep() if step.automatic or enrollment.approved_by is not None:
            if conditions.is_overtaken(enrollment, step, flow, facts):
                return _overtaken(enrollment, step, flow, now, facts).after(*trail)
            return _at_mail(enrollment, step, now, facts, trail)
        case EmailStep() | ActivityStep() | LinkedInStep():
            return _at_task(enrollment, step, flow, now, trail)
        case WaitStep():
            return _at_wait(enrollment, step, flow, since, now, facts, trail)
        case AdvanceStep() if step.sequence_id in facts.closed:
            why = unattended.closed_door(step)
            standing, task = passing.before_choice(enrollment, step, why, now)
            return Decision(standing, (*trail, task))
        case AdvanceStep():
            after, handed_over = unattended.advanced(enrollment, step, now)
            return Decision(after, (*trail, *handed_over))
        case _:
            assert_never(step)


def arrived(enrollment: Enrollment, step_id: StepId | None, now: datetime) -> Enrollment:
    """Return the enrollment standing before a step that is yet to be taken."""
    return changed(
        enrollment,
        step_id=step_id,
        arrived_at=now,
        phase=Phase.READY,
        planned_at=None,
        has_task=False,
    )


def waited(enrollment: Enrollment, flow: Flow, now: datetime, facts: Facts) -> Decision:
    """The wait, or the time limit of a condition, is over."""
    step = flow.by_id()[_standing(enrollment)]
    planned_at = enrollment.planned_at or now
    base = planned_at if now - planned_at <= planning.LATE_AFTER else now
    if isinstance(step, ConditionStep):
        is_yes = conditions.verdict(enrollment, step, facts, now) is True
        return _go(enrollment, step, flow, now, facts, is_yes=is_yes, base=base)
    record = Record(step_id=step.id, type=steps.type_of(step), state="completed", at=now)
    return take(enrollment, flow, steps.next_of(step), now, facts, base=base, done=(record,))


def answered(enrollment: Enrollment, flow: Flow, now: datetime, facts: Facts) -> Decision:
    """A reply came that a condition asks for: go on at once, unless it must wait for its mail.

    An author may want the condition's full time: then the reply counts at its end.
    """
    step = flow.by_id()[_standing(enrollment)]
    match step:
        case EmailStep() if enrollment.phase in {Phase.READY, Phase.ASKED}:
            if conditions.is_overtaken(enrollment, step, flow, facts):
                return _overtaken(enrollment, step, flow, now, facts)
        case ConditionStep(at_once=True):
            if conditions.verdict(enrollment, step, facts, now) is True:
                return _go(enrollment, step, flow, now, facts, is_yes=True, base=now)
        case _:
            pass  # a mail that is perhaps out is answered when its condition is reached
    return Decision(enrollment)


def _overtaken(
    enrollment: Enrollment, step: EmailStep, flow: Flow, now: datetime, facts: Facts
) -> Decision:
    """The answer came before the mail went out: the mail stays unsent, its condition is a Yes."""
    condition = conditions.after_mail(step, flow)
    if condition is None:  # pragma: no cover - asked before
        raise AssertionError(step.id)
    closing = (CloseTask(step_id=step.id, state="cancelled"),) if enrollment.has_task else ()
    why = "answered before it was sent"
    skipped = Record(step_id=step.id, type="email", state="skipped", at=now, why=why)
    done = (*closing, skipped, *steps.reached(flow, condition.id, now))
    judged, yes = passing.judge(enrollment, condition, facts, now, is_yes=True)
    last = LastStep(step_id=step.id, arrived_at=enrollment.arrived_at, done_at=now, is_skipped=True)
    after = changed(judged, last=last, has_task=False)
    return take(after, flow, condition.yes, now, facts, base=now, done=(*done, *yes))


def _at_mail(
    enrollment: Enrollment, step: EmailStep, now: datetime, facts: Facts, trail: list[Effect]
) -> Decision:
    is_by_hand = enrollment.approved_by is not None
    planned = planning.Planned(now, "at once: somebody sent it")
    if not is_by_hand:
        planned = planning.mail(enrollment, step, now, facts.times)
    if planned.at > now:
        later = changed(
            enrollment,
            phase=Phase.READY,
            planned_at=planned.at,
            due_at=planned.at,
            why_then=planned.why,
        )
        return Decision(later, tuple(trail))
    # An instant that has come stays as it is: the index need not be written again before the mail.
    was_due = enrollment.due_at is not None and enrollment.due_at <= now
    after = changed(
        enrollment,
        phase=Phase.READY,
        planned_at=enrollment.planned_at or now,
        due_at=enrollment.due_at if was_due else now,
        why_then=planned.why,
    )
    return Decision(after, (*trail, SendMail(step_id=step.id)))


def _at_task(
    enrollment: Enrollment, step: Step, flow: Flow, now: datetime, trail: list[Effect]
) -> Decision:
    task = steps.ask(step, enrollment, flow, now)
    after = changed(
        enrollment,
        phase=Phase.ASKED,
        has_task=True,
        planned_at=task.due_at,
        due_at=now + LOOK_AGAIN_AFTER,
        why_then="when its assignee has done it",
    )
    return Decision(after, (*trail, task))


def _at_wait(  # noqa: PLR0917 - where it stands, when, and what is known
    enrollment: Enrollment,
    step: WaitStep,
    flow: Flow,
    since: datetime,
    now: datetime,
    facts: Facts,
    trail: list[Effect],
) -> Decision:
    following = flow.by_id().get(step.next or StepId(""))
    planned = planning.wait_over(enrollment, step, following, since, facts.times)
    after = changed(
        enrollment,
        phase=Phase.WAITING,
        planned_at=planned.at,
        due_at=max(planned.at, now),
        why_then=planned.why,
    )
    return Decision(after, tuple(trail))


def _go(
    enrollment: Enrollment,
    step: ConditionStep,
    flow: Flow,
    now: datetime,
    facts: Facts,
    *,
    is_yes: bool,
    base: datetime,
) -> Decision:
    after, done = passing.judge(enrollment, step, facts, now, is_yes=is_yes)
    if after.is_over:
        return Decision(after, done)
    return take(after, flow, step.yes if is_yes else step.no, now, facts, base=base, done=done)


def _complete(
    enrollment: Enrollment, end: EndStep | None, now: datetime, trail: list[Effect]
) -> Decision:
    outcome = end.outcome if end else "completed"
    after = changed(move(enrollment, Move.COMPLETE), outcome=outcome, ended_at=now, why_then="")
    trail.append(Record(step_id=end.id if end else None, type="end", state=outcome, at=now))
    if end is not None and end.item_action is not None:
        trail.append(ChangeItem(action=end.item_action))
    return Decision(after, tuple(trail))


def _standing(enrollment: Enrollment) -> StepId:
    """Return the step where a waiting enrollment stands; waiting without one cannot be."""
    if enrollment.step_id is None:  # pragma: no cover - only READY may stand after the last step
        raise AssertionError(enrollment.id)
    return enrollment.step_id
