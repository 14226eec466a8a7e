"""Sixteen clients at the same instant: one effect for one key, one winner for one version."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from typing import Final

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import ApiTokenId, ItemId
from chalicelib.gateways.mint import RandomMint
from chalicelib.services import items as service
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_caller, a_deal
from tests.faults import TABLE, Send, over_the_wire, refusal

CLIENTS: Final = 16


def test_of_sixteen_twins_with_one_key_one_works(shared_stores: Stores) -> None:
    store = shared_stores.idempotency
    place = store.place(ApiTokenId("token-1"), "POST /v1/leads", "k")

    def begin() -> str:
        owner = str(get_ident())
        known = store.begin(place, request_hash="h", owner=owner, now=NOW)
        return "works" if known is None else f"told {known.status}"

    assert at_once(begin) == {"works": 1, "told None": 15}


def test_of_sixteen_changes_to_one_version_one_wins(shared_stores: Stores) -> None:
    deal = shared_stores.items.create(a_deal())

    def change() -> str:
        return _changed(shared_stores, read_version=1)

    assert at_once(change) == {"changed": 1, "stale": 15}
    assert shared_stores.items.get(deal.ref).version == 2


def test_changes_that_name_no_version_are_decided_anew(shared_stores: Stores) -> None:
    deal = shared_stores.items.create(a_deal())

    def change() -> str:
        return _changed(shared_stores, read_version=None)

    outcomes = at_once(change, clients=3)

    assert outcomes == {"changed": 3}
    assert shared_stores.items.get(deal.ref).version == 4


def test_an_item_that_was_there_for_a_moment_only_is_to_be_made_again(
    shared_stores: Stores,
) -> None:
    def refused(request: AWSPreparedRequest, send: Send) -> AWSResponse:
        if "TransactWriteItems" not in str(request.headers["X-Amz-Target"]):
            return send()
        reasons = [{"Code": "ConditionalCheckFailed"}]
        return refusal(TABLE, 400, "TransactionCanceledException", CancellationReasons=reasons)

    with over_the_wire(refused), pytest.raises(StaleWriteError):
        service.create(
            ItemKind.ORGANIZATION,
            changes=ItemChanges(title="Acme"),
            caller=a_caller(),
            stores=shared_stores,
            mint=RandomMint(),
            now=NOW,
            item_id=ItemId("of-an-import"),
        )


def _changed(stores: Stores, *, read_version: int | None) -> str:
    try:
        service.change(
            a_deal().ref,
            changes=ItemChanges(stage=f"Stage {get_ident()}"),
            read_version=read_version,
            caller=a_caller(),
            stores=stores,
            now=NOW,
        )
    except StaleWriteError:
        return "stale"
    return "changed"


def at_once(do: Callable[[], str], *, clients: int = CLIENTS) -> Counter[str]:
    """Let every client do it at the same instant; count what came of it."""
    start = Barrier(clients)

    def one(_: int) -> str:
        start.wait()
        return do()

    with ThreadPoolExecutor(clients) as pool:
        return Counter(pool.map(one, range(clients)))
