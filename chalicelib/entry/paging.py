"""Which part of a list is asked for, and parts of lists that are short enough to be read whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.entry.answering import Answer, page

PAGING: Final = ("limit", "cursor")
DEFAULT_LIMIT: Final = 100
MOST_LIMIT: Final = 500

_MOST_DIGITS: Final = 15

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list is asked for; the cursor is verified."""

    limit: int
    cursor: Mapping[str, object] | None


def read_limit(given: str | None) -> int:
    """Read `limit`."""
    if given is None:
        return DEFAULT_LIMIT
    if is_number(given) and 1 <= int(given) <= MOST_LIMIT:
        return int(given)
    message = f"Give a whole number from 1 to {MOST_LIMIT}."
    raise RuleError(Problem(path="limit", code="wrong_value", message=message))


def is_number(given: str) -> bool:
    """Whether a text is a number that we would count to."""
    return given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS


def part_of(
    rows: Sequence[T],
    asked: Page,
    *,
    place: Callable[[T], str],
    show: Callable[[T], object],
) -> Answer:
    """Answer part of a list that was read whole; it goes on behind `place` of the last row.

    In the order of `place`, so that rows which come and go meanwhile move no other.
    """
    after = "" if asked.cursor is None else str(asked.cursor["after"])
    rest = sorted((row for row in rows if place(row) > after), key=place)
    shown = rest[: asked.limit]
    more = {"after": place(shown[-1])} if len(rest) > len(shown) else None
    return page([show(row) for row in shown], more)
