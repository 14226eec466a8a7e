"""Who sees an item: its owner, the owner's business unit, and whoever looks after all of them.

As with sequences (D365-SEQ-07), an owner without a business unit is everybody's. The unit is the
owner's of today: whoever changes units takes their items along.
"""

from chalicelib.domain.crm.items import Item
from chalicelib.domain.crm.rights import Right, may
from chalicelib.domain.crm.users import User


def may_see(item: Item, *, owner: User | None, viewer: User) -> bool:
    """Whether `viewer` sees the item; `owner` is whoever owns it, if they are still known."""
    if item.owner_id == viewer.id or may(viewer.role, Right.SEE_ALL_ITEMS):
        return True
    unit = owner.business_unit if owner else None
    return unit in {None, viewer.business_unit}
