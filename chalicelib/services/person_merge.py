"""Two persons are one: the winner keeps both's addresses, deals, mail and enrollments.

Both persons are written in one transaction; from then on the winner's addresses are found. What
names the loser moves afterwards, one by one: a merge that was interrupted is repeated and goes on.
"""

from typing import Final

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.item_filter import ItemFilter
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.merging import merged, problems_of
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import Problem, RuleError, StateError
from chalicelib.domain.ids import ItemId
from chalicelib.services import enrollments
from chalicelib.services.anew import decided_anew
from chalicelib.services.decisions import Bench
from chalicelib.services.item_moves import move_all
from chalicelib.services.item_sight import ItemSight

_NAME_A_PERSON: Final = (ItemKind.LEAD, ItemKind.DEAL, ItemKind.PROJECT)


def merge(winner_id: ItemId, *, loser_id: ItemId, caller: Caller, bench: Bench) -> Item:
    """Return the winner, with all that was the loser's."""
    require(caller, Right.WRITE_ITEMS)
    require(caller, Right.DELETE_ITEMS)
    winner, loser = decided_anew(lambda: _merged(winner_id, loser_id, caller, bench))
    enrollments.leave_if_closed(loser, bench=bench)
    _move_what_names(loser.ref, winner.ref, bench)
    return winner


def _merged(winner_id: ItemId, loser_id: ItemId, caller: Caller, bench: Bench) -> tuple[Item, Item]:
    """Return both as they are by now: one with what was the other's, which is no more."""
    sight = ItemSight(caller, bench.stores)
    winner = sight.get(ItemRef(ItemKind.PERSON, winner_id))
    if winner.status is ItemStatus.DELETED:
        raise StateError(kind="person", state="deleted", remedy="restore it first")
    loser = _loser(winner, loser_id, sight)
    if loser.merged_into is not None:
        return winner, loser
    kept, gone = merged(winner, loser, now=bench.now())
    problems = [*problems_of(kept)]
    if problems:
        raise RuleError(*problems)
    winner, loser = bench.stores.items.save_together(kept, gone)
    return winner, loser


def _loser(winner: Item, loser_id: ItemId, sight: ItemSight) -> Item:
    """Return whom the winner takes in, or who was taken in by an attempt before."""
    loser = sight.find(ItemRef(ItemKind.PERSON, loser_id))
    is_going_on = loser is not None and loser.merged_into == winner.ref.id
    if loser is None or (loser.status is ItemStatus.DELETED and not is_going_on):
        code, message = "not_found", "There is no person with this id."
    elif loser.ref == winner.ref:
        code, message = "same_person", "Name another person; this one cannot be merged into itself."
    else:
        return loser
    raise RuleError(Problem(path="$.merge_with_id", code=code, message=message))


def _move_what_names(loser: ItemRef, winner: ItemRef, bench: Bench) -> None:
    stores, now = bench.stores, bench.now()
    move_all(
        _NAME_A_PERSON,
        wanted=ItemFilter(person_id=loser.id),
        changes=lambda _: ItemChanges(person_id=winner.id),
        stores=stores,
        now=now,
    )
    move_all(
        (ItemKind.ACTIVITY,),
        wanted=ItemFilter(person_id=loser.id),
        changes=lambda _: ItemChanges(about=winner),
        stores=stores,
        now=now,
    )
