"""What a tenant may set for all its users; every key has a default.

A key stands here only once something obeys it: docs/api-settings.md is its table.
"""

import msgspec

from chalicelib.domain.crm.users import Role, Tenant


class TenantSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings with their defaults."""

    time_zone: str = "UTC"
    """The zone of users who are created without one of their own."""
    restrict_sequence_creation_to: tuple[Role, ...] = ()
    """The roles that may make sequences beside admins; empty: all."""


def settings_in(tenant: Tenant) -> TenantSettings:
    """Return the tenant's settings, defaults filled in."""
    return msgspec.convert(tenant.settings, TenantSettings)
