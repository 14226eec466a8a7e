"""What the outside must now do, as frozen records; a service carries them out."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from chalicelib.domain.crm.fields import Scalar
from chalicelib.domain.crm.items import Priority
from chalicelib.domain.ids import SequenceId, StepId, UserId
from chalicelib.domain.sequences.definition import ItemAction


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """Send the automatic mail of this step, exactly once (services/delivery)."""

    step_id: StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleMail:
    """Find out what became of a mail whose worker never came back."""

    step_id: StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskUser:
    """Put a step into a user's Pulse feed; `type` is as in the contract: email, call, linkedin.

    `is_reopened` says that the task exists already and keeps what its user edited.
    """

    step_id: StepId
    type: str
    assignee_id: UserId
    due_at: datetime
    priority: Priority = Priority.NORMAL
    needs_outcome: bool = False
    why: str = ""
    is_reopened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTask:
    """Take a step out of the feed: done, skipped or cancelled."""

    step_id: StepId
    state: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItem:
    """Do to the item what an end says."""

    action: ItemAction


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField:
    """Set a field of the item."""

    step_id: StepId
    field: str
    value: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceTo:
    """Let another sequence take the item over, from its first step."""

    step_id: StepId
    sequence_id: SequenceId


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the enrollment's history; `version` is that of an A/B test.

    A struct, for every decision makes two or three: a frozen data class takes five times as long.
    """

    step_id: StepId | None
    type: str
    state: str
    at: datetime
    by: UserId | None = None
    why: str = ""
    version: str | None = None
    reason: str | None = None
    """Why the enrollment failed, where this line ends it so: the code, `why` is for people."""
    took_s: int | None = None
    """For how long the step was the current one, where this line leaves it."""


Effect = SendMail | SettleMail | AskUser | CloseTask | ChangeItem | SetField | AdvanceTo | Record
