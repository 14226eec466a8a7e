"""Counts requests of tokens over all processes, many at a time."""

from pynamodb.exceptions import UpdateError

from chalicelib.domain.ids import ApiTokenId, TenantId
from chalicelib.storage import front_keys, keys
from chalicelib.storage.outages import is_refused
from chalicelib.storage.rows.permits import PermitsRow


class PermitStore:
    """The permits of one tenant's tokens."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def take(
        self, token_id: ApiTokenId, *, window: int, many: int, most: int, expires_at: int
    ) -> int | None:
        """Take `many` permits, all or none; return how many are left, None if too few were.

        One conditional addition: however many processes ask, never more than `most` are given.
        """
        row = PermitsRow(front_keys.permits(self._tenant_id, token_id, window), keys.HEAD)
        try:
            row.update(
                actions=[PermitsRow.taken.add(many), PermitsRow.expires_at.set(expires_at)],
                condition=PermitsRow.taken.does_not_exist() | (PermitsRow.taken <= most - many),
            )
        except UpdateError as error:
            if not is_refused(error):
                raise
            return None
        return most - int(row.taken)
