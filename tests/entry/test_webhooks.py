"""Webhooks by their doors: made, told, tried again, shown and replayed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from chalice.app import SQSEventConfig
from chalice.test import Client
from msgspec.structs import replace

from app import app
from chalicelib.domain.ids import TenantId
from chalicelib.domain.webhooks import secrets
from chalicelib.domain.webhooks.news import News, Topic
from chalicelib.domain.webhooks.parcels import Called
from chalicelib.entry import wiring
from chalicelib.services import telling
from chalicelib.services.decisions import Bench
from chalicelib.storage import webhook_keys
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.test_queue_doors import batch, failures, queued

URL: Final = "https://hooks.northwind.example/sekvens"
BODY: Final = {"url": URL, "events": ["enrollment.*", "thread.linked"]}
ENDED: Final = News(id="c-1-0", topic=Topic.COMPLETED, at=NOW, data={"enrollment_id": "e-1"})


@pytest.fixture
def bench(api: Api, stores: Stores, doubles: Doubles) -> Bench:
    """Work with a clock that stands still and queues that keep what they get."""
    return Bench(stores=stores, outside=doubles.outside)


def made(api: Api, **more: object) -> dict[str, Any]:
    answer = api.of(ADAM).post("/v1/webhooks", {**BODY, **more})
    assert answer.status_code == 201
    data: dict[str, Any] = answer.json_body["data"]
    return data


def deliveries(api: Api, webhook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = api.of(ADAM).get(f"/v1/webhooks/{webhook['id']}/deliveries{query}")
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json_body["data"]
    return rows


def letters(doubles: Doubles) -> list[dict[str, Any]]:
    """Take what waits to be posted."""
    return [json.loads(each) for each in doubles.queues.bodies_by_queue.pop("call", [])]


def hear(bench: Bench, letter: dict[str, Any], called: Called) -> None:
    webhook_id, parcel_id, of_try = letter["back"]["called"]
    telling.hear(webhook_id, parcel_id, called, of_try=of_try, bench=bench)


def look_around(bench: Bench, doubles: Doubles) -> int:
    """Let the sweep find what is due, and have it looked at."""
    for shard in range(16):
        telling.find_waiting(shard, outside=bench.outside)
    found = doubles.queues.bodies_by_queue.pop("webhook", [])
    for each in found:
        telling.look(*json.loads(each)["look"], bench=bench)
    return len(found)


def test_a_secret_is_shown_once_and_lies_sealed(api: Api, stores: Stores) -> None:
    admin = api.of(ADAM).having(Idempotency_Key="make-it-once")

    first = admin.post("/v1/webhooks", BODY).json_body["data"]
    again = admin.post("/v1/webhooks", BODY).json_body["data"]

    (kept,) = stores.webhooks.all()
    assert first["secret"].startswith("whsec_")
    assert (again["secret_shown"], "secret" in again) == (True, False)
    assert "secret" not in api.of(ADAM).get(f"/v1/webhooks/{first['id']}").json_body["data"]
    assert first["secret"] not in kept.sealed_secret


def test_a_webhook_is_made_listed_changed_and_removed(api: Api) -> None:
    admin, webhook = api.of(ADAM), made(api)
    path = f"/v1/webhooks/{webhook['id']}"

    changed = admin.having(If_Match='"1"').patch(path, {"events": ["*"], "on": False})
    stale = admin.having(If_Match='"1"').patch(path, {"on": True})
    listed = admin.get("/v1/webhooks").json_body["data"]
    gone = admin.delete(path)

    assert (changed.status_code, stale.status_code, gone.status_code) == (200, 409, 200)
    assert [(each["events"], each["on"], each["version"]) for each in listed] == [(["*"], False, 2)]
    assert admin.get(path).status_code == 404


def test_all_that_is_wrong_is_said_at_once(api: Api) -> None:
    body = {"url": "http://10.0.0.1/", "events": ["item.*", "item.exploded"]}

    answer = api.of(ADAM).post("/v1/webhooks", body)

    assert answer.status_code == 422
    assert [each["path"] for each in answer.json_body["errors"]] == ["url", "events[1]"]
    assert api.of(ADAM).get("/v1/webhooks").json_body["data"] == []


def test_there_are_forty_at_most(api: Api) -> None:
    for _ in range(40):
        made(api)

    answer = api.of(ADAM).post("/v1/webhooks", BODY)

    assert (answer.status_code, answer.json_body["errors"][0]["code"]) == (422, "too_many")


def test_salespersons_have_none_and_strangers_see_none(api: Api) -> None:
    path = f"/v1/webhooks/{made(api)['id']}"

    assert api.post("/v1/webhooks", BODY).status_code == 403
    assert api.get(path).status_code == 403
    for each in (path, f"{path}/deliveries"):
        assert api.of(OLGA).get(each).status_code == 404
    assert api.of(OLGA).post(f"{path}/deliveries/c-1-0/replay").status_code == 404


def test_who_makes_a_webhook_is_audited(api: Api) -> None:
    webhook = made(api)

    (entry,) = api.of(ADAM).get("/v1/audit?kind=webhook").json_body["data"]
    assert (entry["thing"]["id"], entry["action"]) == (webhook["id"], "created")


def test_news_go_signed_to_those_who_listen(api: Api, bench: Bench, doubles: Doubles) -> None:
    webhook, other = made(api), made(api, events=["item.*"])

    telling.tell([ENDED], bench=bench)

    (letter,) = letters(doubles)
    head = letter["headers"]["sekvens-signature"]
    at = int(head.partition(",")[0].removeprefix("t="))
    assert head == secrets.signature(webhook["secret"], letter["body"], at=at)
    assert letter["url"] == URL
    assert json.loads(letter["body"]) == {
        "id": "c-1-0",
        "type": "enrollment.completed",
        "occurred_at": "2026-03-02T09:00:00Z",
        "webhook_id": webhook["id"],
        "data": {"enrollment_id": "e-1"},
    }
    assert webhook["secret"] not in json.dumps(letter)
    assert deliveries(api, other) == []


def test_news_told_twice_are_one_delivery(api: Api, bench: Bench, doubles: Doubles) -> None:
    webhook = made(api)

    telling.tell([ENDED], bench=bench)
    telling.tell([ENDED], bench=bench)

    assert len(letters(doubles)) == 1
    assert [each["id"] for each in deliveries(api, webhook)] == ["c-1-0"]


def test_what_arrived_is_shown_so(api: Api, bench: Bench, doubles: Doubles) -> None:
    webhook = made(api)
    telling.tell([ENDED], bench=bench)
    (letter,) = letters(doubles)

    hear(bench, letter, Called(status=204))

    (shown,) = deliveries(api, webhook)
    assert (shown["state"], shown["status"], shown["tries"]) == ("delivered", 204, 1)
    assert (shown["trouble"], shown["next_try_at"]) == (None, None)


def test_what_fails_is_tried_eight_times_and_then_dead_and_shown(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    webhook = made(api)
    telling.tell([ENDED], bench=bench)
    ids = set()

    for _ in range(8):
        (letter,) = letters(doubles)
        ids.add(letter["headers"]["sekvens-event-id"])
        hear(bench, letter, Called(trouble="It cannot be reached (ConnectionRefusedError)."))
        doubles.clock.advance(timedelta(days=1))
        look_around(bench, doubles)

    (dead,) = deliveries(api, webhook, "?state=dead")
    assert (dead["tries"], dead["trouble"]) == (
        8,
        "It cannot be reached (ConnectionRefusedError).",
    )
    assert ids == {"c-1-0"}
    assert look_around(bench, doubles) == 0


def test_a_call_of_which_nothing_is_heard_is_made_again(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    made(api)
    telling.tell([ENDED], bench=bench)
    letters(doubles)

    doubles.clock.advance(timedelta(minutes=9))
    early = look_around(bench, doubles)
    doubles.clock.advance(timedelta(minutes=2))
    late = look_around(bench, doubles)

    assert (early, late) == (0, 1)
    assert [each["back"]["called"][2] for each in letters(doubles)] == [2]


def test_what_is_dead_is_replayed_under_the_same_id(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    webhook = made(api)
    telling.tell([ENDED], bench=bench)
    parcel = bench.stores.webhooks.parcel(webhook["id"], "c-1-0")
    doubles.clock.advance(timedelta(minutes=11))
    api.of(ADAM).patch(f"/v1/webhooks/{webhook['id']}", {"on": False})
    look_around(bench, doubles)
    (given_up,) = deliveries(api, webhook, "?state=dead")
    path = f"/v1/webhooks/{webhook['id']}/deliveries/{parcel.id}/replay"

    refused = api.of(ADAM).post(path)
    api.of(ADAM).patch(f"/v1/webhooks/{webhook['id']}", {"on": True})
    replayed = api.of(ADAM).post(path)

    assert given_up["trouble"] == "The webhook was switched off."
    assert (refused.status_code, replayed.status_code) == (409, 200)
    assert replayed.json_body["data"]["state"] == "waiting"
    assert [each["headers"]["sekvens-event-id"] for each in queued("call")] == ["c-1-0"]


def test_what_was_on_its_way_to_a_removed_webhook_is_forgotten(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    webhook = made(api)
    telling.tell([ENDED], bench=bench)
    (letter,) = letters(doubles)
    api.of(ADAM).delete(f"/v1/webhooks/{webhook['id']}")
    doubles.clock.advance(timedelta(minutes=11))

    first, then = look_around(bench, doubles), look_around(bench, doubles)
    hear(bench, letter, Called(status=200))

    assert (first, then) == (1, 0)
    assert letters(doubles) == []


def test_a_tenant_without_webhooks_is_told_nothing(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    webhook = made(api)
    telling.tell([ENDED], bench=bench)
    letters(doubles)
    api.of(ADAM).patch("/v1/settings", {"features_off": ["webhooks"]})
    doubles.clock.advance(timedelta(minutes=11))

    telling.tell([News(id="c-2-0", topic=Topic.FAILED, at=NOW, data={})], bench=bench)
    looked = look_around(bench, doubles)

    assert (looked, letters(doubles)) == (1, [])
    assert [each["state"] for each in deliveries(api, webhook)] == ["waiting"]


def test_deliveries_come_newest_first_and_page_by_page(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    webhook = made(api)
    for number in range(5):
        news = News(id=f"c-{number}-0", topic=Topic.FAILED, at=NOW, data={})
        telling.tell([news], bench=bench)
        doubles.clock.advance(timedelta(seconds=1))
    path = f"/v1/webhooks/{webhook['id']}/deliveries?limit=3"

    first = api.of(ADAM).get(path).json_body
    cursor = first["additional_data"]["next_cursor"]
    rest = api.of(ADAM).get(f"{path}&cursor={cursor}").json_body

    shown = [[each["id"] for each in each_page["data"]] for each_page in (first, rest)]
    assert shown == [["c-4-0", "c-3-0", "c-2-0"], ["c-1-0", "c-0-0"]]
    assert rest["additional_data"]["next_cursor"] is None


@pytest.fixture
def client(api: Api) -> Iterator[Client]:
    """Return what calls functions as Lambda does."""
    with Client(app) as client:
        yield client


def test_the_two_doors_hand_a_call_to_and_fro(api: Api, client: Client) -> None:
    webhook = made(api, url="https://10.example.invalid/")
    news = {"id": "c-1-0", "topic": "enrollment.failed", "at": "2026-03-02T09:00:00Z", "data": {}}
    told = json.dumps({"t": TENANT, "news": [news]})

    assert failures(client, "webhook_news", batch(told, told)) == []
    (letter,) = queued("call")
    assert failures(client, "webhook_calls", batch(json.dumps(letter))) == []
    (answer,) = queued("webhook")
    assert failures(client, "webhook_news", batch(json.dumps(answer))) == []

    (shown,) = deliveries(api, webhook)
    assert (shown["state"], shown["tries"]) == ("waiting", 1)
    assert shown["trouble"] == "The name of its host leads to no address."
    assert shown["next_try_at"] is not None


def test_few_shards_of_enrollments_leave_no_parcel_unseen(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    made(api)
    telling.tell([replace(ENDED, id=f"c-{number}") for number in range(12)], bench=bench)
    doubles.clock.advance(timedelta(hours=1))

    found = [telling.find_waiting(shard, of=2, outside=doubles.outside) for shard in range(4)]

    assert sum(found) == 12
    assert found[2:] == [0, 0], "who is left over from more shards reads nothing twice"


def test_one_tenants_slow_receiver_keeps_nobody_elses_letters_waiting(
    api: Api, bench: Bench, doubles: Doubles
) -> None:
    made(api)
    telling.tell([ENDED], bench=bench)
    doubles.clock.advance(timedelta(hours=1))

    for shard in range(webhook_keys.DUE_SHARDS):
        telling.find_waiting(shard, outside=doubles.outside)

    assert doubles.queues.groups == [("call", TENANT), ("webhook", TENANT)]
    sizes = {it.name: it.batch_size for it in app.event_sources if isinstance(it, SQSEventConfig)}
    assert sizes["webhook_calls"] == 1, "a letter behind four slow ones would wait twenty seconds"


def test_another_tenants_news_are_told_to_nobody_here(api: Api, client: Client) -> None:
    webhook = made(api, events=["*"])
    other = Bench(stores=wiring.stores_for(TenantId("zzzzzzzzzz")), outside=wiring.outside())

    telling.tell([ENDED], bench=other)

    assert deliveries(api, webhook) == []
