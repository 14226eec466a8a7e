"""What one caller sees of the items; what they do not see is missing to them."""

from functools import cached_property

from chalicelib.domain.crm.item_sight import may_see
from chalicelib.domain.crm.items import Item, ItemRef
from chalicelib.domain.crm.rights import Right, may
from chalicelib.domain.crm.users import Caller, User
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import UserId
from chalicelib.storage.stores import Stores


class ItemSight:
    """One request's view: every owner is looked up once, and only where it matters."""

    def __init__(self, viewer: Caller | User, stores: Stores) -> None:
        """Bind to whoever looks; a caller's user is read only where it matters."""
        self._given = viewer
        self._id = viewer.id if isinstance(viewer, User) else viewer.user_id
        self._stores = stores
        self._owner_by_id: dict[UserId, User | None] = {}

    def sees(self, item: Item) -> bool:
        """Whether the caller sees the item."""
        if item.owner_id == self._id or may(self._given.role, Right.SEE_ALL_ITEMS):
            return True
        return may_see(item, owner=self._owner(item.owner_id), viewer=self._viewer)

    def get(self, ref: ItemRef) -> Item:
        """Return an item that the caller sees; any other is missing."""
        item = self.find(ref)
        if item is None:
            raise MissingError(kind=ref.kind, id=ref.id)
        return item

    def find(self, ref: ItemRef) -> Item | None:
        """Return an item, if there is such and the caller sees it."""
        item = self._stores.items.find(ref)
        return item if item is not None and self.sees(item) else None

    @cached_property
    def _viewer(self) -> User:
        given = self._given
        return given if isinstance(given, User) else self._stores.users.get(given.user_id)

    def _owner(self, owner_id: UserId) -> User | None:
        if owner_id not in self._owner_by_id:
            self._owner_by_id[owner_id] = self._stores.users.find(owner_id)
        return self._owner_by_id[owner_id]
