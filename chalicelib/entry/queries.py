"""Query parameters read as what they mean; one that cannot be read is refused, never ignored."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.entry.http import OpenRequest
from chalicelib.entry.shapes.answers import Instant

E = TypeVar("E", bound=StrEnum)


def instant_of(request: OpenRequest, name: str) -> datetime | None:
    """Read an instant, such as 2026-03-01T09:00:00Z."""
    given = request.query(name)
    if given is None:
        return None
    try:
        # A `+` of an offset arrives as a space where the client did not escape it.
        return msgspec.convert(given.replace(" ", "+"), Instant).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError):  # an offset may reach beyond the calendar
        message = "Give an instant such as 2026-03-01T09:00:00Z."
        raise RuleError(Problem(path=name, code="wrong_value", message=message)) from None


def choice_of(request: OpenRequest, name: str, kind: type[E]) -> E | None:
    """Read one of the words of `kind`."""
    given = request.query(name)
    if given is None:
        return None
    try:
        return kind(given)
    except ValueError:
        message = f"Give one of: {', '.join(kind)}."
        raise RuleError(Problem(path=name, code="wrong_value", message=message)) from None
