"""How the tenant's own fields are shown."""

from typing import Annotated, TypedDict

from msgspec import Meta

from chalicelib.domain.crm.custom_fields import FieldType
from chalicelib.domain.crm.items import ItemKind
from chalicelib.entry.shapes.answers import Instant


class CustomField(TypedDict):
    """A field that the tenant has defined for a kind of items."""

    id: str
    item_kind: ItemKind
    key: Annotated[str, Meta(description="Its name in `custom_fields`.")]
    name: str
    type: FieldType
    options: Annotated[list[str], Meta(description="What may be chosen.")]
    created_at: Instant
    updated_at: Instant
    version: Annotated[int, Meta(description="Grows with every write; for `If-Match`.")]
