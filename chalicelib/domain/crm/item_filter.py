"""Which items of a kind somebody wants to see, and in which order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.crm.items import Item, ItemRef, ItemStatus
from chalicelib.domain.crm.searching import finds
from chalicelib.domain.ids import ItemId, UserId


class Order(StrEnum):
    """What a list may be sorted by."""

    CREATED = "created_at"
    UPDATED = "updated_at"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """The order of a list, and which end of it comes first."""

    order: Order
    is_descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items of a kind somebody wants to see; deleted ones only when asked for."""

    owner_id: UserId | None = None
    status: ItemStatus | None = None
    person_id: ItemId | None = None
    organization_id: ItemId | None = None
    about: ItemRef | None = None
    tag: str | None = None
    words: tuple[str, ...] = ()
    updated_since: datetime | None = None
    sorting: Sorting | None = None

    @property
    def order(self) -> Sorting | None:
        """The order that is asked for or follows; None where words are, which have their own.

        Who asks for what changed since then wants to go on from there: the oldest change first.
        """
        if self.sorting is not None or self.words:
            return self.sorting
        return Sorting(order=Order.UPDATED if self.updated_since else Order.CREATED)

    def takes(self, item: Item) -> bool:
        """Whether the item is wanted."""
        is_status = item.status is (self.status or item.status)
        return (
            is_status
            and (self.status is not None or item.status is not ItemStatus.DELETED)
            and self.owner_id in {None, item.owner_id}
            and self.person_id in {None, item.person_id}
            and self.organization_id in {None, item.organization_id}
            and self.about in {None, item.about}
            and (self.tag is None or self.tag in item.tags)
            and (self.updated_since is None or item.updated_at >= self.updated_since)
            and finds(item, self.words)
        )
