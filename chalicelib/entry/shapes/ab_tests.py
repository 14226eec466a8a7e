"""How A/B tests are shown."""

from typing import Annotated, TypedDict

from msgspec import Meta

from chalicelib.domain.sequences.ab_tests import Letter, Metric, Result, TestState
from chalicelib.entry.shapes.answers import Instant


class VersionScore(TypedDict):
    """How one of the two texts does; a moment old."""

    sent: int
    hits: Annotated[int, Meta(description="How many did what the test's metric counts.")]
    rate: Annotated[float | None, Meta(description="Hits of those sent; null before the first.")]


class AbTest(TypedDict):
    """One A/B test of a sequence."""

    step_id: str
    name: str | None
    state: Annotated[
        TestState,
        Meta(
            description="`draft` until its flow is published; `in_progress`, while it is locked; "
            "`stopped` by a person; `ended` by its figures or its date. What is over stays over."
        ),
    ]
    metric: Metric
    share_a: Annotated[int, Meta(description="How many of a hundred get A.")]
    ends_at: Instant | None
    default: Annotated[Letter, Meta(description="What everybody gets if neither is better.")]
    versions: Annotated[dict[str, VersionScore], Meta(description="By letter.")]
    result: Annotated[Result | None, Meta(description="Null while it is not over.")]
    winner: Annotated[
        Letter | None, Meta(description="What everybody gets who comes to its step from now on.")
    ]
    decided_at: Instant | None
