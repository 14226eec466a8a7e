"""A tenant's own ready-made flows, saved from a sequence."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.fields import check_line
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import Problem
from chalicelib.domain.given import fields_given
from chalicelib.domain.ids import UserId
from chalicelib.domain.sequences.changes import flow_problems
from chalicelib.domain.sequences.definition import Flow
from chalicelib.domain.sequences.paths import count_days, count_steps
from chalicelib.domain.sequences.reading import read_what_can_be

OWN: Final = "own_"
"""What the keys of a tenant's own templates begin with."""


class OwnTemplate(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is kept; a sequence made from it is an independent copy."""

    key: str
    name: str
    item_kind: ItemKind
    flow: Mapping[str, object]
    owner_id: UserId
    created_at: datetime
    updated_at: datetime
    version: int = 0

    @property
    def step_count(self) -> int:
        """How many steps there are, without waits, conditions and ends (D365-TPL-05)."""
        return count_steps(self._read)

    @property
    def days(self) -> int:
        """How many days the longest way through takes."""
        return count_days(self._read)

    @cached_property
    def _read(self) -> Flow:
        return read_what_can_be(self.flow)[0]


class TemplateChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What its author may set."""

    name: str | UnsetType = UNSET
    flow: Mapping[str, object] | UnsetType = UNSET


def problems_of(changes: TemplateChanges) -> Iterator[Problem]:
    """Yield everything that keeps the changes from being saved."""
    if changes.name is not UNSET:
        yield from check_line("$.name", changes.name)
    if changes.flow is not UNSET:
        yield from flow_problems(changes.flow)


def applied(template: OwnTemplate, changes: TemplateChanges, *, now: datetime) -> OwnTemplate:
    """Return the template with the changes, which must have been checked; itself if none differ."""
    changed = msgspec.structs.replace(template, **fields_given(changes))
    return template if changed == template else msgspec.structs.replace(changed, updated_at=now)
