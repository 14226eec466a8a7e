"""Settings have a default for every key."""

from dataclasses import replace

from chalicelib.domain.crm.settings import TenantSettings, settings_in
from chalicelib.domain.crm.users import Role
from tests.builders import a_tenant


def test_what_a_tenant_never_set_has_its_default() -> None:
    tenant = replace(a_tenant(), settings={"restrict_sequence_creation_to": ["admin"]})

    assert settings_in(tenant) == TenantSettings(
        time_zone="UTC", restrict_sequence_creation_to=(Role.ADMIN,)
    )
