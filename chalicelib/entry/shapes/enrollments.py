"""How enrollments and the tasks they put into a feed are shown."""

from typing import Annotated, Literal, NotRequired, TypedDict

from msgspec import Meta

from chalicelib.domain.crm.items import ItemKind, Priority
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.domain.sequences.tasks import TaskState
from chalicelib.entry.shapes.answers import Instant
from chalicelib.entry.shapes.items import ItemName

StatusOrCount = Annotated[
    Literal[
        "in_progress", "removed", "pending", "active", "paused", "completed", "exited", "failed"
    ],
    Meta(description="Only with this status, or in this count."),
]


class EnrollingRow(TypedDict):
    """What became of one item; rows come in the order asked."""

    item_id: str
    enrolled: bool
    enrollment_id: NotRequired[str]
    code: NotRequired[Annotated[str, Meta(description="Why not: `not_found`, `item_closed` …")]]
    message: NotRequired[str]
    warnings: Annotated[list[str], Meta(description="`consent_missing`, `sender_unverified`.")]


class Enrollment(TypedDict):
    """One item inside one version of one sequence."""

    id: str
    sequence_id: str
    flow_version: int
    item: ItemName
    owner_id: str
    status: Status
    reason: Annotated[str | None, Meta(description="Why it is paused, or ended as it did.")]
    outcome: Annotated[str | None, Meta(description="What the end of the flow says.")]
    current_step_id: str | None
    due_at: Annotated[Instant | None, Meta(description="When the current step is planned.")]
    why_then: Annotated[str, Meta(description="Why at that instant.")]
    started_at: Instant
    ended_at: Instant | None
    version: int


class HistoryLine(TypedDict):
    """One thing that happened."""

    step_id: str | None
    type: str
    state: str
    at: Instant
    by: Annotated[str | None, Meta(description="The user who did it, if any.")]
    why: str


class EnrollmentWithHistory(Enrollment):
    """An enrollment with all that happened in it, oldest first."""

    history: list[HistoryLine]


class TaskItem(TypedDict):
    """The item a task is about."""

    kind: ItemKind
    id: str
    title: Annotated[str | None, Meta(description="Null: the item is gone.")]


_Envelope = TypedDict(
    "_Envelope",
    {
        "from": Annotated[str | None, Meta(description="Of a mail: the sender's address.")],
        "to": Annotated[list[str], Meta(description="Of a mail: who gets it.")],
    },
)


class Task(_Envelope):
    """A step that a person does, in their Pulse feed."""

    id: str
    type: Annotated[
        str, Meta(description="email, automatic_email, call, task, linkedin, your own …")
    ]
    actionable: Annotated[
        bool, Meta(description="False: it is over, or goes out by itself (automatic_email).")
    ]
    enrollment_id: str
    sequence_id: str
    step_id: str
    item: TaskItem
    subject: str
    body: str
    note: str
    due_at: Instant
    priority: Priority
    assignee_id: str
    state: TaskState
    outcome: str | None
    missing: Annotated[
        tuple[str, ...], Meta(description="Merge fields of the draft that have no value.")
    ]
    why: str


class WorkedRow(TypedDict):
    """What became of one entry; rows come in the order asked."""

    id: str
    done: bool
    code: NotRequired[Annotated[str, Meta(description="Why not.")]]
    message: NotRequired[str]


class DoneStep(TypedDict):
    """A step that is behind an item."""

    step_id: str
    type: str
    name: str | None
    state: Annotated[str, Meta(description="completed, sent, skipped, yes, no, failed.")]
    at: Instant
    by: str | None


class CurrentStep(TypedDict):
    """The step an item stands at."""

    step_id: str
    type: str
    name: str | None
    due_at: Instant | None
    why_then: str
    task: Annotated[Task | None, Meta(description="What a person does about it, if anything.")]


class ComingStep(TypedDict):
    """A step that may follow."""

    step_id: str
    type: str
    name: str | None
    when: Annotated[Literal["next", "yes", "no"], Meta(description="After which answer.")]


class Connectable(TypedDict):
    """A sequence that would take the item."""

    id: str
    name: str


class UpNext(TypedDict):
    """What is shown beside an item; `enrollment` is null if it was never in a sequence."""

    enrollment: Enrollment | None
    done: list[DoneStep]
    current: CurrentStep | None
    coming: list[ComingStep]
    connectable: Annotated[
        list[Connectable], Meta(description="If it is in no sequence now: which would take it.")
    ]
