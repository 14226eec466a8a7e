"""When an item is open, and where to write to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.items import STATUSES, EmailAddress, ItemKind, ItemStatus
from tests.builders import NOW, a_deal, a_person


@pytest.mark.parametrize("status", ItemStatus)
def test_only_open_is_open(status: ItemStatus) -> None:
    assert replace(a_deal(), status=status).is_open is (status == "open")


def test_the_primary_address_comes_first_then_any() -> None:
    first, second = EmailAddress("a@x.test"), EmailAddress("b@x.test", is_primary=True)

    assert replace(a_person(), emails=(first, second)).primary_address == "b@x.test"
    assert replace(a_person(), emails=(first,)).primary_address == "a@x.test"
    assert replace(a_person(), emails=()).primary_address is None


@pytest.mark.parametrize("kind", STATUSES)
def test_every_kind_can_be_open_and_deleted(kind: ItemKind) -> None:
    assert {ItemStatus.OPEN, ItemStatus.DELETED} <= STATUSES[kind]


def test_a_deleted_item_is_forgotten_after_thirty_days() -> None:
    deleted = replace(a_deal(), status=ItemStatus.DELETED, deleted_at=NOW)

    assert not a_deal().is_forgotten(NOW)
    assert not deleted.is_forgotten(NOW + timedelta(days=30))
    assert deleted.is_forgotten(NOW + timedelta(days=30, seconds=1))
