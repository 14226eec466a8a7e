"""What an item was before: the lead that a deal was made of, the persons that were merged into one.

Their mail and their enrollments are its history.
"""

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef


def past_of(item: Item) -> tuple[ItemRef, ...]:
    """Return the item itself, and whatever became it."""
    if item.lead_id is not None:
        return (item.ref, ItemRef(ItemKind.LEAD, item.lead_id))
    return (item.ref, *(ItemRef(item.ref.kind, each) for each in item.merged))
