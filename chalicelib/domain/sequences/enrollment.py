"""The life of one enrollment: which move is legal in which status.

Nothing here waits, sends or reads a clock. A service brings the signal, the engine names the move;
the answer is the next enrollment, or `IllegalMoveError` and nothing has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import EnrollmentId, ItemId, SequenceId, StepId, UserId, WireId
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.signals import ExitReason


class Status(StrEnum):
    """Where an enrollment stands."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    EXITED = "exited"
    FAILED = "failed"


class Move(StrEnum):
    """What may be done to a status."""

    START = "start"
    GO_ON = "go_on"
    COMPLETE = "complete"
    FAIL = "fail"
    PAUSE = "pause"
    RESUME = "resume"
    EXIT = "exit"


MOVES: Final[Mapping[tuple[Status, Move], Status]] = {
    (Status.PENDING, Move.START): Status.ACTIVE,
    (Status.PENDING, Move.PAUSE): Status.PAUSED,
    (Status.PENDING, Move.EXIT): Status.EXITED,
    (Status.ACTIVE, Move.GO_ON): Status.ACTIVE,
    (Status.ACTIVE, Move.COMPLETE): Status.COMPLETED,
    (Status.ACTIVE, Move.FAIL): Status.FAILED,
    (Status.ACTIVE, Move.PAUSE): Status.PAUSED,
    (Status.ACTIVE, Move.EXIT): Status.EXITED,
    (Status.PAUSED, Move.RESUME): Status.ACTIVE,
    (Status.PAUSED, Move.FAIL): Status.FAILED,
    (Status.PAUSED, Move.EXIT): Status.EXITED,
}
OVER: Final = frozenset(Status) - {status for status, _ in MOVES}


class Phase(StrEnum):
    """What the current step is waiting for."""

    READY = "ready"
    """Nothing: the step is to be taken at `due_at`."""
    WAITING = "waiting"
    """A wait, or a condition's deadline."""
    ASKED = "asked"
    """A person; the task stands in the feed."""
    SENDING = "sending"
    """A worker that holds the lease and may be talking to SES."""
    UNKNOWN = "unknown"
    """Word from SES whether a mail went out; at `due_at` the policy decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastStep:
    """The step behind us, for the condition that stands directly after it."""

    step_id: StepId
    arrived_at: datetime
    done_at: datetime
    outcome: str | None = None
    is_skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A worker's time-limited claim while it talks to SES."""

    owner: str
    until: datetime
    attempt: int
    lines: tuple[Record, ...] = ()
    """The history of the claim, written with what comes of it: one row less for every mail."""


@dataclass(frozen=True, kw_only=True)
class Enrollment:
    """One item inside one version of one sequence.

    `due_at` is the next instant somebody must look (the due index); `planned_at` is when the
    current step itself is planned, `why_then` says why, and `arrived_at` is when it was reached.
    `token` fences old wake-ups: it grows whenever `due_at` is set anew. `signals` counts stored
    signals, so that a reader knows it has them all.
    """

    id: EnrollmentId
    sequence_id: SequenceId
    flow_version: int
    item: ItemRef
    owner_id: UserId
    rotation: int
    zone: str = "UTC"
    """IANA zone in which days are counted, taken from recipient or sender at enrollment."""
    country: str | None = None
    """The recipient's, whose public holidays count."""
    status: Status = Status.ACTIVE
    reason: str | None = None
    outcome: str | None = None
    step_id: StepId | None = None
    phase: Phase = Phase.READY
    due_at: datetime | None = None
    arrived_at: datetime
    planned_at: datetime | None = None
    why_then: str = ""
    place_on: date | None = None
    """The day on which it may begin (`max_new_per_day`), until it does."""
    last: LastStep | None = None
    lease: Lease | None = None
    tries: int = 0
    faults: int = 0
    """How often in a row taking its step failed for a reason that will not pass by itself."""
    token: int = 1
    signals: int = 0
    paused_at: datetime | None = None
    resume_at: datetime | None = None
    clock_at: datetime | None = None
    """Up to here the pauses of its sequence are counted in."""
    approved_by: UserId | None = None
    """Who asked by hand that the mail of the current step be sent."""
    slots: tuple[str, ...] = ()
    """The places it holds for itself alone (`slots`), freed by its end; empty: its item's."""
    has_task: bool = False
    """The current step stands open in somebody's feed."""
    has_answer: bool = False
    """A condition took a reply as its Yes: later replies stop nothing."""
    mail_ahead: StepId | None = None
    """The automatic mail that goes out next if nothing happens; its owner's feed shows it."""
    edited: StepId | None = None
    """The mail that a user wrote into before it went out by itself."""
    versions: tuple[str, ...] = ()
    """Which version of every A/B test it got: `step#a`, `step#b`."""
    wire_ids: tuple[str, ...] = ()
    """The first and the latest confirmed wire ids, for In-Reply-To and References."""
    wire_steps: tuple[StepId, ...] = ()
    """The steps whose mails these are."""
    person_id: ItemId | None = None
    """Whose lead, deal or project it was when somebody looked last: where gates look first."""
    started_at: datetime
    ended_at: datetime | None = None
    version: int = 0

    @property
    def is_over(self) -> bool:
        """Whether no move is left."""
        return self.status in OVER

    def wire_id_of(self, step_id: StepId) -> WireId | None:
        """Return the confirmed wire id of a step's mail, if the head still knows it."""
        if len(self.wire_ids) != len(self.wire_steps) or step_id not in self.wire_steps:
            return None
        return WireId(self.wire_ids[self.wire_steps.index(step_id)])


def changed(enrollment: Enrollment, **changes: object) -> Enrollment:
    """Return the enrollment with some fields changed, twenty times as fast as `replace`.

    A decision changes it four or five times, and it has thirty fields: to copy them one by one was
    half of what the engine did (docs/decisions/0044). So it has no slots, and its fields are one
    dictionary.
    """
    copy = object.__new__(Enrollment)
    object.__setattr__(copy, "__dict__", enrollment.__dict__ | changes)
    return copy


class Count(StrEnum):
    """The three states people see (PD-SEQ-21); `REMOVED` is in no count."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    REMOVED = "removed"


GOALS: Final = frozenset(
    {
        ExitReason.REPLIED,
        ExitReason.REPLIED_OUT_OF_THREAD,
        ExitReason.ORGANIZATION_REPLIED,
        ExitReason.MEETING_BOOKED,
        ExitReason.ITEM_WON,
        ExitReason.ITEM_CONVERTED,
    }
)
"""What a sequence is run for: what an A/B test on its goal counts."""
COMPLETED_BY_EXIT: Final = GOALS | {ExitReason.ADVANCED}


def count_of(status: Status, reason: str | None) -> Count:
    """Return which of the three counts an enrollment is in (architecture, section 2)."""
    match status:
        case Status.PENDING | Status.ACTIVE | Status.PAUSED:
            return Count.IN_PROGRESS
        case Status.COMPLETED:
            return Count.COMPLETED
        case Status.FAILED:
            return Count.FAILED
        case Status.EXITED if reason == ExitReason.REMOVED_BY_USER:
            return Count.REMOVED
        case Status.EXITED:
            return Count.COMPLETED if reason in COMPLETED_BY_EXIT else Count.FAILED


def move(enrollment: Enrollment, how: Move) -> Enrollment:
    """Return the enrollment after `how`; every legal move is a row of MOVES."""
    try:
        status = MOVES[enrollment.status, how]
    except KeyError:
        raise IllegalMoveError(
            kind="enrollment", id=enrollment.id, status=enrollment.status, move=how
        ) from None
    due_at = None if status in OVER else enrollment.due_at
    # Whoever goes on has begun: the place of that day is used.
    place_on = enrollment.place_on if status is Status.PAUSED else None
    return changed(enrollment, status=status, due_at=due_at, place_on=place_on)
