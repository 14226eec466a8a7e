"""Which places an enrollment takes for itself alone, by name; whoever comes second is refused.

One for the item, or for the item in this sequence, as the tenant's `active_per_item` says; one for
the recipient's address where `one_active_per_address` is on; one of its account's few where
`max_active_per_account` is set. The enrollment notes which it took, so that its end frees just
those, whatever the settings say by then.
"""

from typing import Final

from chalicelib.domain.crm.items import Item, ItemRef
from chalicelib.domain.crm.settings import ActivePerItem, TenantSettings
from chalicelib.domain.ids import SequenceId

ADDRESS: Final = "address"
ACCOUNT: Final = "account"


def of_item(item: ItemRef) -> str:
    """Name the place of an item, whatever the sequence."""
    return f"{item.kind}#{item.id}"


def of_item_in(sequence_id: SequenceId, item: ItemRef) -> str:
    """Name the place of an item in one sequence."""
    return f"{item.kind}-in-{sequence_id}#{item.id}"


def wanted(
    sequence_id: SequenceId, item: ItemRef, address: str | None, settings: TenantSettings
) -> tuple[str, ...]:
    """Return the places that nobody else may hold."""
    is_one = settings.active_per_item is ActivePerItem.ONE
    own = of_item(item) if is_one else of_item_in(sequence_id, item)
    if address is None or not settings.one_active_per_address:
        return (own,)
    return (own, f"{ADDRESS}#{address}")


def account_places(organization: Item | None, most: int | None) -> tuple[str, ...]:
    """Return the places of an account, of which one must be free; none: there is no limit."""
    if most is None or organization is None:
        return ()
    return tuple(f"{ACCOUNT}#{organization.ref.id}#{number}" for number in range(most))


def inherited(
    slots: tuple[str, ...], item: ItemRef, *, of: SequenceId, by: SequenceId
) -> tuple[str, ...]:
    """Return the places of an enrollment that another sequence takes over."""
    before, after = of_item_in(of, item), of_item_in(by, item)
    return tuple(after if slot == before else slot for slot in slots)
