"""What people do with Smart Bcc addresses: have one, have one for an item, replace it, end it."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.crm.rights import Right, may, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import MissingError, Problem, RuleError
from chalicelib.domain.ids import BccId, UserId
from chalicelib.domain.mail.bcc_address import SmartBccAddress, rotated
from chalicelib.domain.mail.smart_bcc import (
    ADDRESSABLE,
    RANDOM_CHARACTERS,
    BccScope,
    format_local_part,
)
from chalicelib.gateways.outside import Outside
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.stores import Stores


def create(
    user_id: UserId, *, item: ItemRef | None, stores: Stores, outside: Outside, now: datetime
) -> SmartBccAddress:
    """Return the address of a user, or of an item; made now if there was none."""
    if item is not None:
        if item.kind not in ADDRESSABLE:
            message = f"Give one of: {', '.join(sorted(ADDRESSABLE))}."
            raise RuleError(Problem(path="$.item.kind", code="wrong_kind", message=message))
        ItemSight(stores.users.get(user_id), stores).get(item)
    for each in stores.smart_bcc.list_all():
        is_same = each.item == item and (item is not None or each.user_id == user_id)
        if is_same and each.revoked_at is None:
            return each
    return stores.smart_bcc.save(
        SmartBccAddress(
            id=BccId(outside.mint.new_id(now)),
            user_id=user_id,
            item=item,
            local_part=_new_local_part(item, outside),
            created_at=now,
        )
    )


def list_visible(*, caller: Caller, stores: Stores) -> list[SmartBccAddress]:
    """Return the caller's own addresses and those of items they may see; revoked ones never."""
    return [
        each
        for each in stores.smart_bcc.list_all()
        if each.revoked_at is None and _is_visible(each, caller, stores)
    ]


def rotate(
    bcc_id: BccId, *, caller: Caller, stores: Stores, outside: Outside, now: datetime
) -> SmartBccAddress:
    """Give an address another local part; the one before works on for a while."""
    address = _own(bcc_id, caller=caller, stores=stores)
    return stores.smart_bcc.save(rotated(address, _new_local_part(address.item, outside), now=now))


def revoke(bcc_id: BccId, *, caller: Caller, stores: Stores, now: datetime) -> None:
    """End an address at once; mail to it is quarantined from now on."""
    address = _own(bcc_id, caller=caller, stores=stores)
    stores.smart_bcc.save(replace(address, revoked_at=now))


def _new_local_part(item: ItemRef | None, outside: Outside) -> str:
    scope = BccScope.USER if item is None else BccScope.ITEM
    random = outside.mint.secret(RANDOM_CHARACTERS)
    return format_local_part(scope, random, keys=outside.mac_keys)


def _own(bcc_id: BccId, *, caller: Caller, stores: Stores) -> SmartBccAddress:
    address = stores.smart_bcc.get(bcc_id)
    if address.revoked_at is not None:
        raise MissingError(kind="Smart Bcc address", id=bcc_id)
    if address.user_id != caller.user_id:
        require(caller, Right.MANAGE_ALL_SMART_BCC)
    return address


def _is_visible(address: SmartBccAddress, caller: Caller, stores: Stores) -> bool:
    if address.user_id == caller.user_id:
        return True
    if address.item is None:
        return False
    if may(caller.role, Right.MANAGE_ALL_SMART_BCC):
        return True
    item = stores.items.find(address.item)
    return item is not None and item.owner_id == caller.user_id
