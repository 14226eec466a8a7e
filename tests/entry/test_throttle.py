"""How much a token may ask for, over all processes together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Caller, Role
from chalicelib.domain.ids import ApiTokenId
from chalicelib.entry import throttle, wiring
from chalicelib.entry.throttle import RateLimitedError, admit
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_user
from tests.entry.conftest import ADAM, Api

SALLY = Caller(
    tenant_id=TENANT,
    user_id=a_user().id,
    role=Role.SALESPERSON,
    token_id=ApiTokenId("token-1"),
    scopes=frozenset({Scope.READ}),
)


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    throttle.held_by_token.cache_clear()
    yield
    throttle.held_by_token.cache_clear()


def is_admitted(stores: Stores, *, most: int, later: timedelta = timedelta()) -> bool:
    try:
        admit(SALLY, most=most, now=NOW + later, permits=stores.permits, headers={})
    except RateLimitedError:
        return False
    return True


def test_as_many_are_admitted_as_a_minute_holds(stores: Stores) -> None:
    admitted = [is_admitted(stores, most=5) for _ in range(7)]

    assert admitted == [True] * 5 + [False] * 2
    assert is_admitted(stores, most=5, later=timedelta(minutes=1))


def test_another_token_has_permits_of_its_own(stores: Stores) -> None:
    other = replace(SALLY, token_id=ApiTokenId("token-2"))
    for _ in range(5):
        is_admitted(stores, most=5)

    admit(other, most=5, now=NOW, permits=stores.permits, headers={})

    assert not is_admitted(stores, most=5)


def test_most_requests_write_nothing(stores: Stores) -> None:
    for _ in range(30):
        is_admitted(stores, most=1_000)

    rows = boto3.client("dynamodb").scan(TableName="sekvens-test")["Items"]
    assert [row["taken"]["N"] for row in rows if "taken" in row] == ["30"]


def test_who_is_refused_asks_the_table_once(stores: Stores) -> None:
    headers: dict[str, str] = {}
    is_admitted(stores, most=1)
    is_admitted(stores, most=1)
    held = throttle.held_by_token()[SALLY.token_id]

    with pytest.raises(RateLimitedError) as refusal:
        admit(SALLY, most=1, now=NOW, permits=stores.permits, headers=headers)

    assert held.is_spent
    assert headers["x-ratelimit-remaining"] == "0"
    assert refusal.value.values["retry_after"] == int(headers["x-ratelimit-reset"])


def test_processes_together_never_give_out_more_than_there_is(shared_stores: Stores) -> None:
    def process(_: int) -> int:
        held = throttle.Held(window=1)
        given = 0
        while not held.is_spent:
            throttle._fetch(held, SALLY.token_id, most=200, permits=shared_stores.permits)
            given += held.permits
        return given

    with ThreadPoolExecutor(16) as pool:
        given = sum(pool.map(process, range(16)))

    assert given == 200


def test_every_answer_says_how_much_is_left(api: Api) -> None:
    first = api.get("/v1/users/me").headers
    second = api.get("/v1/users/nobody").headers

    assert first["x-ratelimit-limit"] == second["x-ratelimit-limit"] == "3000"
    assert int(first["x-ratelimit-remaining"]) - int(second["x-ratelimit-remaining"]) == 1
    assert 1 <= int(first["x-ratelimit-reset"]) <= 60


def test_a_token_that_asked_for_too_much_waits(api: Api) -> None:
    store = wiring.stores_for(TENANT).permits
    api.get("/v1/users/me")
    held_by = ApiTokenId("token-1")
    held = throttle.held_by_token()[held_by]
    # This minute has a batch already, the next one, should it begin meanwhile, has none.
    for window, many in ((held.window, 2_940), (held.window + 1, 2_970)):
        store.take(held_by, window=window, many=many, most=3_000, expires_at=2_000_000_000)
    throttle.held_by_token.cache_clear()
    *_, last = (api.get("/v1/users/me") for _ in range(30))
    refused = api.get("/v1/users/me")

    assert last.status_code == 200
    assert (refused.status_code, refused.json_body["code"]) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == refused.headers["x-ratelimit-reset"]
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert api.of(ADAM).get("/v1/users/me").status_code == 200
