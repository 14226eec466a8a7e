"""Keeps the people who work at the tenant, and finds them by address."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import MissingError, Problem, RuleError, StaleWriteError
from chalicelib.domain.ids import TenantId, UserId
from chalicelib.storage import keys
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.users import UserAddressRow, UserRow
from chalicelib.storage.transaction import Transaction


class AddressTakenError(RuleError):
    """Another user of the tenant has this address."""

    code = "address_taken"


class UserStore:
    """The users of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def get(self, user_id: UserId) -> User:
        """Return one user."""
        user = self.find(user_id)
        if user is None:
            raise MissingError(kind=keys.USER, id=user_id)
        return user

    def find(self, user_id: UserId) -> User | None:
        """Return one user, if there is such."""
        try:
            row = UserRow.get(keys.user(self._tenant_id, user_id), keys.HEAD, consistent_read=True)
        except UserRow.DoesNotExist:
            return None
        return row.to_domain()

    def find_by_address(self, address: str) -> User | None:
        """Return whose address this is, confirmed (see the user) or not; it is normalised."""
        pk = keys.address(self._tenant_id, address)
        try:
            row = UserAddressRow.get(pk, keys.USER, consistent_read=True)
        except UserAddressRow.DoesNotExist:
            return None
        return self.find(UserId(row.user_id))

    def list_page(self, *, limit: int, cursor: Mapping[str, object] | None) -> Listing[User]:
        """Return users, oldest first."""
        return list_heads(
            UserRow,
            [keys.users_list(self._tenant_id)],
            limit=limit,
            cursor=cursor,
            read=UserRow.to_domain,
        )

    def save(self, user: User) -> User:
        """Write a user and their addresses, if nobody has written since `user` was read."""
        with Transaction() as tx:
            return self.put(tx, user)

    def put(self, tx: Transaction, user: User) -> User:
        """Add the same writes to a transaction."""
        before = self.find(user.id)
        had, has = _addresses_of(before), _addresses_of(user)
        tx.put(
            UserRow.from_domain(self._tenant_id, user),
            refusal=StaleWriteError(kind=keys.USER, id=user.id),
        )
        for address in sorted(has - had):
            row = UserAddressRow(keys.address(self._tenant_id, address), keys.USER, user_id=user.id)
            tx.put(row, UserAddressRow.pk.does_not_exist(), refusal=_taken())
        for address in sorted(had - has):
            tx.delete(UserAddressRow(keys.address(self._tenant_id, address), keys.USER))
        return replace(user, version=user.version + 1)


def _addresses_of(user: User | None) -> set[str]:
    return set() if user is None else {user.email, *user.confirmed_addresses}


def _taken() -> AddressTakenError:
    message = "Another user has this address; give one of their own to each."
    return AddressTakenError(Problem(path="$.email", code="address_taken", message=message))
