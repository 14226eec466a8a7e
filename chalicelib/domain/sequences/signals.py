"""What happened and may move an enrollment.

Signals come from people (a task is done), from time (a wait is over), from mail (an answer) and
from the CRM (the deal is won). Those that may come before the step they concern are stored and read
again when a condition asks for them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.ids import SignalId, StepId, UserId, WireId


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCame:
    """The due index says that somebody must look; an old token is a no-op."""

    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDone:
    """A person did what a step asked; `outcome` as in `answered`, `not_answered`."""

    step_id: StepId
    by: UserId
    outcome: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSkipped:
    """A step was passed over, by a person or for being overdue; its condition goes to No (M5)."""

    step_id: StepId
    by: UserId | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAsked:
    """A person wants the drafted mail of a step to go out now."""

    step_id: StepId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAsked:
    """A person wants a mail that was held to go out by itself after all."""

    step_id: StepId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftKept:
    """A person wrote into a mail that goes out by itself later (PD-SEQ-12)."""

    step_id: StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitSkipped:
    """A person does not want to wait (Dynamics, M19)."""

    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged:
    """The steps to come are another user's: sender, assignee, giver of consent."""

    owner_id: UserId
    by: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSent:
    """SES took the mail of a step."""

    step_id: StepId
    wire_id: WireId
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailUnknown:
    """Nobody can tell whether the mail of a step went out: it becomes a task "perhaps sent"."""

    step_id: StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRefused:
    """The mail of a step can never go out."""

    step_id: StepId
    reason: "FailureReason"
    why: str = ""
    """What to mend, such as the merge field that has no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHeld:
    """The mail of a step may not go out by itself (no consent): a person must send it."""

    step_id: StepId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPostponed:
    """The mail of a step must wait: switched off, throttled, over budget."""

    step_id: StepId
    until: datetime
    why: str


class MailEvent(StrEnum):
    """What the other side did with a mail."""

    REPLIED = "replied"
    OPENED = "opened"
    CLICKED = "clicked"
    ATTACHMENT_OPENED = "attachment_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something the other side did, stored with the instant we received it.

    `step_id` is the step whose mail it answers, where known; `is_proven` is false for thread
    evidence without authentication, which pauses only.
    """

    id: SignalId
    event: MailEvent
    step_id: StepId | None
    at: datetime
    is_proven: bool = True
    is_machine: bool = False
    """A program fetched the mail before anybody read it: no condition counts that."""
    reference: str | None = None


class ExitReason(StrEnum):
    """Why an enrollment ended before its flow did."""

    REPLIED = "replied"
    REPLIED_OUT_OF_THREAD = "replied_out_of_thread"
    ORGANIZATION_REPLIED = "organization_replied"
    MEETING_BOOKED = "meeting_booked"
    ITEM_WON = "item_won"
    ITEM_LOST = "item_lost"
    ITEM_DELETED = "item_deleted"
    ITEM_CONVERTED = "item_converted"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    REMOVED_BY_USER = "removed_by_user"
    ADVANCED = "advanced"
    SEQUENCE_DEACTIVATED = "sequence_deactivated"
    SEQUENCE_DELETED = "sequence_deleted"
    OWNER_REMOVED = "owner_removed"


class FailureReason(StrEnum):
    """Why an enrollment could not go on."""

    NO_RECIPIENT = "no_recipient"
    MISSING_VARIABLE = "missing_variable"
    SENDER_UNVERIFIED = "sender_unverified"
    SEND_REJECTED = "send_rejected"
    SUPPRESSED = "suppressed"
    TEMPLATE_MISSING = "template_missing"
    FIELD_UPDATE_FAILED = "field_update_failed"


class PauseReason(StrEnum):
    """Why an enrollment stands still."""

    MANUAL = "manual"
    OUT_OF_OFFICE = "out_of_office"
    SENDER_UNAVAILABLE = "sender_unavailable"
    SEQUENCE_PAUSED = "sequence_paused"
    UNVERIFIED_REPLY = "unverified_reply"
    PARKED = "parked"
    """Taking its step failed five times: a person mends what is wrong, and resumes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A reason to leave the sequence; stored, so that hearing of it twice changes nothing."""

    id: SignalId
    reason: ExitReason
    at: datetime
    by: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceWentOn:
    """The sequence's pause is over: count it in, and go on if it was only that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAsked:
    """Somebody, or a rule, wants the enrollment to stand still."""

    reason: PauseReason
    since: datetime | None = None
    """When its clocks stopped, where that was before anybody looked."""
    until: datetime | None = None
    by: UserId | None = None


class ResumeMode(StrEnum):
    """What a pause does to what was planned."""

    SHIFT = "shift"
    """Everything moves by the length of the pause."""
    CATCH_UP = "catch_up"
    """Everything stays where it was planned; what has passed meanwhile is spread from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeAsked:
    """Go on; the clocks stood still meanwhile."""

    by: UserId | None = None
    mode: ResumeMode = ResumeMode.SHIFT


Signal = (
    TimeCame
    | TaskDone
    | TaskSkipped
    | SendAsked
    | RetryAsked
    | DraftKept
    | WaitSkipped
    | OwnerChanged
    | MailSent
    | MailUnknown
    | MailRefused
    | MailHeld
    | MailPostponed
    | Heard
    | Stopped
    | SequenceWentOn
    | PauseAsked
    | ResumeAsked
)
