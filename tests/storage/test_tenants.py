"""The tenant's own row."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.storage.stores import Stores
from tests.builders import a_tenant


def test_a_tenant_is_read_as_saved(stores: Stores) -> None:
    tenant = replace(a_tenant(), settings={"time_zone": "Europe/Berlin"})

    saved = stores.tenant.save(tenant)

    assert stores.tenant.get() == saved == replace(tenant, version=1)


def test_a_stale_write_of_a_tenant_is_refused(stores: Stores) -> None:
    saved = stores.tenant.save(a_tenant())
    stores.tenant.save(replace(saved, is_suspended=True))

    with pytest.raises(StaleWriteError):
        stores.tenant.save(replace(saved, name="Southwind"))


def test_a_tenant_never_writes_into_another(stores: Stores, others_stores: Stores) -> None:
    others_stores.tenant.save(a_tenant())

    with pytest.raises(MissingError):
        stores.tenant.get()
