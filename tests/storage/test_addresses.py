"""Suppressed addresses are kept for their tenant; the first reason stands."""

from datetime import timedelta

from chalicelib.domain.crm.suppressions import Suppression, SuppressionReason
from chalicelib.domain.ids import SuppressionId
from chalicelib.storage import keys
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT


def test_a_suppression_is_read_as_written(stores: Stores) -> None:
    stores.addresses.suppress("paula@acme.test", SuppressionReason.BOUNCED, NOW)

    assert stores.addresses.suppression("paula@acme.test") == Suppression(
        id=SuppressionId(keys.address(TENANT, "paula@acme.test").rpartition("#")[2]),
        address="paula@acme.test",
        reason=SuppressionReason.BOUNCED,
        at=NOW,
    )


def test_the_first_reason_of_a_suppression_stands(stores: Stores) -> None:
    stores.addresses.suppress("paula@acme.test", SuppressionReason.COMPLAINED, NOW)

    later = NOW + timedelta(days=1)
    stores.addresses.suppress("paula@acme.test", SuppressionReason.BOUNCED, later)

    suppression = stores.addresses.suppression("paula@acme.test")
    assert suppression is not None
    assert suppression.reason is SuppressionReason.COMPLAINED


def test_another_tenant_may_mail_a_suppressed_address(
    stores: Stores, others_stores: Stores
) -> None:
    stores.addresses.suppress("paula@acme.test", SuppressionReason.BOUNCED, NOW)

    assert others_stores.addresses.suppression("paula@acme.test") is None
