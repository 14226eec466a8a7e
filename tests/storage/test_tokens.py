"""Tokens are found by their secret, of which only a hash is kept."""

from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from chalicelib.domain.errors import MissingError
from chalicelib.storage.stores import Stores
from chalicelib.storage.tokens import TokenDirectory
from tests.builders import NOW, a_token


def test_a_token_is_found_by_its_secret(stores: Stores) -> None:
    token = replace(a_token(), expires_at=NOW + timedelta(days=1))

    stores.tokens.add(token, secret="open sesame")

    assert TokenDirectory().find("open sesame") == token
    assert TokenDirectory().find("open barley") is None


def test_a_secret_is_kept_nowhere(stores: Stores) -> None:
    stores.tokens.add(a_token(), secret="open sesame")

    rows = boto3.client("dynamodb").scan(TableName="sekvens-test")["Items"]

    assert len(rows) == 2
    assert "open sesame" not in str(rows)


def test_a_removed_token_opens_nothing(stores: Stores) -> None:
    stores.tokens.add(a_token(), secret="open sesame")

    stores.tokens.remove(a_token().id)

    assert TokenDirectory().find("open sesame") is None
    assert stores.tokens.list_all() == []


def test_another_tenant_cannot_remove_a_token(stores: Stores, others_stores: Stores) -> None:
    stores.tokens.add(a_token(), secret="open sesame")

    with pytest.raises(MissingError):
        others_stores.tokens.remove(a_token().id)

    assert stores.tokens.get(a_token().id) == a_token()
