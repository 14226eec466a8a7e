"""Texts of steps: which merge fields they name that their item does not have."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from chalicelib.domain.crm.items import ItemKind

_ANY: Final[frozenset[str]] = frozenset()
_ALWAYS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "item": _ANY,
        "person": _ANY,
        "organization": _ANY,
        "sender": frozenset({"name", "first_name", "email", "signature"}),
    }
)
"""Items carry a tenant's own fields beside ours, so any name below them may have a value."""


def unknown_fields(text: str, kind: ItemKind) -> list[str]:
    """Return the merge fields that `text` names and a sequence for `kind` does not have."""
    from chalicelib.domain.crm.liquid_limits import environment  # noqa: PLC0415 - imports liquid

    known = {**_ALWAYS, kind.value: _ANY}
    named = environment(is_html=False).from_string(text).analyze(include_partials=False).globals
    paths = (variable.segments for variables in named.values() for variable in variables)
    return sorted({_spelled(path) for path in paths if not _is_known(path, known)})


def _is_known(path: Sequence[object], known: Mapping[str, frozenset[str]]) -> bool:
    root, field = str(path[0]), path[1] if len(path) > 1 else None
    if root not in known or not isinstance(field, str):
        return False
    return not known[root] or (field in known[root] and not path[2:])


def _spelled(path: Sequence[object]) -> str:
    return ".".join(str(part) for part in path)
