"""What queries and headers mean: one table by name, which a door's `reads` may overrule."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from chalicelib.domain.crm.items import ItemKind
from chalicelib.entry.item_queries import SortBy, SortDirection
from chalicelib.entry.paging import DEFAULT_LIMIT, MOST_LIMIT
from chalicelib.entry.shapes.answers import Instant

Flag = Literal["true", "false"]

QUERIES: Final[Mapping[str, object]] = {
    "limit": Annotated[
        int,
        Meta(
            ge=1,
            le=MOST_LIMIT,
            description="How many at most.",
            extra_json_schema={"default": DEFAULT_LIMIT},
        ),
    ],
    "cursor": Annotated[str, Meta(description="`next_cursor` of the page before.")],
    "owner_id": Annotated[str, Meta(description="Only this user's.")],
    "person_id": Annotated[str, Meta(description="Only this person's.")],
    "organization_id": Annotated[str, Meta(description="Only this organization's.")],
    "item_kind": Annotated[ItemKind, Meta(description="Only for this kind of item.")],
    "item_id": Annotated[str, Meta(description="Only this item's; together with `item_kind`.")],
    "tag": Annotated[str, Meta(description="Only with this tag.")],
    "updated_since": Annotated[Instant, Meta(description="Only what changed since.")],
    "q": Annotated[str, Meta(description="Only what has every one of these words, or beginnings.")],
    "sort": Annotated[
        str,
        Meta(
            description="By this field; `-` before it: the last first.",
            pattern="^-?(created_at|updated_at|title|name|subject|id|add_time|update_time)$",
        ),
    ],
    "sort_by": Annotated[SortBy, Meta(description="By this field; see `sort`.")],
    "sort_direction": Annotated[SortDirection, Meta(description="Which end comes first.")],
    "due_before": Annotated[Instant, Meta(description="Only what is due before.")],
    "type": Annotated[str, Meta(description="Only of this type: email, call, task, linkedin …")],
    "key": Annotated[str, Meta(description="Only the one with this key.")],
    "disconnect": Annotated[Flag, Meta(description="Let go of the items that are in it.")],
    "linked": Annotated[Flag, Meta(description="Whether an item is linked.")],
    "needs_choice": Annotated[Flag, Meta(description="Whether a person must choose.")],
}

_TEXT: Final = {"type": "string"}

IF_MATCH: Final[dict[str, Any]] = {
    "name": "If-Match",
    "in": "header",
    "description": 'The `version` that was read, in quotes: refused if it has changed (`"3"`).',
    "schema": {**_TEXT, "pattern": r'^(W/)?"?[0-9]+"?$|^\*$'},
}
IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes the request happen once: its repetition within 24 hours is answered "
    "as the first time. Choose a new one for every new request.",
    "schema": {**_TEXT, "minLength": 1, "maxLength": 255},
}


def in_path(name: str) -> dict[str, Any]:
    """Return a place of the path."""
    if name == "kind":
        schema: dict[str, Any] = {"$ref": "#/components/schemas/ItemKind"}
    else:
        schema = {**_TEXT, "minLength": 1, "maxLength": 255}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def in_query(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a query; what is said of its type is said of the parameter."""
    rest = {key: value for key, value in schema.items() if key != "description"}
    said = {"description": schema["description"]} if "description" in schema else {}
    return {"name": name, "in": "query", **said, "schema": rest}
