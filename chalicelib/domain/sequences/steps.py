"""What a step is called, where it leads, and what it asks of a person."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.domain.crm.items import Priority
from chalicelib.domain.ids import StepId, UserId
from chalicelib.domain.sequences.ab_tests import letter_in
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    Asked,
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
    AskUser,
    Record,
)
from chalicelib.domain.sequences.enrollment import Enrollment

_TYPES: Final[Mapping[type[Step], str]] = MappingProxyType(
    {
        EmailStep: "email",
        AbTestStep: "ab_test",
        ActivityStep: "activity",
        LinkedInStep: "linkedin",
        WaitStep: "wait",
        ConditionStep: "condition",
        UpdateFieldStep: "update_field",
        AdvanceStep: "advance_to_sequence",
        EndStep: "end",
    }
)

_Branching = ConditionStep | AdvanceStep | EndStep


def type_of(step: Step) -> str:
    """Return the step's type as the contract names it."""
    return _TYPES[type(step)]


def next_of(step: Step) -> StepId | None:
    """Return where a step without branches leads."""
    return None if isinstance(step, _Branching) else step.next


def version_of(enrollment: Enrollment, step_id: StepId) -> str | None:
    """Return which version of an A/B test the enrollment got there, if it is one."""
    letter = letter_in(enrollment.versions, step_id)
    return None if letter is None else letter.value


def goals_of(enrollment: Enrollment, now: datetime) -> tuple[Record, ...]:
    """Say for every test the enrollment took part in that it reached the goal."""
    parts = (each.split("#") for each in enrollment.versions)
    return tuple(
        Record(step_id=StepId(step_id), type="ab_test", state="goal", at=now, version=letter)
        for step_id, letter in parts
    )


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
    assignee_id, priority = enrollment.owner_id, Priority.NORMAL
    kind = "email" if isinstance(step, EmailStep) else type_of(step)
    if isinstance(step, ActivityStep):
        kind, priority = step.activity_type, step.priority
        assignee_id = enrollment.owner_id if step.assignee == "owner" else UserId(step.assignee)
    due_in = timedelta()
    if isinstance(step, EmailStep | ActivityStep | LinkedInStep):
        due_in = step.due_in
    return AskUser(
        step_id=step.id,
        type=kind,
        assignee_id=assignee_id,
        due_at=now + due_in,
        priority=priority,
        needs_outcome=needs_outcome,
    )
