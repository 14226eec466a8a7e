"""Query parameters of the lists of items: filters, words to search, order."""

from collections.abc import Mapping
from typing import Final, Literal

from chalicelib.domain.crm.item_filter import ItemFilter, Order, Sorting
from chalicelib.domain.crm.items import ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.searching import FEWEST_CHARACTERS, words_asked
from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.entry.http import OpenRequest
from chalicelib.entry.queries import choice_of, instant_of

SortBy = Literal[
    "created_at", "updated_at", "title", "name", "subject", "id", "add_time", "update_time"
]
SortDirection = Literal["asc", "desc"]

_EVERY_KIND: Final = (
    "owner_id",
    "status",
    "tag",
    "q",
    "updated_since",
    "sort",
    "sort_by",
    "sort_direction",
)
_NAMED: Final[Mapping[ItemKind, tuple[str, ...]]] = {
    ItemKind.LEAD: ("person_id", "organization_id"),
    ItemKind.DEAL: ("person_id", "organization_id"),
    ItemKind.PROJECT: ("person_id", "organization_id"),
    ItemKind.PERSON: ("organization_id",),
    ItemKind.ACTIVITY: ("person_id", "organization_id", "item_kind", "item_id"),
}
_ORDERS: Final[Mapping[str, Order]] = {
    "created_at": Order.CREATED,
    "updated_at": Order.UPDATED,
    "title": Order.TITLE,
    "name": Order.TITLE,
    "subject": Order.TITLE,
    "id": Order.CREATED,
    "add_time": Order.CREATED,
    "update_time": Order.UPDATED,
}
"""Orders by our names and by Pipedrive's; ids grow with time."""


def filters_of(kind: ItemKind) -> tuple[str, ...]:
    """Return the parameters that a list of this kind takes."""
    return (*_EVERY_KIND, *_NAMED.get(kind, ()))


def wanted_by(request: OpenRequest, kind: ItemKind) -> ItemFilter:
    """Read what is asked for; every parameter that cannot be read is refused."""
    known = filters_of(kind)
    given = {name: request.query(name) if name in known else None for name in _NAMES}
    return ItemFilter(
        owner_id=None if given["owner_id"] is None else UserId(given["owner_id"]),
        status=choice_of(request, "status", ItemStatus),
        person_id=_id(given["person_id"]),
        organization_id=_id(given["organization_id"]),
        about=_about(request) if "item_kind" in known else None,
        tag=given["tag"],
        words=_words(given["q"]),
        updated_since=instant_of(request, "updated_since"),
        sorting=_sorting(given["sort"], given["sort_by"], given["sort_direction"]),
    )


_NAMES: Final = (
    "owner_id",
    "person_id",
    "organization_id",
    "tag",
    "q",
    "sort",
    "sort_by",
    "sort_direction",
)


def _id(given: str | None) -> ItemId | None:
    return None if given is None else ItemId(given)


def _about(request: OpenRequest) -> ItemRef | None:
    kind, item_id = choice_of(request, "item_kind", ItemKind), request.query("item_id")
    if kind is not None and item_id is not None:
        return ItemRef(kind, ItemId(item_id))
    if kind is None and item_id is None:
        return None
    left_out = "item_kind" if kind is None else "item_id"
    raise _refusal(left_out, "missing", "Give `item_kind` and `item_id` together.")


def _words(given: str | None) -> tuple[str, ...]:
    if given is None:
        return ()
    words = words_asked(given)
    if not any(len(word) >= FEWEST_CHARACTERS for word in words):
        message = f"Give at least {FEWEST_CHARACTERS} letters or digits of a word."
        raise _refusal("q", "too_short", message)
    return words


def _sorting(sort: str | None, sort_by: str | None, direction: str | None) -> Sorting | None:
    if sort is not None and (sort_by is not None or direction is not None):
        raise _refusal("sort", "given_twice", "Give either `sort` or `sort_by`.")
    if direction not in {None, "asc", "desc"}:
        raise _refusal("sort_direction", "wrong_value", "Give asc or desc.")
    asked = sort if sort is not None else sort_by
    if asked is None:
        is_down = direction == "desc"
        return Sorting(order=Order.CREATED, is_descending=True) if is_down else None
    name = asked.removeprefix("-") if sort is not None else asked
    if name not in _ORDERS:
        at = "sort" if sort is not None else "sort_by"
        raise _refusal(at, "wrong_value", f"Give one of: {', '.join(_ORDERS)}.")
    return Sorting(order=_ORDERS[name], is_descending=asked != name or direction == "desc")


def _refusal(path: str, code: str, message: str) -> RuleError:
    return RuleError(Problem(path=path, code=code, message=message))
