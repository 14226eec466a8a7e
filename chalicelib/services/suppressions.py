"""Which addresses must not be mailed, by the hand of people."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.suppressions import Suppression, SuppressionReason
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import RuleError, ThrottledError
from chalicelib.domain.ids import SuppressionId
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores


def list_page(
    *,
    address: str | None,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[Suppression]:
    """Return part of the suppressions, oldest first, or the one of an address."""
    require(caller, Right.READ_SUPPRESSIONS)
    if address is None:
        return stores.addresses.list_suppressions(limit=limit, cursor=cursor)
    known = stores.addresses.suppression(normalized(address))
    return Listing(rows=[known] if known else [], cursor=None)


def add(address: str, *, caller: Caller, stores: Stores, now: datetime) -> tuple[Suppression, bool]:
    """Mail an address no more; return also whether it was mailed until now."""
    require(caller, Right.ADD_SUPPRESSIONS)
    if problems := list(fields.check_address("$.address", address)):
        raise RuleError(*problems)
    known = normalized(address)
    is_new = stores.addresses.suppress(known, SuppressionReason.MANUAL, now)
    suppression = stores.addresses.suppression(known)
    if suppression is None:
        raise ThrottledError(retry_after=1)  # somebody lifted it in this very moment
    return suppression, is_new


def lift(suppression_id: SuppressionId, *, caller: Caller, stores: Stores) -> None:
    """Mail an address again; whoever does so answers for it."""
    require(caller, Right.LIFT_SUPPRESSIONS)
    stores.addresses.lift(stores.addresses.get_suppression(suppression_id))
