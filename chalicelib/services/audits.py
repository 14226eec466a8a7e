"""What admins do with the audit: read it."""

from collections.abc import Mapping

from chalicelib.domain.crm.audits import AuditEntry
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.storage.audits import AuditFilter
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores


def list_page(
    wanted: AuditFilter,
    *,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[AuditEntry]:
    """Return part of the audit, newest first."""
    require(caller, Right.READ_AUDIT)
    return stores.audits.list_page(wanted, limit=limit, cursor=cursor)
