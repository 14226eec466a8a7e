"""What plans ask of the tenant and of a sender: calendars, zones, caps.

A process reads them once in half a minute: a plan that is that old is planned anew when its time
comes, and whether a mail may leave at all is asked strongly (`gate_reads`).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from chalicelib.domain.crm.settings import TenantSettings, settings_in
from chalicelib.domain.crm.users import User
from chalicelib.domain.ids import TenantId, UserId
from chalicelib.storage import keys, reading
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.tenants import TenantRow
from chalicelib.storage.rows.users import UserRow

_FRESH_FOR_S: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """The tenant's settings, and the user if there is one."""

    settings: TenantSettings
    user: User | None


class HouseRuleStore:
    """The rules of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def of(self, user_id: UserId, now: datetime) -> HouseRules:
        """Return the rules for what `user_id` sends and does."""
        return self._fresh(user_id, now)

    def settings(self, now: datetime) -> TenantSettings:
        """Return the tenant's settings."""
        return self._fresh(None, now).settings

    def _fresh(self, user_id: UserId | None, now: datetime) -> HouseRules:
        half_minute = int(now.timestamp()) // _FRESH_FOR_S
        return _read(Row.Meta.table_name, self._tenant_id, user_id, half_minute)


@lru_cache(maxsize=512)
def _read(
    _table: str, tenant_id: TenantId, user_id: UserId | None, _half_minute: int
) -> HouseRules:
    """Read both rows; `_table` tells one test's table from another's, `_half_minute` ages."""
    tenant_pk = keys.tenant(tenant_id)
    user_pk = keys.user(tenant_id, user_id) if user_id else tenant_pk
    wanted = [(pk, keys.HEAD) for pk in (tenant_pk, user_pk)]
    raw_by_pk = {raw["pk"]["S"]: raw for raw in reading.many(wanted, is_strong=False)}
    tenant, user = raw_by_pk.get(tenant_pk), raw_by_pk.get(user_pk) if user_id else None
    return HouseRules(
        settings=settings_in(TenantRow.from_raw_data(tenant).to_domain())
        if tenant
        else TenantSettings(),
        user=UserRow.from_raw_data(user).to_domain() if user else None,
    )
