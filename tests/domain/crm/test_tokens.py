"""What a token opens, and for how long."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.tokens import Scope, opened_by
from tests.builders import NOW, a_token


@pytest.mark.parametrize(
    "scope, opened", [("read", {"read"}), ("write", {"read", "write"}), ("admin", set(Scope))]
)
def test_a_scope_includes_those_below_it(scope: str, opened: set[str]) -> None:
    assert opened_by({Scope(scope)}) == opened


def test_a_token_ends_at_its_instant() -> None:
    token = replace(a_token(), expires_at=NOW)

    assert token.is_expired(NOW)
    assert not token.is_expired(NOW - timedelta(seconds=1))
    assert not a_token().is_expired(NOW)
