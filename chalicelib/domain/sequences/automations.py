"""Rules that enroll by themselves: when an item is made or changes like this, into that sequence.

A change of an item is compared with the rule; whether the item may enter is the sequence's matter.
An automation takes the same item at most once a day: what a sequence does to an item (a tag, a
field) may be the very change that an automation waits for, and the two must not chase each other.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.domain.crm.comparisons import (
    OPERATORS,
    WITH_LIST,
    WITHOUT_VALUE,
    Comparison,
    Operator,
    answer,
    leaves,
)
from chalicelib.domain.crm.field_paths import About, split_path, type_of
from chalicelib.domain.crm.items import ENROLLABLE, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import Problem
from chalicelib.domain.ids import AutomationId, SequenceId, UserId

MOST_AUTOMATIONS: Final = 100
"""Of one tenant: each change of an item is held against all of them."""
MOST_COMPARISONS: Final = 20
ONCE_IN: Final = timedelta(days=1)
"""An automation takes the same item at most so often."""
KEPT_FOR: Final = timedelta(days=90)
"""So long it is remembered what an automation did with an item."""


class Trigger(StrEnum):
    """What must happen to an item."""

    ITEM_CREATED = "item_created"
    ITEM_UPDATED = "item_updated"
    STATUS_CHANGED = "status_changed"
    STAGE_CHANGED = "stage_changed"


class Automation(msgspec.Struct, frozen=True, kw_only=True):
    """One rule; whoever made it is the one in whose name it enrolls."""

    id: AutomationId
    name: str
    item_kind: ItemKind
    trigger: Trigger
    to: tuple[str, ...] = ()
    """The statuses or stages that it waits for; empty: any."""
    conditions: Comparison | None = None
    sequence_id: SequenceId
    owner_id: UserId | None = None
    """Who works the steps; None: the item's owner."""
    is_on: bool = True
    author_id: UserId
    created_at: datetime
    updated_at: datetime
    version: int = 0


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to one item, as far as rules ask; `was` is empty for a new one."""

    event_id: str
    item: ItemRef
    is_new: bool
    status_before: ItemStatus | None = None
    status: ItemStatus
    stage_before: str | None = None
    stage: str | None = None
    owner_before: UserId | None = None
    at: datetime | None = None
    """When it happened, as far as the stream tells."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A change on its way to those who follow it."""

    tenant: str
    change: Change


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What an automation did last with an item: a row as enrolling tells it."""

    item: ItemRef
    event_id: str
    at: datetime
    outcome: Mapping[str, object]

    @property
    def kept_until(self) -> datetime:
        """Return until when it is remembered."""
        return self.at + KEPT_FOR


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Every field of an automation that its author may set."""

    name: Annotated[str, Meta(min_length=1, max_length=160)] | UnsetType = UNSET
    item_kind: ItemKind | UnsetType = UNSET
    trigger: Trigger | UnsetType = UNSET
    to: tuple[str, ...] | UnsetType = UNSET
    conditions: Comparison | UnsetType | None = UNSET
    sequence_id: SequenceId | UnsetType = UNSET
    owner_id: UserId | UnsetType | None = UNSET
    is_on: bool | UnsetType = UNSET


def fires(automation: Automation, change: Change) -> bool:
    """Whether the change is one that the automation waits for; its conditions are asked apart."""
    if not automation.is_on or automation.item_kind is not change.item.kind:
        return False
    match automation.trigger:
        case Trigger.ITEM_CREATED:
            return change.is_new
        case Trigger.ITEM_UPDATED:
            return not change.is_new
        case Trigger.STATUS_CHANGED:
            has_changed = change.status_before is not change.status
            return has_changed and _is_wanted(automation, change.status)
        case Trigger.STAGE_CHANGED:
            return change.stage_before != change.stage and _is_wanted(automation, change.stage)


def _is_wanted(automation: Automation, reached: str | None) -> bool:
    return reached is not None and (not automation.to or reached in automation.to)


def may_take(last: Run | None, change: Change, now: datetime) -> bool:
    """Whether an automation may take an item: for an event it has not heard, once a day.

    A refusal does not use up the day: what was wrong may be mended within it. What happened before
    the automation last took the item comes too late, however long it was on its way.
    """
    if last is None:
        return True
    has_taken = last.outcome.get("enrolled") is True
    is_stale = has_taken and change.at is not None and change.at < last.at
    has_rested = not has_taken or now - last.at >= ONCE_IN
    return last.event_id != change.event_id and has_rested and not is_stale


def agrees(automation: Automation, about: About) -> bool:
    """Whether the item, as it is now, fits the conditions; what cannot be answered does not."""
    return automation.conditions is None or answer(automation.conditions, about) is True


def problems_of(automation: Automation) -> Iterator[Problem]:
    """Check what the types alone do not say."""
    if automation.item_kind not in ENROLLABLE:
        kinds = ", ".join(sorted(ENROLLABLE))
        yield _wrong("$.item_kind", f"A sequence takes one of {kinds}.")
        return
    if automation.to and automation.trigger not in {Trigger.STATUS_CHANGED, Trigger.STAGE_CHANGED}:
        yield _wrong("$.to", f"`{automation.trigger}` asks for no status or stage.")
    if automation.trigger is Trigger.STATUS_CHANGED:
        yield from _status_problems(automation.to)
    if automation.trigger is Trigger.STAGE_CHANGED and automation.item_kind is not ItemKind.DEAL:
        yield _wrong("$.trigger", "Only deals have stages.")
    if automation.conditions is not None:
        yield from _condition_problems(automation.conditions, automation.item_kind)


def _status_problems(to: tuple[str, ...]) -> Iterator[Problem]:
    known = {each.value for each in ItemStatus}
    for at, status in enumerate(to):
        if status not in known:
            yield _wrong(f"$.to[{at}]", f"Give one of {', '.join(sorted(known))}.")


def _condition_problems(conditions: Comparison, kind: ItemKind) -> Iterator[Problem]:
    asked = list(leaves(conditions))
    if not asked or len(asked) > MOST_COMPARISONS:
        yield _wrong("$.conditions", f"Give 1 to {MOST_COMPARISONS} comparisons.")
    for each in asked:
        field, operator = each.field or "", each.operator or Operator.EQUALS
        if split_path(field, kind) is None:
            yield _wrong("$.conditions", f"A {kind} has no field `{field}`.")
            continue
        holds = type_of(field, kind)
        if holds is not None and operator not in OPERATORS[holds]:
            known = ", ".join(sorted(OPERATORS[holds]))
            yield _wrong("$.conditions", f"`{field}` is compared by one of {known}.")
        if operator in WITH_LIST and not isinstance(each.value, tuple):
            yield _wrong("$.conditions", f"`{operator}` needs a list as `value`.")
        if operator not in WITHOUT_VALUE and each.value is None:
            yield _wrong("$.conditions", f"`{operator}` needs a `value`.")


def _wrong(path: str, message: str) -> Problem:
    return Problem(path=path, code="wrong_value", message=message)
