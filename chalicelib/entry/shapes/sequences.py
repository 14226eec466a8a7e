"""How sequences, their versions, checks, templates, figures and consents are shown."""

from datetime import timedelta
from typing import Annotated, Any, Literal, TypedDict

from msgspec import Meta

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.settings import Settings
from chalicelib.entry.shapes.answers import Instant

Document = Annotated[
    dict[str, Any],
    Meta(extra_json_schema={"$ref": "#/components/schemas/Flow"}),
]
"""A flow as its author wrote it: keys that were left out stay out."""


class SequenceLine(TypedDict):
    """A sequence without its flow."""

    id: str
    name: str
    description: str
    item_kind: ItemKind
    status: SequenceStatus
    owner_id: str
    tags: list[str]
    settings: Settings
    version: Annotated[int, Meta(description="Grows with every write; for `If-Match`.")]
    flow_version: Annotated[
        int | None, Meta(description="The published flow; null before the first activation.")
    ]
    created_at: Instant
    updated_at: Instant


class Sequence(SequenceLine):
    """A sequence with its flow."""

    flow: Document


class StoppedSequence(Sequence):
    """A sequence that takes no more items."""

    disconnected: Annotated[int, Meta(description="How many items it let go.")]


class DeletedSequence(TypedDict):
    """A sequence that is gone."""

    id: str
    deleted: Literal[True]
    disconnected: Annotated[int, Meta(description="How many items it let go.")]


class FlowVersion(TypedDict):
    """A published flow; it never changes."""

    flow_version: int
    change_note: str
    published_at: Instant
    settings: Settings
    flow: Document


class StepFault(TypedDict):
    """One thing that keeps a sequence from running."""

    step_id: Annotated[str | None, Meta(description="Null: it concerns the whole flow.")]
    code: str
    message: str


class Check(TypedDict):
    """Whether a sequence may run, and everything that is in the way."""

    valid: bool
    problems: list[StepFault]


class SequenceTemplate(TypedDict):
    """A ready-made sequence to start from."""

    key: Annotated[str, Meta(description="Send it as `template_key` when you make a sequence.")]
    name: str
    item_kind: ItemKind
    step_count: Annotated[int, Meta(description="Without waits, conditions and ends.")]
    days: Annotated[int, Meta(description="How long the longest way through takes.")]
    languages: Annotated[
        list[str], Meta(description="Send one of them as `language` beside `template_key`.")
    ]
    is_own: Annotated[bool, Meta(description="The tenant saved it itself.")]
    version: Annotated[int | None, Meta(description="Of the tenant's own; for `If-Match`.")]
    flow: Document


class Consent(TypedDict):
    """Whether a user lets one sequence send in their name."""

    sequence_id: str
    user_id: str
    given: bool
    given_at: Instant | None


class Counts(TypedDict):
    """How many enrollments, exact at this moment; removed ones are in none."""

    in_progress: int
    completed: int
    failed: int


class StepFigures(TypedDict):
    """What happened at one step; a moment old."""

    step_id: str
    type: str
    name: str | None
    waiting: Annotated[int, Meta(description="How many stand at it now.")]
    reached: int
    completed: int
    skipped: int
    sent: int
    delivered: int
    opened: int
    machine_opened: Annotated[int, Meta(description="Fetched by a program; no opening.")]
    clicked: int
    replied: int
    bounced: int
    median_time: Annotated[
        timedelta | None, Meta(description="In the step, of all who left it; to within a tenth.")
    ]
    versions: Annotated[
        dict[str, dict[str, int]],
        Meta(
            description="Figures of an A/B test's versions, by letter; `goal` counts whoever "
            "answered or converted after it."
        ),
    ]


class Overview(TypedDict):
    """How a sequence goes."""

    status: SequenceStatus
    counts: Counts
    steps: list[StepFigures]
    exit_reasons: Annotated[
        dict[str, int],
        Meta(description="How many left before the end, by exit or failure reason."),
    ]
    outcomes: Annotated[dict[str, int], Meta(description="Which ends of the flow were reached.")]
    converted: Annotated[
        int, Meta(description="Items won or converted, in the sequence or after it.")
    ]
