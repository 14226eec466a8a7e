"""Whether a change fits its item: every problem at once, before anything is written."""

from collections.abc import Iterator

from msgspec import UNSET

from chalicelib.domain.crm.changes import ItemChanges, path_of, problems_of
from chalicelib.domain.crm.custom_fields import value_problems
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import ItemId
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.stores import Stores


def insist(item: Item, changes: ItemChanges, *, sight: ItemSight, stores: Stores) -> None:
    """Refuse the changes with every problem they have."""
    problems = [
        *problems_of(item, changes),
        *_owner_problems(item, changes, stores),
        *_reference_problems(item, changes, sight),
        *_custom_problems(item, changes, stores),
    ]
    if problems:
        raise RuleError(*problems)


def _owner_problems(item: Item, changes: ItemChanges, stores: Stores) -> Iterator[Problem]:
    if changes.owner_id is UNSET or changes.owner_id == item.owner_id:
        return
    owner = stores.users.find(changes.owner_id)
    if owner is None or not owner.is_active:
        yield _nothing_there(path_of(item, "owner_id"), "active user")


def _reference_problems(item: Item, changes: ItemChanges, sight: ItemSight) -> Iterator[Problem]:
    """Yield references to what the caller does not see; those that stay as they are pass."""
    named = (
        ("person_id", ItemKind.PERSON, changes.person_id, item.person_id),
        ("organization_id", ItemKind.ORGANIZATION, changes.organization_id, item.organization_id),
    )
    for field, kind, given, held in named:
        if given not in {UNSET, None, held}:
            yield from _missing(f"$.{field}", ItemRef(kind, ItemId(str(given))), sight)
    if isinstance(changes.about, ItemRef) and changes.about != item.about:
        yield from _missing(path_of(item, "about"), changes.about, sight)


def _custom_problems(item: Item, changes: ItemChanges, stores: Stores) -> Iterator[Problem]:
    if changes.custom_fields is not UNSET and changes.custom_fields:
        defined = {field.key: field for field in stores.custom_fields.of(item.ref.kind)}
        yield from value_problems(defined, changes.custom_fields)


def _missing(path: str, ref: ItemRef, sight: ItemSight) -> Iterator[Problem]:
    item = sight.find(ref)
    if item is None or item.status is ItemStatus.DELETED:
        yield _nothing_there(path, ref.kind)


def _nothing_there(path: str, what: str) -> Problem:
    return Problem(path=path, code="not_found", message=f"There is no {what} with this id.")
