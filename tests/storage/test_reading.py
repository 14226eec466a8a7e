"""Ranges in which nothing can lie: DynamoDB refuses them, we answer with nothing."""

from chalicelib.storage import reading
from chalicelib.storage.stores import Stores


def test_a_range_that_ends_before_it_begins_is_empty(stores: Stores) -> None:
    assert reading.between(f"t#{stores.tenant_id}#x", "b", "a") == []


def test_a_cursor_behind_the_end_of_a_list_finds_nothing(stores: Stores) -> None:
    place = f"t#{stores.tenant_id}#list#x"

    assert reading.listed([place], limit=5, cursor={"0": "2030"}, high="2026") == ([], None)
