"""From step to step: what happens when an enrollment reaches one.

A walk goes on through conditions until it stands before something that takes time, a person or a
mail, or until the flow ends. Nothing here waits, sends or reads a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, assert_never

from chalicelib.domain.ids import StepId, UserId
from chalicelib.domain.sequences import conditions, schedule
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    LinkedInStep,
    Priority,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.effects import AskUser, ChangeItem, Effect, Record, SendMail
from chalicelib.domain.sequences.enrollment import Enrollment, Move, Phase, move

LATE_AFTER: Final = timedelta(minutes=15)
"""Lateness up to this does not move what follows; more (an outage) is planned anew from now."""
LOOK_AGAIN_AFTER: Final = timedelta(days=30)
"""Nobody is forgotten: a task without deadline, a pause without end, are looked at this often."""

_TYPES: Final[Mapping[type[Step], str]] = MappingProxyType(
    {
        EmailStep: "email",
        ActivityStep: "activity",
        LinkedInStep: "linkedin",
        WaitStep: "wait",
        ConditionStep: "condition",
        EndStep: "end",
    }
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The next enrollment, and what the outside must do."""

    enrollment: Enrollment
    effects: tuple[Effect, ...] = ()

    def fenced(self, before: Enrollment) -> "Decision":
        """Give the enrollment a new token if somebody must look at another instant than before."""
        after = self.enrollment
        if after.due_at == before.due_at or after.token != before.token:
            return self
        return replace(self, enrollment=replace(after, token=before.token + 1))


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
    steps = flow.by_id()
    trail = list(done)
    since = base or now
    while True:
        if step_id is None:
            return _complete(enrollment, None, now, trail)
        step = steps[step_id]
        if step_id != enrollment.step_id or enrollment.phase is not Phase.READY:
            trail.extend(reached(flow, step_id, now))
            enrollment = arrived(enrollment, step_id, now)
        match step:
            case EndStep():
                return _complete(enrollment, step, now, trail)
            case EmailStep() if step.automatic or enrollment.approved_by is not None:
                return _at_mail(enrollment, step, now, trail)
            case EmailStep() | ActivityStep() | LinkedInStep():
                return _at_task(enrollment, step, flow, now, trail)
            case WaitStep():
                return _at_wait(enrollment, step, since, now, trail)
            case ConditionStep():
                verdict = conditions.verdict(enrollment, step, facts, now)
                if verdict is None:
                    return _at_condition(enrollment, step, trail)
                trail.append(conditions.judged(step, is_yes=verdict, now=now))
                enrollment = conditions.after_verdict(enrollment, step, is_yes=verdict)
                step_id = step.yes if verdict else step.no
            case _:
                assert_never(step)


def arrived(enrollment: Enrollment, step_id: StepId | None, now: datetime) -> Enrollment:
    """Return the enrollment standing before a step that is yet to be taken."""
    return replace(
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
    base = planned_at if now - planned_at <= LATE_AFTER else now
    if isinstance(step, ConditionStep):
        is_yes = conditions.verdict(enrollment, step, facts, now) or False
        return _go(enrollment, step, flow, now, facts, is_yes=is_yes, base=base)
    record = Record(step_id=step.id, type=type_of(step), state="completed", at=now)
    return take(enrollment, flow, next_of(step), now, facts, base=base, done=(record,))


def answered(enrollment: Enrollment, flow: Flow, now: datetime, facts: Facts) -> Decision:
    """A reply came while its condition waits: go on at once, unless its author wants the wait."""
    step = flow.by_id()[_standing(enrollment)]
    if not isinstance(step, ConditionStep) or not step.at_once:
        return Decision(enrollment)
    if not conditions.verdict(enrollment, step, facts, now):
        return Decision(enrollment)
    return _go(enrollment, step, flow, now, facts, is_yes=True, base=now)


def reached(flow: Flow, step_id: StepId | None, now: datetime) -> tuple[Record, ...]:
    """Return the line of history that says a step was reached."""
    if step_id is None:
        return ()
    kind = type_of(flow.by_id()[step_id])
    return (Record(step_id=step_id, type=kind, state="reached", at=now),)


def next_of(step: Step) -> StepId | None:
    """Return where a step without branches leads."""
    return None if isinstance(step, ConditionStep | EndStep) else step.next


def type_of(step: Step) -> str:
    """Return the step's type as the contract names it."""
    return _TYPES[type(step)]


def ask(step: Step, enrollment: Enrollment, flow: Flow, now: datetime) -> AskUser:
    """Make a Pulse task of a step; its texts are read from the flow when it is shown."""
    following = flow.by_id().get(next_of(step) or StepId(""))
    needs_outcome = isinstance(following, ConditionStep) and following.on in {
        Asked.ANSWERED,
        Asked.CALL_OUTCOME,
    }
    assignee_id, priority, kind = enrollment.owner_id, Priority.NORMAL, type_of(step)
    if isinstance(step, ActivityStep):
        kind, priority = step.activity_type, step.priority
        assignee_id = enrollment.owner_id if step.assignee == "owner" else UserId(step.assignee)
    due_in = timedelta() if isinstance(step, ConditionStep | EndStep | WaitStep) else step.due_in
    return AskUser(
        step_id=step.id,
        type=kind,
        assignee_id=assignee_id,
        due_at=now + due_in,
        priority=priority,
        needs_outcome=needs_outcome,
    )


def _at_mail(
    enrollment: Enrollment, step: EmailStep, now: datetime, trail: list[Effect]
) -> Decision:
    # An instant that has come stays as it is: the index need not be written again before the mail.
    was_due = enrollment.due_at is not None and enrollment.due_at <= now
    after = replace(
        enrollment,
        phase=Phase.READY,
        planned_at=now,
        due_at=enrollment.due_at if was_due else now,
        why_then="at once: the step before it is done",
    )
    return Decision(after, (*trail, SendMail(step_id=step.id)))


def _at_task(
    enrollment: Enrollment, step: Step, flow: Flow, now: datetime, trail: list[Effect]
) -> Decision:
    task = ask(step, enrollment, flow, now)
    after = replace(
        enrollment,
        phase=Phase.ASKED,
        has_task=True,
        planned_at=task.due_at,
        due_at=now + LOOK_AGAIN_AFTER,
        why_then="when its assignee has done it",
    )
    return Decision(after, (*trail, task))


def _at_wait(
    enrollment: Enrollment, step: WaitStep, since: datetime, now: datetime, trail: list[Effect]
) -> Decision:
    over_at = schedule.after(
        since, step.wait_for, zone=enrollment.zone, working_time=step.working_time
    )
    after = replace(
        enrollment,
        phase=Phase.WAITING,
        planned_at=over_at,
        due_at=max(over_at, now),
        why_then=f"{step.wait_for} after {since:%Y-%m-%d %H:%M} UTC",
    )
    return Decision(after, tuple(trail))


def _at_condition(enrollment: Enrollment, step: ConditionStep, trail: list[Effect]) -> Decision:
    limit = conditions.deadline(enrollment, step)
    after = replace(
        enrollment,
        phase=Phase.WAITING,
        planned_at=limit,
        due_at=limit + conditions.GRACE,
        why_then=f"no later than {limit:%Y-%m-%d %H:%M} UTC, when the answer counts as No",
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
    done = (conditions.judged(step, is_yes=is_yes, now=now),)
    after = conditions.after_verdict(enrollment, step, is_yes=is_yes)
    return take(after, flow, step.yes if is_yes else step.no, now, facts, base=base, done=done)


def _complete(
    enrollment: Enrollment, end: EndStep | None, now: datetime, trail: list[Effect]
) -> Decision:
    outcome = end.outcome if end else "completed"
    after = replace(move(enrollment, Move.COMPLETE), outcome=outcome, ended_at=now, why_then="")
    trail.append(Record(step_id=end.id if end else None, type="end", state=outcome, at=now))
    if end is not None and end.item_action is not None:
        trail.append(ChangeItem(action=end.item_action))
    return Decision(after, tuple(trail))


def _standing(enrollment: Enrollment) -> StepId:
    """Return the step where a waiting enrollment stands; waiting without one cannot be."""
    if enrollment.step_id is None:  # pragma: no cover - only READY may stand after the last step
        raise AssertionError(enrollment.id)
    return enrollment.step_id
