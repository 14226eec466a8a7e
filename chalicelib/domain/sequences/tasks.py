"""An entry of the Pulse feed: a step that a person does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import EnrollmentId, SequenceId, StepId, TaskId, UserId
from chalicelib.domain.sequences.definition import Priority

CALL_OUTCOMES: Final = (
    "answered",
    "not_answered",
    "left_voicemail",
    "busy",
    "wrong_number",
    "call_back_later",
)
"""How a call may have gone; only `answered` is a Yes to the condition of that name."""


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A step in somebody's feed.

    Its texts stand in the flow and are rendered when it is shown, unless its user has edited them:
    then `subject` and `body` are set.
    """

    id: TaskId
    enrollment_id: EnrollmentId
    step_id: StepId
    sequence_id: SequenceId
    flow_version: int
    item: ItemRef
    type: str
    state: TaskState = TaskState.OPEN
    assignee_id: UserId
    due_at: datetime
    priority: Priority = Priority.NORMAL
    needs_outcome: bool = False
    outcome: str | None = None
    why: str = ""
    subject: str | None = None
    body: str | None = None
