"""HTTP doors to automations: rules that enroll when an item is made or changes."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.comparisons import Comparison
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import AutomationId, SequenceId, UserId
from chalicelib.domain.sequences.automations import Automation, Draft, Trigger
from chalicelib.entry.http import (
    PAGING,
    Answer,
    Request,
    answers,
    created,
    data,
    deleted,
    page,
    part_of,
)
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import automations as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import automations as service

routes = Blueprint(__name__)

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=160)]
Reached = Annotated[list[str], msgspec.Meta(max_length=50)]
_REFUSALS = (RoleMissingError, StaleWriteError)


class NewAutomation(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"is_on": "on"},
):
    """The body that makes an automation."""

    name: Name
    item_kind: ItemKind
    trigger: Trigger
    to: Reached = []
    conditions: Comparison | None = None
    sequence_id: SequenceId
    owner_id: UserId | None = None
    is_on: bool = True


class AutomationChange(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"is_on": "on"},
):
    """The body that changes an automation; its kind of item stays."""

    name: Name | UnsetType = UNSET
    trigger: Trigger | UnsetType = UNSET
    to: Reached | UnsetType = UNSET
    conditions: Comparison | UnsetType | None = UNSET
    sequence_id: SequenceId | UnsetType = UNSET
    owner_id: UserId | UnsetType | None = UNSET
    is_on: bool | UnsetType = UNSET


@routes.route("/v1/automations", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.Automation)
def list_automations(request: Request) -> Answer:
    """List the automations, oldest first."""
    known = service.of_tenant(caller=request.caller, stores=request.stores)
    return part_of(known, request.page(), place=lambda it: it.id, show=_body)


@routes.route("/v1/automations", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=NewAutomation, gives=shapes.Automation, statuses=(201,), refuses=(RoleMissingError,)
)
def create_automation(request: Request) -> Answer:
    """Make an automation (PD-SEQ-30); it enrolls in the name of the caller."""
    made = service.create(
        _draft(request.body(NewAutomation)), caller=request.caller, bench=request.bench
    )
    return created(_body(made))


@routes.route("/v1/automations/{automation_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Automation)
def get_automation(request: Request, automation_id: str) -> Answer:
    """Show one automation."""
    known = AutomationId(automation_id)
    return data(_body(service.get(known, caller=request.caller, stores=request.stores)))


@routes.route("/v1/automations/{automation_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(takes=AutomationChange, gives=shapes.Automation, is_versioned=True, refuses=_REFUSALS)
def change_automation(request: Request, automation_id: str) -> Answer:
    """Change an automation, or switch it `on` and off."""
    changed = service.change(
        AutomationId(automation_id),
        _draft(request.body(AutomationChange)),
        read_version=request.if_match(),
        caller=request.caller,
        bench=request.bench,
    )
    return data(_body(changed))


@routes.route("/v1/automations/{automation_id}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, is_versioned=True, refuses=_REFUSALS)
def delete_automation(request: Request, automation_id: str) -> Answer:
    """Remove an automation; whom it has enrolled stays enrolled."""
    service.remove(
        AutomationId(automation_id),
        read_version=request.if_match(),
        caller=request.caller,
        stores=request.stores,
    )
    return deleted(automation_id)


@routes.route("/v1/automations/{automation_id}/runs", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.AutomationRun, refuses=(RoleMissingError,))
def list_automation_runs(request: Request, automation_id: str) -> Answer:
    """List what an automation did last with each item: enrolled it, or why not."""
    asked = request.page()
    found = service.runs(
        AutomationId(automation_id),
        limit=asked.limit,
        cursor=asked.cursor,
        caller=request.caller,
        stores=request.stores,
    )
    rows = [{"item": each.item, "at": each.at, "outcome": each.outcome} for each in found.rows]
    return page(rows, found.cursor)


def _draft(body: NewAutomation | AutomationChange) -> Draft:
    given = {name: getattr(body, name) for name in body.__struct_fields__}
    if given["to"] is not UNSET:
        given["to"] = tuple(given["to"])
    return Draft(**given)


def _body(it: Automation) -> dict[str, object]:
    return {
        "id": it.id,
        "name": it.name,
        "item_kind": it.item_kind,
        "trigger": it.trigger,
        "to": it.to,
        "conditions": it.conditions,
        "sequence_id": it.sequence_id,
        "owner_id": it.owner_id,
        "on": it.is_on,
        "author_id": it.author_id,
        "created_at": it.created_at,
        "updated_at": it.updated_at,
        "version": it.version,
    }
