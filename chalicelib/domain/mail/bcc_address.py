"""A Smart Bcc address of a user or of an item, with those it replaced and that still work."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import BccId, UserId

GRACE_FOR: Final = timedelta(days=14)
"""How long an address still works after it was replaced: address books are slow."""


@dataclass(frozen=True, slots=True)
class Former:
    """A local part that was replaced, and until when it still works."""

    local_part: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartBccAddress:
    """Brings mail in for one user, or for one item."""

    id: BccId
    user_id: UserId
    """Whose address it is; for an item's address, who made it."""
    item: ItemRef | None = None
    local_part: str
    former: tuple[Former, ...] = ()
    created_at: datetime
    revoked_at: datetime | None = None
    version: int = 0

    @property
    def grace_until(self) -> datetime | None:
        """Until when the latest address that it replaced still works."""
        return max((each.until for each in self.former), default=None)

    def is_valid(self, local_part: str, now: datetime) -> bool:
        """Tell whether mail to this local part is still taken."""
        if self.revoked_at is not None:
            return False
        return local_part == self.local_part or any(
            each.local_part == local_part and now < each.until for each in self.former
        )


def rotated(address: SmartBccAddress, local_part: str, *, now: datetime) -> SmartBccAddress:
    """Return the address with a new local part; the one before works on for a while."""
    former = Former(address.local_part, now + GRACE_FOR)
    still = tuple(each for each in address.former if now < each.until)
    return replace(address, local_part=local_part, former=(*still, former))
