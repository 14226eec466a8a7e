"""How keys of the audit are spelled."""

from datetime import datetime

from chalicelib.domain.ids import TenantId
from chalicelib.storage.spelling import digest, instant


def audited(tenant_id: TenantId, kind: str, of: str) -> str:
    """Partition of the audit of one thing."""
    return f"t#{tenant_id}#audit#{kind}#{of}"


def audit_list(tenant_id: TenantId) -> str:
    """List partition of a tenant's audit; changes by hand are few."""
    return f"t#{tenant_id}#list#audit"


def entry_id(at: datetime, kind: str, of: str) -> str:
    """Name an entry so that names sort by time, and no two are alike."""
    return f"{instant(at)}#{digest(kind, of)}"
