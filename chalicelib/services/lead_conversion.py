"""A lead becomes a deal, which keeps its person, its organization and its history.

Deal and lead are written in one transaction. What follows, leaving the sequence and taking the
lead's open activities along, is done again by whoever repeats the request.
"""

from dataclasses import replace
from datetime import datetime

from msgspec import UNSET

from chalicelib.domain.crm.changes import ItemChanges, applied
from chalicelib.domain.crm.custom_fields import fitting
from chalicelib.domain.crm.item_filter import ItemFilter
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import ItemId
from chalicelib.services import enrollments
from chalicelib.services.anew import decided_anew
from chalicelib.services.decisions import Bench
from chalicelib.services.item_checks import insist
from chalicelib.services.item_moves import move_all
from chalicelib.services.item_sight import ItemSight


def convert(lead_id: ItemId, *, changes: ItemChanges, caller: Caller, bench: Bench) -> Item:
    """Return the deal that the lead becomes; of a converted lead, the one it has become."""
    require(caller, Right.WRITE_ITEMS)
    deal, lead = decided_anew(lambda: _converted(lead_id, changes, caller, bench))
    enrollments.leave_if_closed(lead, bench=bench)
    move_all(
        (ItemKind.ACTIVITY,),
        wanted=ItemFilter(about=lead.ref, status=ItemStatus.OPEN),
        changes=lambda _: ItemChanges(about=deal.ref),
        stores=bench.stores,
        now=bench.now(),
    )
    return deal


def _converted(
    lead_id: ItemId, changes: ItemChanges, caller: Caller, bench: Bench
) -> tuple[Item, Item]:
    """Return deal and lead, as they are by now."""
    sight = ItemSight(caller, bench.stores)
    lead = sight.get(ItemRef(ItemKind.LEAD, lead_id))
    if lead.status is ItemStatus.CONVERTED and lead.deal_id is not None:
        return sight.get(ItemRef(ItemKind.DEAL, lead.deal_id)), lead
    if not lead.is_open:
        raise IllegalMoveError(kind="lead", id=lead_id, status=lead.status, move="convert")
    blank = _deal_of(lead, bench)
    insist(blank, changes, sight=sight, stores=bench.stores)
    return _written(applied(blank, changes, now=bench.now()), lead, bench)


def _deal_of(lead: Item, bench: Bench) -> Item:
    """Return what the lead hands over; its own fields only where deals have the same."""
    now: datetime = bench.now()
    defined = bench.stores.custom_fields.of(ItemKind.DEAL)
    return Item(
        ref=ItemRef(ItemKind.DEAL, ItemId(bench.outside.mint.new_id(now))),
        title=lead.title,
        owner_id=lead.owner_id,
        person_id=lead.person_id,
        organization_id=lead.organization_id,
        tags=lead.tags,
        custom_fields=fitting(defined, lead.custom_fields),
        lead_id=lead.ref.id,
        created_at=now,
        updated_at=now,
    )


def _written(deal: Item, lead: Item, bench: Bench) -> tuple[Item, Item]:
    closed = applied(
        lead, ItemChanges(status=ItemStatus.CONVERTED, status_reason=UNSET), now=bench.now()
    )
    deal, lead = bench.stores.items.save_together(deal, replace(closed, deal_id=deal.ref.id))
    return deal, lead
