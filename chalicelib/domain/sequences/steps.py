"""What a step is called, where it leads, and what it asks of a person."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.domain.ids import StepId, UserId
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
from chalicelib.domain.sequences.effects import (
    AskUser,
    Record,
)
from chalicelib.domain.sequences.enrollment import Enrollment

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


def type_of(step: Step) -> str:
    """Return the step's type as the contract names it."""
    return _TYPES[type(step)]


def next_of(step: Step) -> StepId | None:
    """Return where a step without branches leads."""
    return None if isinstance(step, ConditionStep | EndStep) else step.next


def reached(flow: Flow, step_id: StepId | None, now: datetime) -> tuple[Record, ...]:
    """Return the line of history that says a step was reached."""
    if step_id is None:
        return ()
    kind = type_of(flow.by_id()[step_id])
    return (Record(step_id=step_id, type=kind, state="reached", at=now),)


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
