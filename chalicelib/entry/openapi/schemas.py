"""Types as JSON Schema: one component for each struct, shape and vocabulary that doors name."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from chalicelib.entry.openapi.doors import without_requirements

PLACE: Final = "#/components/schemas/{name}"


class Schemas:
    """The schemas of all types at once, so that what they share is written once."""

    def __init__(self, kinds: Iterable[object]) -> None:
        """Draw the types."""
        self._kinds = list(kinds)
        self._drawn, components = msgspec.json.schema_components(self._kinds, ref_template=PLACE)
        self.components: dict[str, Any] = {
            name: _plain(schema) for name, schema in sorted(components.items())
        }

    def of(self, kind: object) -> dict[str, Any]:
        """Return the schema of a type that was drawn; where nobody has said, it may be anything."""
        return {} if kind is None else _plain(self._drawn[self._kinds.index(kind)])


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop what repeats the name, and what only we understand."""
    # Through JSON, which knows no tuples: defaults may be some.
    kept = msgspec.json.decode(msgspec.json.encode(schema), type=dict[str, Any])
    kept.pop("title", None)
    if isinstance(said := kept.get("description"), str):
        kept["description"] = without_requirements(said)
    return kept
