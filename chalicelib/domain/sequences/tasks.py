"""An entry of the Pulse feed: a step that a person does."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.items import ItemRef, Priority
from chalicelib.domain.ids import EnrollmentId, SequenceId, StepId, TaskId, UserId
from chalicelib.domain.sequences.enrollment import Enrollment

AUTOMATIC_EMAIL: Final = "automatic_email"
"""The type of a mail that goes out by itself, in the feed."""


_EDITS_OF_A_LIFE: Final = 10_000


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
    to: tuple[str, ...] = ()
    sender_id: UserId | None = None
    """Whose address the mail comes from, if not its assignee's."""
    has_edits: bool = False
    """Of a mail ahead: its user may have written into it; that is kept beside its head."""
    is_ahead: bool = False
    """The mail goes out by itself; nobody need do anything (PD-SEQ-13)."""
    revision: int = 0
    """Grows with every edit: whoever read an older one edits anew."""

    @property
    def is_actionable(self) -> bool:
        """Whether a person is to do something."""
        return self.state is TaskState.OPEN and not self.is_ahead

    def with_draft(self, draft: "Task") -> "Task":
        """Return the task with what its user wrote in `draft`."""
        return replace(
            self, subject=draft.subject, body=draft.body, to=draft.to, sender_id=draft.sender_id
        )


def first_revision(head_version: int) -> int:
    """Return where the revisions of a task begin that its head put into the feed.

    A step may come into the feed again (held again, begun anew); no revision is of two lives of it.
    """
    return head_version * _EDITS_OF_A_LIFE


def mail_ahead_of(enrollment: Enrollment, task_id: TaskId) -> Task | None:
    """Return the feed's entry for the mail that goes out next by itself, if there is one."""
    due_at = enrollment.planned_at or enrollment.due_at
    if enrollment.mail_ahead is None or due_at is None:
        return None
    return Task(
        id=task_id,
        enrollment_id=enrollment.id,
        step_id=enrollment.mail_ahead,
        sequence_id=enrollment.sequence_id,
        flow_version=enrollment.flow_version,
        item=enrollment.item,
        type=AUTOMATIC_EMAIL,
        assignee_id=enrollment.owner_id,
        due_at=due_at,
        why=enrollment.why_then,
        has_edits=enrollment.edited == enrollment.mail_ahead,
        is_ahead=True,
    )
