"""How previews, simulations, and differences between flow versions are shown."""

from typing import Annotated, Any, TypedDict

from msgspec import Meta

from chalicelib.domain.sequences.diffs import Difference, StepDifference
from chalicelib.entry.shapes.answers import Instant


class PreviewText(TypedDict):
    """A mail as it would read; without an item the texts keep their braces."""

    subject: str
    body: str
    missing: Annotated[list[str], Meta(description="Values without which the mail would fail.")]


class PreviewStep(TypedDict):
    """A step: when it would be reached, acted upon and left; null: this walk misses it."""

    step_id: str
    type: str
    name: str | None
    reached_at: Instant | None
    planned_at: Instant | None
    left_at: Instant | None
    state: str | None
    why_then: str
    text: PreviewText | None


class Preview(TypedDict):
    """One walk through the flow on an imagined clock."""

    steps: list[PreviewStep]
    outcome: str | None
    ends_at: Instant | None


class DaySends(TypedDict):
    """Mails of one sender on one day."""

    day: str
    sender: int
    mails: int


class Day(TypedDict):
    """What would happen on one day."""

    day: str
    begun: int
    ended: int
    inside: Annotated[int, Meta(description="Still inside when the day ends.")]
    tasks: Annotated[int, Meta(description="Steps that people would find in their feeds.")]
    replies: int


class StepReached(TypedDict):
    """How many would come to a step."""

    step_id: str
    reached: int


class Simulation(TypedDict, total=False):
    """What many imagined items would come to; of a large one (202) only the job's id."""

    job_id: Annotated[str, Meta(description="Ask `/v1/jobs/{job_id}`; its `report` is all this.")]
    outcomes: dict[str, int]
    counts: dict[str, int]
    sends: list[DaySends]
    days: list[Day]
    steps: list[StepReached]
    cap_collisions: Annotated[int, Meta(description="How often a mail had to wait for its turn.")]
    collisions_by_cap: Annotated[
        dict[str, int],
        Meta(description="The same by cap: `account`, `sender`, `recipient_domain`."),
    ]
    median_time: Annotated[str | None, Meta(description="ISO 8601, of those that ended.")]
    picture: Annotated[str, Meta(description="SVG.")]


class FlowDifference(TypedDict):
    """What differs between two flow versions."""

    from_flow_version: int
    to_flow_version: int
    start: Difference | None
    added: list[str]
    removed: list[str]
    changed: list[StepDifference]
    settings: list[Difference]


class MigrationRow(TypedDict):
    """One in flight: where it lands, or why it stays."""

    enrollment_id: str
    item: dict[str, Any]
    step_id: str | None
    moves: bool
    begins_anew: Annotated[bool, Meta(description="The step it stands at differs.")]
    why_not: str | None
