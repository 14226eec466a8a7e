"""Sending domains belong to one tenant each."""

import pytest

from chalicelib.domain.crm.sending_domains import (
    DnsRecord,
    DomainStatus,
    DomainTakenError,
    SendingDomain,
)
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import DomainName
from chalicelib.storage.stores import Stores
from tests.builders import NOW

NORTHWIND = DomainName("northwind.test")


def a_domain() -> SendingDomain:
    return SendingDomain(
        name=NORTHWIND,
        status=DomainStatus.VERIFIED,
        records=(DnsRecord(type="CNAME", name="x._domainkey.northwind.test", value="x.dkim"),),
        created_at=NOW,
        checked_at=NOW,
    )


def test_a_domain_is_read_as_saved(stores: Stores) -> None:
    saved = stores.domains.save(a_domain())

    assert stores.domains.get(NORTHWIND) == saved == a_domain()
    assert stores.domains.list_all() == [saved]


def test_another_tenant_does_not_see_a_domain(stores: Stores, others_stores: Stores) -> None:
    stores.domains.save(a_domain())

    with pytest.raises(MissingError):
        others_stores.domains.get(NORTHWIND)


def test_a_domain_is_claimed_by_one_tenant_as_often_as_it_likes(
    stores: Stores, others_stores: Stores
) -> None:
    stores.domains.claim(NORTHWIND)
    stores.domains.claim(NORTHWIND)

    with pytest.raises(DomainTakenError):
        others_stores.domains.claim(NORTHWIND)
