"""A job: long work that somebody asked for, done page by page, with its results.

A page is the unit of progress: its results, and where the work goes on behind it, are kept
together or not at all. So whoever takes a job up again begins at a page's edge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import JobId, UserId

MOST_TRIES: Final = 5
"""So often may a page fail before its job is given up, visibly, to be tried again by hand."""
KEPT_FOR: Final = timedelta(days=30)

Row = Mapping[str, object]
"""One result, as people see it: what became of one thing of many."""


class JobKind(StrEnum):
    """What a job does; `services/jobs/kinds.py` says how."""

    ENROLL = "enroll"
    ENROLL_FOUND = "enroll_found"
    """Enroll whoever fits a filter."""
    SIMULATE = "simulate"
    MIGRATE = "migrate"
    FOLLOW = "follow"
    """Those inside a sequence follow it when it stops or goes on."""
    DEPART = "depart"
    """What a user was at goes to another, or is let go, when they leave."""
    RECOUNT = "recount"
    """Count anew what is counted in passing."""
    RETAIN = "retain"
    """Let go what a tenant keeps no longer."""
    IMPORT = "import"
    EXPORT_PERSON = "export_person"
    ERASE_PERSON = "erase_person"


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    """For a file that its asker uploads."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A bounded piece of a job's work that is done: `position` is where the next one begins."""

    rows: Sequence[Row] = ()
    done: int
    position: Mapping[str, object]
    total: int | None = None
    """How much there is in all, where only the work itself could tell."""
    report: Mapping[str, object] = field(default_factory=dict)
    """What is to be said of the whole; later pages replace it key by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Long work; `about` are its parameters as far as they are small, the rest is a file."""

    id: JobId
    kind: JobKind
    asked_by: UserId
    about: Mapping[str, object]
    state: JobState = JobState.RUNNING
    done: int = 0
    total: int | None = None
    position: Mapping[str, object] = field(default_factory=dict)
    report: Mapping[str, object] = field(default_factory=dict)
    trouble: str | None = None
    """Why it failed, in words."""
    tries: int = 0
    """How often the page at `position` was begun."""
    worker: str | None = None
    leased_until: datetime | None = None
    created_at: datetime
    ended_at: datetime | None = None
    version: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.state in {JobState.DONE, JobState.FAILED}

    def is_held(self, now: datetime) -> bool:
        """Whether somebody works on it."""
        return self.leased_until is not None and self.leased_until > now


class HopelessError(DomainError):
    """A job cannot go on, however often it is tried; what it did so far stands."""

    code: ClassVar[str] = "job_hopeless"
    sentence: ClassVar[str] = "{why}"
