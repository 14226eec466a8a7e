"""The doors to leads, deals, persons, organizations and projects."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import ItemId
from chalicelib.storage.stores import Stores
from tests.builders import a_deal, a_lead, a_person, an_organization
from tests.entry.conftest import OLGA, Api

PATHS = {
    "leads": {"title": "Forty chairs"},
    "deals": {"title": "Forty chairs"},
    "projects": {"title": "Forty chairs"},
    "persons": {"name": "Paula"},
    "organizations": {"name": "Acme"},
    "products": {"name": "Chair"},
    "activities": {"type": "call", "subject": "Ask for the color"},
}


@pytest.mark.parametrize("path", PATHS)
def test_an_item_lives_from_post_to_restore(api: Api, path: str) -> None:
    made = api.post(f"/v1/{path}", PATHS[path])
    item_id = made.json_body["data"]["id"]
    changed = api.patch(f"/v1/{path}/{item_id}", {"tags": ["vip"]})
    gone = api.delete(f"/v1/{path}/{item_id}")
    listed = api.get(f"/v1/{path}")
    deleted = api.get(f"/v1/{path}?status=deleted")
    back = api.post(f"/v1/{path}/{item_id}/restore")

    assert (made.status_code, made.json_body["data"]["owner_id"]) == (201, "user-sally")
    assert changed.json_body["data"]["tags"] == ["vip"]
    assert changed.json_body["data"]["version"] == 2
    assert gone.json_body == {"data": {"id": item_id, "deleted": True}}
    assert listed.json_body == {"data": [], "additional_data": {"next_cursor": None}}
    assert [each["id"] for each in deleted.json_body["data"]] == [item_id]
    assert back.json_body["data"]["status"] == "open"
    assert back.json_body["data"]["tags"] == ["vip"]


@pytest.mark.parametrize("path", PATHS)
def test_another_tenants_item_is_404_and_stays_as_it_is(api: Api, path: str) -> None:
    item_id = api.post(f"/v1/{path}", PATHS[path]).json_body["data"]["id"]
    olga = api.of(OLGA)

    answers = [
        olga.get(f"/v1/{path}/{item_id}"),
        olga.patch(f"/v1/{path}/{item_id}", {"tags": ["stolen"]}),
        olga.delete(f"/v1/{path}/{item_id}"),
        olga.post(f"/v1/{path}/{item_id}/restore"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert olga.get(f"/v1/{path}").json_body["data"] == []
    kept = api.get(f"/v1/{path}/{item_id}").json_body["data"]
    assert (kept["tags"], kept["version"]) == ([], 1)


def test_a_person_is_shown_as_the_contract_says(api: Api, stores: Stores) -> None:
    stores.items.create(an_organization())
    body = {
        "name": "Paula Prospect",
        "emails": [{"address": "Paula@Acme.Test"}, {"address": "p@home.test", "primary": True}],
        "phones": ["+49 30 123"],
        "organization_id": "org-acme",
        "owner_id": "user-adam",
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "do_not_call": True,
        "tags": ["vip", "vip"],
        "custom_fields": {"size": 40, "note": "tall", "is_new": True, "gone": None},
    }

    shown = api.post("/v1/persons", body).json_body["data"]

    del shown["id"], shown["created_at"], shown["updated_at"]
    assert shown == {
        "name": "Paula Prospect",
        "emails": [
            {"address": "paula@acme.test", "primary": False},
            {"address": "p@home.test", "primary": True},
        ],
        "phones": ["+49 30 123"],
        "organization_id": "org-acme",
        "merged_into": None,
        "owner_id": "user-adam",
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "do_not_email": False,
        "do_not_call": True,
        "status": "open",
        "tags": ["vip"],
        "custom_fields": {"size": 40, "note": "tall", "is_new": True},
        "deleted_at": None,
        "version": 1,
    }


def test_a_deal_is_shown_as_the_contract_says(api: Api, stores: Stores) -> None:
    stores.items.create(a_person())
    body = {
        "title": "Forty chairs",
        "person_id": "person-paula",
        "value": 4000.5,
        "currency": "EUR",
        "pipeline": "Sales",
        "stage": "Offer",
        "status": "lost",
        "status_reason": "too dear",
    }

    shown = api.post("/v1/deals", body).json_body["data"]

    assert shown.items() >= {**body, "organization_id": None, "owner_id": "user-sally"}.items()


def test_every_problem_of_a_body_comes_at_once(api: Api) -> None:
    answer = api.post(
        "/v1/deals",
        {
            "title": " ",
            "person_id": "nobody",
            "organization_id": "nothing",
            "owner_id": "no one",
            "status": "done",
            "currency": "euro",
            "value": -1,
            "custom_fields": {"Big": 1},
        },
    )

    assert answer.status_code == 422
    assert {(each["path"], each["code"]) for each in answer.json_body["errors"]} == {
        ("title", "blank"),
        ("person_id", "not_found"),
        ("organization_id", "not_found"),
        ("owner_id", "not_found"),
        ("status", "wrong_status"),
        ("currency", "wrong_currency"),
        ("value", "wrong_value"),
        ("custom_fields.Big", "wrong_name"),
    }
    assert api.get("/v1/deals").json_body["data"] == []


def test_a_reference_to_another_tenants_person_is_not_found(
    api: Api, others_stores: Stores
) -> None:
    others_stores.items.create(a_person())

    answer = api.post("/v1/deals", {"title": "x", "person_id": "person-paula"})

    assert answer.json_body["errors"][0]["code"] == "not_found"


def test_a_stale_if_match_changes_nothing(api: Api, stores: Stores) -> None:
    stores.items.create(a_deal())
    api.patch("/v1/deals/deal-1", {"title": "Fifty"})

    late = api.having(If_Match='"1"').patch("/v1/deals/deal-1", {"title": "Sixty"})
    in_time = api.having(If_Match='"2"').patch("/v1/deals/deal-1", {"stage": "Demo"})
    odd = api.having(If_Match='"two"').patch("/v1/deals/deal-1", {"title": "Sixty"})

    assert (late.status_code, late.json_body["code"]) == (409, "version_conflict")
    assert in_time.json_body["data"]["title"] == "Fifty"
    assert odd.status_code == 400


def test_null_empties_a_field_and_absence_leaves_it(api: Api, stores: Stores) -> None:
    stores.items.create(an_organization())
    stores.items.create(a_person())

    changed = api.patch("/v1/persons/person-paula", {"organization_id": None, "emails": []})

    assert changed.json_body["data"]["organization_id"] is None
    assert changed.json_body["data"]["emails"] == []
    assert changed.json_body["data"]["time_zone"] == "Europe/Berlin"
    assert stores.items.persons_with("paula@acme.test") == []


def test_a_change_that_changes_nothing_keeps_the_version(api: Api, stores: Stores) -> None:
    stores.items.create(a_deal())

    same = api.patch("/v1/deals/deal-1", {"title": "Forty chairs"})

    assert same.json_body["data"]["version"] == 1


@pytest.mark.parametrize("status", ["deleted", "converted"])
def test_a_status_with_a_door_of_its_own_cannot_be_set(
    api: Api, stores: Stores, status: str
) -> None:
    stores.items.create(a_lead())

    answer = api.patch("/v1/leads/lead-1", {"status": status})

    assert (answer.status_code, answer.json_body["errors"][0]["path"]) == (422, "status")


def test_a_deleted_item_is_not_changed_until_it_is_restored(api: Api, stores: Stores) -> None:
    lead = stores.items.create(replace(a_lead(), status=ItemStatus.ARCHIVED))
    api.delete("/v1/leads/lead-1")

    refused = api.patch("/v1/leads/lead-1", {"title": "x"})
    again = api.delete("/v1/leads/lead-1")
    back = api.post("/v1/leads/lead-1/restore")
    twice = api.post("/v1/leads/lead-1/restore")

    assert refused.status_code == 409
    assert again.status_code == 200
    assert back.json_body["data"]["status"] == "archived"
    assert (twice.status_code, twice.json_body["code"]) == (409, "illegal_move")
    assert stores.items.get(lead.ref).version == 3


def test_after_thirty_days_a_deleted_item_is_gone_for_good(api: Api, stores: Stores) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    deleted = replace(a_lead(), status=ItemStatus.DELETED, deleted_at=long_ago)
    stores.items.create(deleted)

    answer = api.post("/v1/leads/lead-1/restore")

    assert answer.status_code == 409


def test_a_list_takes_only_what_its_filters_say(api: Api, stores: Stores) -> None:
    for number, changes in enumerate(
        [
            {},
            {"organization_id": None},
            {"person_id": None},
            {"tags": ("vip",)},
            {"status": ItemStatus.WON},
        ]
    ):
        ref = ItemRef(ItemKind.DEAL, ItemId(f"deal-{number}"))
        stores.items.create(replace(a_deal(), ref=ref, **changes))  # type: ignore[arg-type]  # names of Item

    assert _ids(api, "tag=vip") == ["deal-3"]
    assert _ids(api, "status=won") == ["deal-4"]
    assert _ids(api, "person_id=person-paula&status=open") == ["deal-0", "deal-1", "deal-3"]
    assert _ids(api, "organization_id=org-acme") == ["deal-0", "deal-2", "deal-3", "deal-4"]
    assert _ids(api, "owner_id=user-adam") == []
    assert _ids(api, "updated_since=2999-01-01T00:00:00Z") == []
    assert _ids(api, "updated_since=2020-01-01T00:00:00%2B02:00&limit=1") == ["deal-0"]


@pytest.mark.parametrize("query", ["status=odd", "updated_since=today", "tag=a&tag=b"])
def test_a_filter_that_cannot_be_read_is_refused(api: Api, query: str) -> None:
    assert api.get(f"/v1/deals?{query}").status_code == 422


def test_a_kind_has_no_filter_for_what_it_lacks(api: Api) -> None:
    assert api.get("/v1/organizations?person_id=x").status_code == 422


def _ids(api: Api, query: str) -> list[str]:
    return [each["id"] for each in api.get(f"/v1/deals?{query}").json_body["data"]]


def test_an_address_that_two_persons_have_is_shown_at_both(api: Api, stores: Stores) -> None:
    emails = [{"address": "Office@Acme.Test"}, {"address": "p@acme.test"}]
    first = api.post("/v1/persons", {"name": "Paula", "emails": emails}).json_body["data"]["id"]
    second = api.post("/v1/persons", {"name": "Peter", "emails": emails[:1]})

    shown = api.get(f"/v1/persons/{first}").json_body["data"]["shared_addresses"]
    api.delete(f"/v1/persons/{second.json_body['data']['id']}")

    assert second.status_code == 201
    assert shown == [
        {"address": "office@acme.test", "person_ids": [second.json_body["data"]["id"]]}
    ]
    assert api.get(f"/v1/persons/{first}").json_body["data"]["shared_addresses"] == []


def test_what_was_deleted_a_month_ago_is_shown_no_more(api: Api, stores: Stores) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    stores.items.create(replace(a_lead(), status=ItemStatus.DELETED, deleted_at=long_ago))

    assert api.get("/v1/leads/lead-1").status_code == 404
    assert api.get("/v1/leads?status=deleted").json_body["data"] == []


def test_an_activity_is_shown_as_the_contract_says(api: Api, stores: Stores) -> None:
    stores.items.create(a_lead())
    body = {
        "type": "call",
        "subject": "Ask for the color",
        "due_at": "2026-03-02T10:00:00+01:00",
        "assignee_id": "user-adam",
        "priority": "high",
        "note": "Red?\nBlue?",
        "item": {"kind": "lead", "id": "lead-1"},
    }

    made = api.post("/v1/activities", body).json_body["data"]
    done = api.patch(f"/v1/activities/{made['id']}", {"done": True, "outcome": "answered"})

    assert made.items() >= {**body, "due_at": "2026-03-02T09:00:00Z", "done": False}.items()
    assert done.json_body["data"].items() >= {"done": True, "status": "done"}.items()
    assert [each["id"] for each in api.get("/v1/activities?status=done").json_body["data"]] == [
        made["id"]
    ]


def test_an_activity_is_told_of_its_problems_by_its_own_names(api: Api) -> None:
    answer = api.post(
        "/v1/activities",
        {
            "type": " ",
            "subject": "",
            "assignee_id": "nobody",
            "item": {"kind": "deal", "id": "nothing"},
        },
    )

    assert {each["path"] for each in answer.json_body["errors"]} == {
        "type",
        "subject",
        "assignee_id",
        "item",
    }


def test_a_product_is_shown_with_its_price(api: Api) -> None:
    body = {"name": "Chair", "code": "CH-1", "unit": "piece", "price": 90.5, "currency": "EUR"}

    made = api.post("/v1/products", body).json_body["data"]
    refused = api.patch(f"/v1/products/{made['id']}", {"price": -1})

    assert made.items() >= body.items()
    assert [each["path"] for each in refused.json_body["errors"]] == ["price"]
