"""Keys of the pointers that lists of items are made of: word, facet or order, then the item's id.

The separator sorts before every letter, so that `acme` comes before `acme corp`.
"""

from datetime import datetime
from typing import Final

from chalicelib.domain.crm.item_filter import Order
from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.searching import FEWEST_CHARACTERS
from chalicelib.domain.ids import ItemId, TenantId, UserId
from chalicelib.storage.spelling import digest, instant

LAST: Final = "\U0010ffff"
"""Sorts behind every key."""

_BETWEEN: Final = "\x1f"


def words(tenant_id: TenantId, kind: ItemKind, word: str) -> str:
    """Partition of the words of a kind that begin with the same two letters."""
    return f"t#{tenant_id}#word#{kind}#{word[:FEWEST_CHARACTERS]}"


def owned(tenant_id: TenantId, kind: ItemKind, owner_id: UserId) -> str:
    """Partition of what a user owns."""
    return f"t#{tenant_id}#of#{kind}#owner#{owner_id}"


def about(tenant_id: TenantId, kind: ItemKind, ref: ItemRef) -> str:
    """Partition of what names an item: the deals of a person, the activities about a deal."""
    return f"t#{tenant_id}#of#{kind}#{ref.kind}#{ref.id}"


def tagged(tenant_id: TenantId, kind: ItemKind, tag: str) -> str:
    """Partition of what has a tag."""
    return f"t#{tenant_id}#of#{kind}#tag#{digest(tag)}"


def deleted(tenant_id: TenantId, kind: ItemKind) -> str:
    """Partition of what can be restored."""
    return f"t#{tenant_id}#of#{kind}#deleted"


def ordered(tenant_id: TenantId, kind: ItemKind, order: Order, shard: int) -> str:
    """Partition of one shard of a kind in some order."""
    return f"t#{tenant_id}#by#{kind}#{order}#{shard}"


def behind(text: str, item_id: ItemId) -> str:
    """Sort key of an item behind the text it is sorted by."""
    return f"{text}{_BETWEEN}{item_id}"


def at(when: datetime, item_id: ItemId) -> str:
    """Sort key of an item at an instant."""
    return behind(instant(when), item_id)


def item_id(sk: str) -> ItemId:
    """Return whose pointer it is."""
    return ItemId(sk.rpartition(_BETWEEN)[2])
