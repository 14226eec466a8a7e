"""A sequence and its steps: the shape of a flow, as authors write it and as the engine walks it.

The steps are msgspec structs, so that one definition reads JSON from clients, reads it back from
storage, and is what the engine takes apart by `match`. Reading lives in `reading.py`, the rules
that a flow must satisfy before it runs in `checks.py`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.domain.crm.comparisons import Comparison, Operator
from chalicelib.domain.crm.fields import Scalar
from chalicelib.domain.crm.items import ItemKind, ItemStatus, Priority
from chalicelib.domain.ids import SequenceId, StepId, UserId
from chalicelib.domain.sequences.ab_tests import Letter, MailVersion, Metric
from chalicelib.domain.sequences.settings import Settings

ACTIVE_LIMIT: Final = 250
"""Active sequences a tenant may have at a time (D365-SEQ-26); paused ones count."""


class Base(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What every step has."""

    id: StepId
    name: str | None = None


class LinkedInAction(StrEnum):
    """The four social steps of Dynamics 365 (2.3 of its page)."""

    RESEARCH = "research"
    GET_INTRODUCED = "get_introduced"
    CONNECT = "connect"
    INMAIL = "inmail"


class EmailStep(Base, frozen=True, kw_only=True, tag="email"):
    """A mail: a draft that a person sends, or one that goes out by itself."""

    automatic: bool = False
    template_id: str | None = None
    subject: str | None = None
    body: str | None = None
    reply_to_step: StepId | None = None
    due_in: timedelta = timedelta()
    next: StepId | None = None


class AbTestStep(EmailStep, frozen=True, kw_only=True, tag="ab_test"):
    """A mail in two versions: who gets which is drawn once, and the better one is kept.

    It is a mail in every other respect; its own `subject`, `body` and `template_id` stay empty.
    """

    a: MailVersion
    b: MailVersion
    share_a: Annotated[int, Meta(ge=10, le=90)] = 50
    metric: Metric = Metric.GOAL
    ends_at: datetime | None = None
    default: Letter = Letter.A

    def version(self, letter: Letter) -> MailVersion:
        """Return one of the two."""
        return self.a if letter is Letter.A else self.b


class ActivityStep(Base, frozen=True, kw_only=True, tag="activity"):
    """A call, meeting, task … that a person does (PD-SEQ-07)."""

    activity_type: str
    subject: str
    note: str = ""
    due_in: timedelta = timedelta()
    assignee: str = "owner"
    priority: Priority = Priority.NORMAL
    next: StepId | None = None


class LinkedInStep(Base, frozen=True, kw_only=True, tag="linkedin"):
    """A social-selling step that a person does on LinkedIn."""

    action: LinkedInAction
    subject: str | None = None
    note: str = ""
    due_in: timedelta = timedelta()
    next: StepId | None = None


class WaitStep(Base, frozen=True, kw_only=True, tag="wait", rename={"wait_for": "for"}):
    """Time that passes: at most thirty days, never the last step."""

    wait_for: timedelta
    working_time: bool = False
    next: StepId | None = None


class Asked(StrEnum):
    """What a condition asks."""

    REPLIED = "replied"
    OPENED = "opened"
    CLICKED = "clicked"
    ATTACHMENT_OPENED = "attachment_opened"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    ANSWERED = "answered"
    CALL_OUTCOME = "call_outcome"
    FIELD = "field"
    STAGE = "stage"


MAIL_RESULTS: Final = frozenset(
    {Asked.REPLIED, Asked.OPENED, Asked.CLICKED, Asked.ATTACHMENT_OPENED}
)
"""What the other side may do with a mail."""


_GROUPS: Final = {"every": "all", "some": "any"}


class ConditionStep(Base, frozen=True, kw_only=True, tag="condition", rename=_GROUPS):
    """A question about the step before it, or about the item; goes on by `yes` or `no`."""

    on: Asked
    of: StepId | None = None
    within: timedelta | None = None
    at_once: bool = True
    results: tuple[Asked, ...] = ()
    outcomes: tuple[str, ...] = ()
    field: str | None = None
    operator: Operator | None = None
    value: Scalar | tuple[Scalar, ...] = None
    every: tuple[Comparison, ...] = ()
    some: tuple[Comparison, ...] = ()
    stages: tuple[str, ...] = ()
    yes: StepId | None = None
    no: StepId | None = None

    @property
    def comparison(self) -> Comparison:
        """What a condition on a field compares."""
        asked = {"field": self.field, "operator": self.operator, "value": self.value}
        return Comparison(every=self.every, some=self.some, **asked)  # type: ignore[arg-type]

    @property
    def asked_of_mail(self) -> tuple[Asked, ...]:
        """What the other side must have done with the mail, in one of them or in all."""
        return self.results or ((self.on,) if self.on in MAIL_RESULTS else ())


class ItemAction(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What becomes of the item at an end: its status is set, or a tag is added."""

    set_status: ItemStatus | None = None
    reason: str | None = None
    add_tag: str | None = None

    def __post_init__(self) -> None:
        """Insist on exactly one of the two."""
        if (self.set_status is None) == (self.add_tag is None):
            raise ValueError("give either `set_status` or `add_tag`")


class EndStep(Base, frozen=True, kw_only=True, tag="end"):
    """Where a branch stops, with an outcome, and what becomes of the item."""

    outcome: str
    item_action: ItemAction | None = None


class UpdateFieldStep(Base, frozen=True, kw_only=True, tag="update_field"):
    """Sets a field of the item by itself, as soon as the step before is done."""

    field: str
    value: Scalar
    next: StepId | None = None


class AdvanceStep(Base, frozen=True, kw_only=True, tag="advance_to_sequence"):
    """Hands the item over to another sequence; nothing follows it."""

    sequence_id: SequenceId


Step = (
    EmailStep
    | AbTestStep
    | ActivityStep
    | LinkedInStep
    | WaitStep
    | ConditionStep
    | UpdateFieldStep
    | AdvanceStep
    | EndStep
)
COUNTED: Final = (EmailStep, ActivityStep, LinkedInStep)
"""What counts as a step (requirements 1.4, rule R): not waits, conditions or ends."""


class Flow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """The step graph inside a sequence version: acyclic, branches may join."""

    start: StepId | None = None
    steps: tuple[Step, ...] = ()

    def by_id(self) -> Mapping[StepId, Step]:
        """Return the steps by id."""
        return self._step_by_id

    @cached_property
    def _step_by_id(self) -> Mapping[StepId, Step]:
        return {step.id: step for step in self.steps}


def ways_out(step: Step) -> tuple[StepId | None, ...]:
    """Return where `step` may lead; None stands for the end of the flow."""
    match step:
        case EndStep() | AdvanceStep():
            return ()
        case ConditionStep():
            return (step.yes, step.no)
        case _:
            return (step.next,)


class SequenceStatus(StrEnum):
    """Draft until first activated; only active ones take items."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    INACTIVE = "inactive"
    DELETED = "deleted"


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a sequence stood still; without `until` it still does."""

    since: datetime
    until: datetime | None = None


class Sequence(msgspec.Struct, frozen=True, kw_only=True):
    """The authored flow, for one kind of item.

    `flow` is the document as its author wrote it, so that it reads back unchanged; `flow_version`
    is the published one, None before the first activation.
    """

    id: SequenceId
    name: str
    description: str = ""
    item_kind: ItemKind = ItemKind.LEAD
    status: SequenceStatus = SequenceStatus.DRAFT
    owner_id: UserId
    business_unit: str | None = None
    tags: tuple[str, ...] = ()
    settings: Settings = Settings()
    flow: Mapping[str, object] = {}
    flow_version: int | None = None
    holds: tuple[Hold, ...] = ()
    """When it was paused, oldest first."""
    created_at: datetime
    updated_at: datetime
    version: int = 0


class FlowVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A published flow: never changed, so that whoever is in it finds it as it was."""

    sequence_id: SequenceId
    number: int
    flow: Flow
    document: Mapping[str, object] | None = None
    """The flow as its author wrote it, so that it reads back unchanged."""
    settings: Settings
    change_note: str = ""
    published_at: datetime
