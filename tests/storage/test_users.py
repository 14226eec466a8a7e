"""Users are kept, found by address, and never shown to another tenant."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import UserId
from chalicelib.storage.stores import Stores
from chalicelib.storage.users import AddressTakenError
from tests.builders import a_user, an_admin


def test_a_user_is_read_as_saved(stores: Stores) -> None:
    saved = stores.users.save(a_user())

    assert stores.users.get(a_user().id) == saved == replace(a_user(), version=1)


def test_a_stale_write_of_a_user_is_refused(stores: Stores) -> None:
    saved = stores.users.save(a_user())
    stores.users.save(replace(saved, name="Sally Star"))

    with pytest.raises(StaleWriteError):
        stores.users.save(replace(saved, name="Sally Slow"))

    assert stores.users.get(saved.id).name == "Sally Star"


def test_another_tenant_does_not_see_a_user(stores: Stores, others_stores: Stores) -> None:
    stores.users.save(a_user())

    with pytest.raises(MissingError):
        others_stores.users.get(a_user().id)

    assert others_stores.users.find_by_address("sally@northwind.test") is None


def test_a_user_is_found_by_address(stores: Stores) -> None:
    saved = stores.users.save(a_user())

    assert stores.users.find_by_address("sally@northwind.test") == saved


def test_an_address_that_was_given_up_finds_nobody(stores: Stores) -> None:
    saved = stores.users.save(a_user())

    stores.users.save(
        replace(saved, email="sally@acme.test", confirmed_addresses=("sally@acme.test",))
    )

    assert stores.users.find_by_address("sally@northwind.test") is None


def test_two_users_cannot_have_the_same_address(stores: Stores) -> None:
    stores.users.save(a_user())

    with pytest.raises(AddressTakenError):
        stores.users.save(replace(an_admin(), confirmed_addresses=("sally@northwind.test",)))

    assert stores.users.find(an_admin().id) is None


def test_users_are_listed_page_by_page(stores: Stores) -> None:
    for number in range(3):
        user = replace(
            a_user(),
            id=UserId(f"user-{number}"),
            email=f"user-{number}@northwind.test",
            confirmed_addresses=(),
        )
        stores.users.save(user)

    first = stores.users.list_page(limit=2, cursor=None)
    second = stores.users.list_page(limit=2, cursor=first.cursor)

    assert [user.id for user in first.rows] == ["user-0", "user-1"]
    assert [user.id for user in second.rows] == ["user-2"]
    assert second.cursor is None
