"""The doors to addresses that must not be mailed."""

from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.storage.stores import Stores
from tests.builders import NOW
from tests.entry.conftest import ADAM, OLGA, Api


def test_an_address_is_suppressed_found_and_mailed_again(api: Api, stores: Stores) -> None:
    made = api.post("/v1/suppressions", {"address": "Paula@Acme.test"})
    again = api.post("/v1/suppressions", {"address": "paula@acme.test"})
    found = api.get("/v1/suppressions?address=PAULA@acme.test").json_body["data"]
    by_sally = api.delete(f"/v1/suppressions/{made.json_body['data']['id']}")
    by_adam = api.of(ADAM).delete(f"/v1/suppressions/{made.json_body['data']['id']}")

    assert (made.status_code, again.status_code) == (201, 200)
    assert found == [made.json_body["data"]] == [again.json_body["data"]]
    assert (found[0]["address"], found[0]["reason"]) == ("paula@acme.test", "manual")
    assert (by_sally.status_code, by_adam.status_code) == (403, 200)
    assert stores.addresses.suppression("paula@acme.test") is None


def test_what_bounced_is_listed_with_its_reason(api: Api, stores: Stores) -> None:
    stores.addresses.suppress("gone@acme.test", SuppressionReason.BOUNCED, NOW)
    api.post("/v1/suppressions", {"address": "paula@acme.test"})

    first = api.get("/v1/suppressions?limit=1").json_body
    cursor = first["additional_data"]["next_cursor"]
    rest = api.get(f"/v1/suppressions?limit=1&cursor={cursor}").json_body["data"]

    listed = [(each["address"], each["reason"]) for each in first["data"] + rest]
    assert sorted(listed) == [("gone@acme.test", "bounced"), ("paula@acme.test", "manual")]


def test_what_is_no_address_is_refused(api: Api) -> None:
    answer = api.post("/v1/suppressions", {"address": "nobody"})

    assert (answer.status_code, answer.json_body["errors"][0]["path"]) == (422, "address")


def test_another_tenant_sees_and_lifts_none(api: Api, stores: Stores) -> None:
    made = api.post("/v1/suppressions", {"address": "paula@acme.test"}).json_body["data"]
    olga = api.of(OLGA)

    assert olga.get("/v1/suppressions").json_body["data"] == []
    assert olga.get("/v1/suppressions?address=paula@acme.test").json_body["data"] == []
    assert olga.get(f"/v1/suppressions/{made['id']}").status_code == 404
    assert olga.delete(f"/v1/suppressions/{made['id']}").status_code == 404
    assert stores.addresses.suppression("paula@acme.test") is not None
