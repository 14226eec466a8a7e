"""What a token opens, and when it does no longer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.tokens import ApiToken
from chalicelib.domain.errors import AuthError
from chalicelib.entry import wiring
from chalicelib.services.access import Opened, TenantSuspendedError, open_with
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_caller, a_tenant, a_token, a_user

SECRET = "sekvens_x"


@pytest.fixture
def kept(stores: Stores) -> Stores:
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    return stores


def test_a_token_opens_what_its_user_and_scopes_allow(kept: Stores) -> None:
    _keep(kept, a_token())

    assert _opened().caller == a_caller()


def test_an_expired_token_opens_nothing(kept: Stores) -> None:
    _keep(kept, replace(a_token(), expires_at=NOW))

    with pytest.raises(AuthError):
        _opened()


def test_a_token_that_will_expire_says_when(kept: Stores) -> None:
    _keep(kept, replace(a_token(), expires_at=NOW + timedelta(seconds=1)))

    opened = _opened()

    assert not opened.is_expired(NOW)
    assert opened.is_expired(NOW + timedelta(seconds=1))


def test_the_token_of_a_user_who_left_opens_nothing(kept: Stores) -> None:
    _keep(kept, a_token())
    kept.users.save(replace(kept.users.get(a_user().id), is_active=False))

    with pytest.raises(AuthError):
        _opened()


def test_a_suspended_tenant_is_said_to_be_so(kept: Stores) -> None:
    _keep(kept, a_token())
    kept.tenant.save(replace(kept.tenant.get(), is_suspended=True))

    with pytest.raises(TenantSuspendedError):
        _opened()


def _keep(stores: Stores, token: ApiToken) -> None:
    stores.tokens.add(token, secret=SECRET)


def _opened() -> Opened:
    return open_with(SECRET, now=NOW, tokens=wiring.tokens(), stores=wiring.stores_for)
