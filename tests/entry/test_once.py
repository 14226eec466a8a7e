"""A POST repeated with its Idempotency-Key happens once."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from chalicelib.domain.ids import ApiTokenId
from chalicelib.storage.stores import Stores
from tests.entry.conftest import ADAM, Api

NOW = datetime.now(UTC)


def test_a_repetition_gets_the_first_answer_and_makes_nothing(api: Api) -> None:
    keyed = api.having(Idempotency_Key="k1")

    first = keyed.post("/v1/leads", {"title": "x"})
    again = keyed.post("/v1/leads", {"title": "x"})

    assert (again.status_code, again.json_body) == (201, first.json_body)
    assert len(api.get("/v1/leads").json_body["data"]) == 1


def test_a_refusal_is_repeated_too(api: Api) -> None:
    keyed = api.having(Idempotency_Key="k1")

    first = keyed.post("/v1/leads", {"title": ""})
    again = keyed.post("/v1/leads", {"title": ""})

    assert (again.status_code, again.json_body) == (422, first.json_body)
    assert again.headers["Content-Type"] == "application/problem+json"


def test_the_same_key_with_another_body_is_refused(api: Api) -> None:
    keyed = api.having(Idempotency_Key="k1")
    keyed.post("/v1/leads", {"title": "x"})

    other = keyed.post("/v1/leads", {"title": "y"})

    assert (other.status_code, other.json_body["code"]) == (422, "idempotency_key_reused")


def test_a_key_counts_for_one_route_and_one_token(api: Api) -> None:
    keyed = api.having(Idempotency_Key="k1")
    keyed.post("/v1/leads", {"title": "x"})

    elsewhere = keyed.post("/v1/deals", {"title": "x"})
    other_token = keyed.of(ADAM).post("/v1/leads", {"title": "y"})

    assert (elsewhere.status_code, other_token.status_code) == (201, 201)


def test_the_same_key_for_another_item_is_refused(api: Api) -> None:
    ids = [api.post("/v1/leads", {"title": "x"}).json_body["data"]["id"] for _ in range(2)]
    for item_id in ids:
        api.delete(f"/v1/leads/{item_id}")
    keyed = api.having(Idempotency_Key="k1")

    first = keyed.post(f"/v1/leads/{ids[0]}/restore")
    other = keyed.post(f"/v1/leads/{ids[1]}/restore")

    assert (first.status_code, other.status_code) == (200, 422)


def test_a_secret_is_not_told_twice(api: Api) -> None:
    keyed = api.having(Idempotency_Key="k1")

    first = keyed.post("/v1/tokens", {"name": "x", "scopes": ["read"]}).json_body["data"]
    again = keyed.post("/v1/tokens", {"name": "x", "scopes": ["read"]}).json_body["data"]

    secret = first.pop("secret")
    assert again == {**first, "secret_shown": True}
    rows = boto3.client("dynamodb").scan(TableName="sekvens-test")["Items"]
    assert secret not in str(rows)


def test_a_twin_in_flight_is_told_to_wait(api: Api, stores: Stores) -> None:
    now = datetime.now(UTC)  # a lease of a minute, taken when the file was loaded, may be over
    place = stores.idempotency.place(ApiTokenId("token-1"), "POST /v1/leads", "k1")
    first = api.having(Idempotency_Key="k1").post("/v1/leads", {"title": "x"})
    kept = stores.idempotency.begin(place, request_hash="", owner="me", now=now)
    assert first.status_code == 201
    assert kept is not None
    stores.idempotency.begin(
        stores.idempotency.place(ApiTokenId("token-1"), "POST /v1/deals", "k1"),
        request_hash=kept.request_hash,
        owner="a twin",
        now=now,
    )

    answer = api.having(Idempotency_Key="k1").post("/v1/deals", {"title": "x"})

    assert (answer.status_code, answer.json_body["code"]) == (409, "request_in_flight")
    assert answer.headers["Retry-After"] == "1"


def test_what_failed_on_our_side_is_not_kept(api: Api, stores: Stores) -> None:
    place = stores.idempotency.place(ApiTokenId("token-1"), "POST /v1/leads", "k1")
    stores.idempotency.begin(place, request_hash="h", owner="me", now=NOW)

    stores.idempotency.release(place, owner="me")

    assert api.having(Idempotency_Key="k1").post("/v1/leads", {"title": "x"}).status_code == 201


def test_a_request_whose_worker_died_is_run_anew_after_its_lease(stores: Stores) -> None:
    place = stores.idempotency.place(ApiTokenId("token-1"), "POST /v1/leads", "k1")
    stores.idempotency.begin(place, request_hash="h", owner="dead", now=NOW)

    soon = NOW + timedelta(seconds=59)
    late = NOW + timedelta(seconds=61)

    assert stores.idempotency.begin(place, request_hash="h", owner="b", now=soon) is not None
    assert stores.idempotency.begin(place, request_hash="h", owner="b", now=late) is None


def test_after_a_day_a_key_is_free_again(stores: Stores) -> None:
    place = stores.idempotency.place(ApiTokenId("token-1"), "POST /v1/leads", "k1")
    stores.idempotency.begin(place, request_hash="h", owner="a", now=NOW)
    stores.idempotency.finish(place, owner="a", status=201, content_type="c", body="b")

    within = stores.idempotency.begin(
        place, request_hash="h", owner="b", now=NOW + timedelta(hours=23)
    )
    after = stores.idempotency.begin(
        place, request_hash="i", owner="b", now=NOW + timedelta(hours=25)
    )

    assert within is not None
    assert within.status == 201
    assert after is None


@pytest.mark.parametrize("key", ["", "x" * 256, "ä"])
def test_a_key_that_cannot_be_one_is_400(api: Api, key: str) -> None:
    assert api.having(Idempotency_Key=key).post("/v1/leads", {"title": "x"}).status_code == 400
