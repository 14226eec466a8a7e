"""What somebody gave of a thing that has many fields; `UNSET` means "leave it"."""

from typing import Any

import msgspec
from msgspec import UNSET


def fields_given(changes: msgspec.Struct) -> dict[str, Any]:
    """Return the fields that are not left alone, by name."""
    values = {name: getattr(changes, name) for name in changes.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}
