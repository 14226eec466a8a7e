"""The doors to users and tokens."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.entry import auth
from chalicelib.storage.stores import Stores
from infra import ops
from tests.builders import TENANT
from tests.entry.conftest import ADAM, OLGA, SALLY, Api

NEW_USER = {"name": "Nora New", "email": "Nora@Northwind.test", "role": "sales_manager"}


def test_everybody_sees_themselves_and_the_others(api: Api) -> None:
    assert api.get("/v1/users/me").json_body["data"]["email"] == "sally@northwind.test"
    assert api.get("/v1/users/user-adam").json_body["data"]["name"] == "Adam Admin"
    assert [each["id"] for each in api.get("/v1/users").json_body["data"]] == [
        "user-adam",
        "user-sally",
    ]


def test_another_tenant_sees_none_of_them(api: Api) -> None:
    assert api.of(OLGA).get("/v1/users/user-sally").status_code == 404
    assert api.of(OLGA).patch("/v1/users/user-sally", {"name": "x"}).status_code == 404


def test_an_admin_makes_a_user_whose_address_is_not_yet_confirmed(api: Api) -> None:
    answer = api.of(ADAM).post("/v1/users", NEW_USER)

    user = answer.json_body["data"]
    assert answer.status_code == 201
    assert (user["email"], user["confirmed_addresses"]) == ("nora@northwind.test", [])
    assert user["time_zone"] == "UTC"


def test_a_new_user_without_a_zone_gets_the_tenants(api: Api) -> None:
    api.of(ADAM).patch("/v1/settings", {"time_zone": "Europe/Oslo"})

    user = api.of(ADAM).post("/v1/users", NEW_USER).json_body["data"]

    assert user["time_zone"] == "Europe/Oslo"


def test_an_address_that_another_user_has_is_refused(api: Api) -> None:
    answer = api.of(ADAM).post("/v1/users", {**NEW_USER, "email": "sally@northwind.test"})

    assert (answer.status_code, answer.json_body["code"]) == (422, "address_taken")


def test_a_salesperson_makes_no_users(api: Api) -> None:
    answer = api.post("/v1/users", NEW_USER)

    assert (answer.status_code, answer.json_body["code"]) == (403, "scope_missing")


def test_a_salesperson_changes_only_their_own_name_place_and_signature(api: Api) -> None:
    own = api.patch("/v1/users/me", {"signature": "Sally", "time_zone": "Asia/Tokyo"})
    role = api.patch("/v1/users/me", {"role": "admin"})
    other = api.patch("/v1/users/user-adam", {"name": "Sally was here"})

    assert own.json_body["data"]["time_zone"] == "Asia/Tokyo"
    assert (role.status_code, role.json_body["code"]) == (403, "role_missing")
    assert (other.status_code, other.json_body["code"]) == (403, "role_missing")


def test_an_admin_cannot_lock_themselves_out(api: Api) -> None:
    answer = api.of(ADAM).patch("/v1/users/me", {"role": "salesperson", "is_active": False})

    assert answer.status_code == 422
    assert {each["path"] for each in answer.json_body["errors"]} == {"role", "is_active"}


def test_a_new_address_is_unconfirmed_and_the_old_one_given_up(api: Api, stores: Stores) -> None:
    changed = api.of(ADAM).patch("/v1/users/user-sally", {"email": "sally@acme.test"})

    assert changed.json_body["data"]["confirmed_addresses"] == []
    assert stores.users.find_by_address("sally@northwind.test") is None


def test_wrong_values_of_a_user_are_all_named(api: Api) -> None:
    answer = api.of(ADAM).post(
        "/v1/users",
        {"name": "", "email": "x", "role": "admin", "time_zone": "Mars", "country": "xx"},
    )

    assert {each["path"] for each in answer.json_body["errors"]} == {
        "name",
        "email",
        "time_zone",
        "country",
    }


def test_a_token_is_made_used_and_ended(api: Api) -> None:
    made = api.post("/v1/tokens", {"name": "script", "scopes": ["read"]})
    secret = made.json_body["data"]["secret"]
    token_id = made.json_body["data"]["id"]

    reads = api.of(secret).get("/v1/leads")
    writes = api.of(secret).post("/v1/leads", {"title": "x"})
    listed = api.get("/v1/tokens").json_body["data"]
    ended = api.delete(f"/v1/tokens/{token_id}")
    auth.opened_by_digest.cache_clear()  # half a minute later
    after = api.of(secret).get("/v1/leads")

    assert (made.status_code, reads.status_code) == (201, 200)
    assert (writes.status_code, writes.json_body["code"]) == (403, "scope_missing")
    assert [each["name"] for each in listed] == ["laptop", "script"]
    assert "secret" not in listed[1]
    assert ended.status_code == 200
    assert after.status_code == 401


def test_a_token_hands_on_no_more_than_it_holds(api: Api) -> None:
    answer = api.post("/v1/tokens", {"name": "big", "scopes": ["admin"]})

    assert (answer.status_code, answer.json_body["code"]) == (403, "scope_missing")


def test_a_token_for_somebody_else_is_for_admins(api: Api) -> None:
    body = {"name": "x", "scopes": ["read"], "user_id": "user-sally"}

    by_adam = api.of(ADAM).post("/v1/tokens", body)
    by_sally = api.post("/v1/tokens", {**body, "user_id": "user-adam"})

    assert by_adam.json_body["data"]["user_id"] == "user-sally"
    assert by_sally.status_code == 403


def test_a_salesperson_neither_sees_nor_ends_the_tokens_of_others(api: Api) -> None:
    listed = api.get("/v1/tokens").json_body["data"]
    ended = api.delete("/v1/tokens/token-2")

    assert [each["id"] for each in listed] == ["token-1"]
    assert ended.status_code == 404


def test_an_expired_token_opens_nothing_even_while_remembered(api: Api) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    body = {"name": "short", "scopes": ["read"], "expires_at": soon}
    secret = api.post("/v1/tokens", body).json_body["data"]["secret"]
    first = api.of(secret).get("/v1/users/me").status_code

    while datetime.now(UTC).isoformat() <= soon:
        pass

    assert first == 200
    assert api.of(secret).get("/v1/users/me").status_code == 401


@pytest.mark.parametrize("wrong", [{"scopes": []}, {"name": " "}, {"user_id": "nobody"}])
def test_a_wrong_token_is_not_made(api: Api, wrong: dict[str, object]) -> None:
    answer = api.of(ADAM).post("/v1/tokens", {"name": "x", "scopes": ["read"], **wrong})

    assert answer.status_code == 422


def test_a_suspended_tenant_is_shut(api: Api) -> None:
    ops.suspend_tenant(TENANT)

    answer = api.of(SALLY).get("/v1/users/me")

    assert (answer.status_code, answer.json_body["code"]) == (403, "tenant_suspended")


def test_a_user_who_left_opens_nothing(api: Api) -> None:
    api.of(ADAM).patch("/v1/users/user-sally", {"is_active": False})

    assert api.of(SALLY).get("/v1/users/me").status_code == 401


def test_a_user_says_when_they_work_and_when_they_are_away(api: Api) -> None:
    hours = {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "wed": [["10:00", "24:00"]]}
    away = [{"from": "2026-07-01", "to": "2026-07-14"}]

    api.patch("/v1/users/me", {"working_hours": hours, "time_off": away, "country": "NO"})
    told = api.get("/v1/users/me").json_body["data"]
    api.patch("/v1/users/me", {"working_hours": None, "time_off": []})
    cleared = api.get("/v1/users/me").json_body["data"]

    assert (told["working_hours"], told["time_off"], told["country"]) == (hours, away, "NO")
    assert (cleared["working_hours"], cleared["time_off"]) == (None, [])


def test_hours_and_days_that_cannot_be_are_refused_at_once(api: Api) -> None:
    wrong = {
        "working_hours": {"mon": [["17:00", "09:00"]]},
        "time_off": [{"from": "2026-07-14", "to": "2026-07-01"}],
    }

    answer = api.patch("/v1/users/me", wrong)

    paths = [each["path"] for each in answer.json_body["errors"]]
    assert (answer.status_code, paths) == (422, ["working_hours.mon[0]", "time_off[0].to"])


def test_tokens_are_listed_in_parts(api: Api) -> None:
    for name in ("one", "two", "three"):
        api.post("/v1/tokens", {"name": name, "scopes": ["read"]})

    first = api.get("/v1/tokens?limit=3").json_body
    cursor = first["additional_data"]["next_cursor"]
    rest = api.get(f"/v1/tokens?limit=3&cursor={cursor}").json_body

    ids = [each["id"] for each in first["data"] + rest["data"]]
    assert (len(first["data"]), len(ids), len(set(ids))) == (3, 4, 4)
    assert rest["additional_data"]["next_cursor"] is None
    assert api.get("/v1/tokens?limit=0").status_code == 422
    assert api.get("/v1/sending-domains?limit=1").status_code == 200
    assert api.get("/v1/smart-bcc?limit=1").status_code == 200


def test_a_token_tells_when_it_was_last_used(api: Api) -> None:
    made = api.post("/v1/tokens", {"name": "script", "scopes": ["read"]}).json_body["data"]

    api.of(made["secret"]).get("/v1/users/me")
    used = {each["id"]: each["used_at"] for each in api.get("/v1/tokens").json_body["data"]}
    api.delete(f"/v1/tokens/{made['id']}")
    api.of(made["secret"]).get("/v1/users/me")
    left = api.get("/v1/tokens").json_body["data"]

    assert made["used_at"] is None
    assert used[made["id"]] is not None
    assert made["id"] not in {each["id"] for each in left}


def test_nobody_is_named_to_go_on_for_a_user_who_stays(api: Api) -> None:
    answer = api.of(ADAM).patch("/v1/users/user-sally", {"reassign_to": "user-adam"})

    assert answer.status_code == 422
    assert [each["path"] for each in answer.json_body["errors"]] == ["reassign_to"]


def test_an_admin_names_who_goes_on_when_a_user_leaves(api: Api) -> None:
    answer = api.of(ADAM).patch(
        "/v1/users/user-sally", {"is_active": False, "reassign_to": "user-adam"}
    )

    assert (answer.status_code, answer.json_body["data"]["is_active"]) == (200, False)
