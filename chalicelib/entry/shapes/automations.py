"""How automations and what they did are shown."""

from typing import Annotated, Any, TypedDict

from msgspec import Meta

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.automations import Trigger
from chalicelib.entry.shapes.answers import Instant
from chalicelib.entry.shapes.items import ItemName

Conditions = Annotated[
    dict[str, Any] | None,
    Meta(description="One comparison, or groups: `all` or `any` of several."),
]


class Automation(TypedDict):
    """A rule that enrolls by itself."""

    id: str
    name: str
    item_kind: ItemKind
    trigger: Trigger
    to: Annotated[list[str], Meta(description="Statuses or stages; empty: any.")]
    conditions: Conditions
    sequence_id: str
    owner_id: Annotated[str | None, Meta(description="Who works the steps; null: item's owner.")]
    on: bool
    author_id: Annotated[str, Meta(description="In whose name it enrolls.")]
    created_at: Instant
    updated_at: Instant
    version: Annotated[int, Meta(description="Grows with every write; for `If-Match`.")]


class AutomationRun(TypedDict):
    """What an automation did last with an item."""

    item: ItemName
    at: Instant
    outcome: Annotated[dict[str, Any], Meta(description="A row as enrolling answers it.")]
