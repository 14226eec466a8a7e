"""What every resource shows alike: instants, the end of a thing, a refusal."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict

from msgspec import Meta

Instant = Annotated[datetime, Meta(tz=True)]
"""A moment with its offset, such as 2026-03-01T09:00:00Z; one without is refused."""


class Deleted(TypedDict):
    """What is gone."""

    id: str
    deleted: Literal[True]


class Position(TypedDict):
    """Where a list goes on; a page may hold fewer than `limit` while there is more."""

    next_cursor: Annotated[str | None, Meta(description="Send it as `cursor`; null at the end.")]


class Fault(TypedDict):
    """One thing that is wrong."""

    path: Annotated[str, Meta(description="Where: `emails[0].address`, `body`, or a parameter.")]
    code: Annotated[str, Meta(description="Which rule, for programs.")]
    message: Annotated[str, Meta(description="What to do, for people.")]


class Problem(TypedDict):
    """A refusal (RFC 9457): nothing was changed."""

    type: Annotated[str, Meta(description="`urn:sekvens:problem:` and the code.")]
    title: str
    status: int
    code: Annotated[str, Meta(description="Which refusal, for programs.")]
    detail: Annotated[str, Meta(description="What happened and what to do, for people.")]
    errors: Annotated[list[Fault], Meta(description="Everything that is wrong, at once.")]
    request_id: Annotated[str, Meta(description="Tell us this when you need help.")]


class Health(TypedDict):
    """That the API is up."""

    status: Literal["ok"]
    now: Annotated[Instant, Meta(description="What time the API has.")]
