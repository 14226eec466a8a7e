"""Smart Bcc addresses and deliveries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import BccId, ItemId, ThreadId, UserId
from chalicelib.domain.mail.bcc_address import SmartBccAddress, rotated
from chalicelib.domain.mail.filed import Delivery, Outcome
from chalicelib.storage.deliveries import DeliveryStore, delivery_id
from chalicelib.storage.rows.base import Row
from chalicelib.storage.smart_bcc import Found, SmartBccDirectory
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT


def an_address() -> SmartBccAddress:
    return SmartBccAddress(
        id=BccId("bcc-1"),
        user_id=UserId("user-sally"),
        item=ItemRef(ItemKind.DEAL, ItemId("deal-1")),
        local_part="d-secret",
        created_at=NOW,
    )


def a_delivery() -> Delivery:
    return Delivery(
        id=delivery_id("ses-1", "b-1@in.test"),
        ses_id="ses-1",
        recipient="b-1@in.test",
        object_key="inbound/ses-1",
        received_at=NOW,
        outcome=Outcome.QUARANTINED,
        reason="not_authenticated",
    )


def test_an_address_is_found_by_its_local_part_in_any_case(stores: Stores) -> None:
    saved = stores.smart_bcc.save(an_address())

    found = SmartBccDirectory().find("D-Secret")

    assert found == Found(tenant_id=TENANT, bcc_id=BccId("bcc-1"))
    assert stores.smart_bcc.get(BccId("bcc-1")) == saved == replace(an_address(), version=1)
    assert stores.smart_bcc.list_all() == [saved]
    assert SmartBccDirectory().find("d-other") is None


def test_a_replaced_local_part_still_leads_to_its_address(stores: Stores) -> None:
    saved = stores.smart_bcc.save(an_address())

    stores.smart_bcc.save(rotated(saved, "d-new", now=NOW))

    assert SmartBccDirectory().find("d-secret") == SmartBccDirectory().find("d-new")
    kept = stores.smart_bcc.get(BccId("bcc-1"))
    assert kept.grace_until == NOW + timedelta(days=14)


def test_the_row_that_finds_an_address_does_not_hold_it(stores: Stores) -> None:
    stores.smart_bcc.save(an_address())

    finding = [row for row in Row._get_connection().scan()["Items"] if "tenant_id" in row]

    assert len(finding) == 1
    assert "secret" not in str(finding)


def test_an_address_is_not_saved_over_somebody_elses_change(stores: Stores) -> None:
    stores.smart_bcc.save(an_address())

    with pytest.raises(StaleWriteError):
        stores.smart_bcc.save(an_address())


def test_another_tenants_address_does_not_exist(stores: Stores, others_stores: Stores) -> None:
    stores.smart_bcc.save(an_address())

    assert others_stores.smart_bcc.list_all() == []
    with pytest.raises(MissingError):
        others_stores.smart_bcc.get(BccId("bcc-1"))


def test_a_delivery_that_was_kept_apart_is_listed(stores: Stores, others_stores: Stores) -> None:
    stores.deliveries.put(a_delivery())
    stored = replace(a_delivery(), id=delivery_id("ses-2", "x"), outcome=Outcome.STORED)
    stores.deliveries.put(replace(stored, thread_id=ThreadId("thread-1")))

    listed = stores.deliveries.list_page(limit=5, cursor=None)

    assert listed.rows == [a_delivery()]
    assert stores.deliveries.get(stored.id).thread_id == "thread-1"
    assert others_stores.deliveries.find(a_delivery().id) is None
    with pytest.raises(MissingError):
        others_stores.deliveries.get(a_delivery().id)


def test_mail_of_no_tenant_is_forgotten_after_thirty_days(stores: Stores) -> None:
    DeliveryStore(None).put(a_delivery())

    [row] = Row._get_connection().scan()["Items"]

    assert row["expires_at"] == {"N": str(int((NOW + timedelta(days=30)).timestamp()))}
    assert DeliveryStore(None).find(a_delivery().id) == a_delivery()


def test_the_same_mail_at_the_same_address_is_one_delivery() -> None:
    assert delivery_id("ses-1", "a@b.test") == delivery_id("ses-1", "a@b.test")
    assert delivery_id("ses-1", "a@b.test") != delivery_id("ses-1", "c@b.test")
