"""How jobs are shown: how far they are, and what became of every single thing."""

from typing import Annotated, Any, NotRequired, TypedDict

from msgspec import Meta

from chalicelib.domain.jobs.job import JobKind, JobState
from chalicelib.entry.shapes.answers import Instant


class JobAsked(TypedDict):
    """Work that goes on; ask `/v1/jobs/{job_id}` for it."""

    job_id: str


class Job(TypedDict):
    """Long work: how far it is, and a page of its results."""

    id: str
    kind: JobKind
    state: JobState
    done: Annotated[int, Meta(description="How many things are done.")]
    total: Annotated[int | None, Meta(description="Of how many; null: not known yet.")]
    report: Annotated[dict[str, Any], Meta(description="What is to be said of the whole.")]
    trouble: Annotated[str | None, Meta(description="Why it failed.")]
    result_url: Annotated[
        str | None, Meta(description="The results as a file, for a minute; null: there is none.")
    ]
    asked_by: str
    created_at: Instant
    ended_at: Instant | None
    results: Annotated[
        list[dict[str, Any]], Meta(description="One row for each thing, in the order asked.")
    ]


class Upload(TypedDict):
    """Where a file goes: an HTTP POST of a form, these fields first, then `file`."""

    url: str
    fields: dict[str, str]
    most_bytes: int
    expires_at: Instant


class Import(TypedDict):
    """An import of items; its progress and results are those of its job."""

    id: str
    job_id: str
    kind: str
    format: str
    state: JobState
    upload: NotRequired[Upload]
    secret_shown: NotRequired[bool]
    created_at: Instant
