"""The tenant's own fields: defined by admins, held to their types."""

import pytest

from chalicelib.storage.stores import Stores
from tests.builders import a_lead
from tests.entry.conftest import ADAM, OLGA, Api

ONE_OF_EACH: list[dict[str, object]] = [
    {"name": "Note", "type": "text"},
    {"name": "Chairs wanted", "type": "number"},
    {"name": "Day", "type": "date"},
    {"name": "Hour", "type": "date_time"},
    {"name": "Is new", "type": "boolean"},
    {"name": "Wood", "type": "option", "options": ["oak", "ash"]},
    {"name": "Colors", "type": "options", "options": ["red", "blue"]},
    {"name": "Site", "type": "url"},
]
GOOD = {
    "note": "tall",
    "chairs_wanted": 40,
    "day": "2026-03-01",
    "hour": "2026-03-01T09:00:00Z",
    "is_new": True,
    "wood": "oak",
    "colors": ["red", "blue"],
    "site": "https://acme.example/",
}
BAD = {
    "note": 1,
    "chairs_wanted": True,
    "day": "2026-02-30",
    "hour": "2026-03-01T09:00:00",
    "is_new": "yes",
    "wood": "elm",
    "colors": "red",
    "site": "acme",
}


def test_values_are_kept_as_their_types_say(api: Api) -> None:
    _define_all(api)

    made = api.post("/v1/leads", {"title": "Forty chairs", "custom_fields": GOOD})
    emptied = api.patch(
        f"/v1/leads/{made.json_body['data']['id']}", {"custom_fields": {"wood": None}}
    )

    assert made.json_body["data"]["custom_fields"] == GOOD
    assert "wood" not in emptied.json_body["data"]["custom_fields"]


def test_every_value_of_a_wrong_type_is_told_at_once(api: Api) -> None:
    _define_all(api)

    answer = api.post("/v1/leads", {"title": "", "custom_fields": {**BAD, "size": 4}})

    assert answer.status_code == 422
    assert {(each["path"], each["code"]) for each in answer.json_body["errors"]} == {
        ("title", "blank"),
        ("custom_fields.size", "unknown_field"),
        *((f"custom_fields.{key}", "wrong_type") for key in BAD),
    }
    assert api.get("/v1/leads").json_body["data"] == []


def test_fields_of_one_kind_and_tenant_are_no_others(api: Api) -> None:
    _define_all(api)

    deal = api.post("/v1/deals", {"title": "x", "custom_fields": {"wood": "elm"}})
    stranger = api.of(OLGA).post("/v1/leads", {"title": "x", "custom_fields": {"wood": "elm"}})

    assert (deal.status_code, stranger.status_code) == (201, 201)
    assert api.of(OLGA).get("/v1/custom-fields/lead.wood").status_code == 404
    assert api.of(OLGA).get("/v1/custom-fields").json_body["data"] == []


def test_a_field_is_listed_renamed_and_deleted(api: Api) -> None:
    _define_all(api)
    admin = api.of(ADAM)

    first = api.get("/v1/custom-fields?item_kind=lead&limit=5").json_body
    cursor = first["additional_data"]["next_cursor"]
    second = api.get(f"/v1/custom-fields?item_kind=lead&limit=5&cursor={cursor}").json_body
    renamed = admin.patch("/v1/custom-fields/lead.wood", {"name": "Timber", "options": ["elm"]})
    stale = admin.having(If_Match='"1"').patch("/v1/custom-fields/lead.wood", {"name": "Log"})
    gone = admin.delete("/v1/custom-fields/lead.site")

    assert [len(first["data"]), len(second["data"])] == [5, 3]
    assert renamed.json_body["data"].items() >= {"name": "Timber", "options": ["elm"]}.items()
    assert stale.status_code == 409
    assert gone.json_body == {"data": {"id": "lead.site", "deleted": True}}
    assert api.get("/v1/custom-fields/lead.site").status_code == 404
    assert api.get("/v1/custom-fields?item_kind=deal").json_body["data"] == []


@pytest.mark.parametrize(
    "body, path",
    [
        ({"name": "Wood", "type": "option"}, "options"),
        ({"name": "Wood", "type": "text", "options": ["oak"]}, "options"),
        ({"name": "Wood", "type": "option", "options": ["oak", "oak"]}, "options"),
        ({"name": "木", "type": "text"}, "key"),
        ({"name": "Wood", "type": "text", "key": "Big Wood"}, "key"),
        ({"name": "", "type": "text", "key": "wood"}, "name"),
        ({"name": "Wood", "type": "text", "item_kind": "user"}, "item_kind"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(
    api: Api, body: dict[str, object], path: str
) -> None:
    answer = api.of(ADAM).post("/v1/custom-fields", {"item_kind": "lead", **body})

    assert answer.status_code == 422
    assert path in {each["path"] for each in answer.json_body["errors"]}


def test_a_key_is_taken_once(api: Api) -> None:
    body = {"item_kind": "lead", "name": "Wood", "type": "text"}
    api.of(ADAM).post("/v1/custom-fields", body)

    answer = api.of(ADAM).post("/v1/custom-fields", body)

    assert answer.status_code == 409


def test_only_admins_define_fields(api: Api, stores: Stores) -> None:
    answer = api.post("/v1/custom-fields", {"item_kind": "lead", "name": "Wood", "type": "text"})

    assert (answer.status_code, answer.json_body["code"]) == (403, "role_missing")
    assert stores.custom_fields.of() == []


def test_a_converted_lead_hands_on_the_fields_that_deals_have(api: Api, stores: Stores) -> None:
    admin = api.of(ADAM)
    admin.post("/v1/custom-fields", {"item_kind": "deal", "name": "Size", "type": "number"})
    stores.items.create(a_lead())
    api.patch("/v1/leads/lead-1", {"custom_fields": {"size": 40, "color": "red"}})

    deal = api.post("/v1/leads/lead-1/convert").json_body["data"]

    assert deal["custom_fields"] == {"size": 40}


def _define_all(api: Api) -> None:
    for field in ONE_OF_EACH:
        answer = api.of(ADAM).post("/v1/custom-fields", {"item_kind": "lead"} | field)
        assert answer.status_code == 201
