"""A text as its author sees it: whether it can be read, and where values are missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.merge_fields import Fields, MissingFieldError, render

ROOTS: Final = ("item", "person", "organization", "sender", *ItemKind)
"""What every merge field begins with."""
_MOST_GAPS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A text with what could be filled in; the gaps stand in it as their author wrote them."""

    text: str
    missing: tuple[str, ...]


def fault_of(text: str) -> str | None:
    """Return why `text` is not a text of ours, or None."""
    from liquid.exceptions import LiquidError  # noqa: PLC0415 - a tenth of a second to import

    from chalicelib.domain.crm.liquid_limits import (  # noqa: PLC0415 - imports liquid
        FILTERS,
        MOST_CHARACTERS,
        environment,
        failure_of,
        first_line,
    )

    if len(text) > MOST_CHARACTERS:
        return f"it is longer than {MOST_CHARACTERS} characters"
    try:
        template = environment(is_html=False).from_string(text)
    except LiquidError as error:
        return first_line(error)
    unknown = sorted(set(template.analyze(include_partials=False).filters) - FILTERS)
    if unknown:
        return f"unknown filter {', '.join(unknown)}"
    return failure_of(template, {name: {} for name in ROOTS})


def unknown_roots(text: str) -> list[str]:
    """Return what a readable text names that no item has."""
    from chalicelib.domain.crm.liquid_limits import environment  # noqa: PLC0415 - imports liquid

    named = environment(is_html=False).from_string(text).analyze(include_partials=False).globals
    return sorted(set(named) - set(ROOTS))


def proof_of(text: str, fields: Fields, *, is_html: bool) -> Proof:
    """Render, and name every value that is missing; raises TemplateError.

    Liquid stops at the first: each is given its own name for a value until the text holds.
    """
    missing: dict[str, None] = {}
    filled: Mapping[str, object] = fields
    while len(missing) <= _MOST_GAPS:
        try:
            rendered = render(text, filled, is_html=is_html)
        except MissingFieldError as error:
            if error.field in missing:
                break  # it is named in a way that no value can be given for
            missing[error.field] = None
            filled = _filled(filled, error.field.split("."), f"{{{{ {error.field} }}}}")
        else:
            return Proof(text=rendered, missing=tuple(missing))
    return Proof(text=text, missing=tuple(missing))


def _filled(fields: Mapping[str, object], path: list[str], value: str) -> dict[str, object]:
    """Return the fields with a value at `path`."""
    name, *rest = path
    below = fields.get(name)
    inner = below if isinstance(below, Mapping) else {}
    return {**fields, name: _filled(inner, rest, value) if rest else value}
