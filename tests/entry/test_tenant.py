"""The doors to settings and sending domains."""

from chalicelib.storage.stores import Stores
from tests.entry.conftest import ADAM, OLGA, Api


def test_settings_have_defaults(api: Api) -> None:
    settings = api.get("/v1/settings").json_body["data"]

    assert settings["active_per_item"] == "one"
    assert settings["unknown_send_policy"] == "manual"
    assert settings["business_calendar"]["working_hours"]["mon"] == [["09:00", "17:00"]]
    assert settings["version"] == 1


def test_of_a_calendar_only_what_is_given_changes(api: Api) -> None:
    hours = {"tue": [["08:00", "12:00"], ["13:00", "17:30"]]}
    admin = api.of(ADAM)

    admin.patch("/v1/settings", {"business_calendar": {"working_hours": hours}})
    admin.patch("/v1/settings", {"business_calendar": {"holiday_country": "DE"}})

    assert api.get("/v1/settings").json_body["data"]["business_calendar"] == {
        "working_hours": hours,
        "holiday_country": "DE",
        "days_off": [],
    }


def test_an_admin_changes_a_setting(api: Api) -> None:
    changed = api.of(ADAM).patch("/v1/settings", {"time_zone": "Europe/Oslo"})
    wrong = api.of(ADAM).patch("/v1/settings", {"time_zone": "Mars"})
    unknown = api.of(ADAM).patch("/v1/settings", {"colour": "red"})
    stale = api.of(ADAM).having(If_Match='"1"').patch("/v1/settings", {"time_zone": "UTC"})

    assert changed.json_body["data"].items() >= {"time_zone": "Europe/Oslo", "version": 2}.items()
    assert (wrong.status_code, unknown.status_code, stale.status_code) == (422, 422, 409)
    assert api.get("/v1/settings").json_body["data"]["time_zone"] == "Europe/Oslo"


def test_an_admin_restricts_who_makes_sequences(api: Api) -> None:
    change = {"restrict_sequence_creation_to": ["sequence_manager"]}

    api.of(ADAM).patch("/v1/settings", change)
    wrong = api.of(ADAM).patch("/v1/settings", {"restrict_sequence_creation_to": ["king"]})

    assert wrong.status_code == 422
    assert api.get("/v1/settings").json_body["data"].items() >= change.items()


def test_a_salesperson_changes_no_setting(api: Api) -> None:
    assert api.patch("/v1/settings", {"time_zone": "Europe/Oslo"}).status_code == 403


def test_a_sending_domain_begins_unproven(api: Api) -> None:
    made = api.of(ADAM).post("/v1/sending-domains", {"domain": "Northwind.Test"})

    domain = made.json_body["data"]
    assert (made.status_code, domain["domain"], domain["status"]) == (
        201,
        "northwind.test",
        "pending",
    )
    assert api.get("/v1/sending-domains/northwind.test").json_body["data"] == domain


def test_a_sending_domain_belongs_to_one_tenant(api: Api, others_stores: Stores) -> None:
    api.of(ADAM).post("/v1/sending-domains", {"domain": "northwind.test"})

    taken = api.of(OLGA).post("/v1/sending-domains", {"domain": "northwind.test"})

    assert (taken.status_code, taken.json_body["code"]) == (409, "domain_taken")
    assert api.of(OLGA).get("/v1/sending-domains").json_body["data"] == []
    assert others_stores.domains.list_all() == []


def test_a_domain_posted_again_is_checked(api: Api) -> None:
    first = api.of(ADAM).post("/v1/sending-domains", {"domain": "northwind.test"})

    again = api.of(ADAM).post("/v1/sending-domains", {"domain": "northwind.test"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json_body["data"]["dns_records"] == first.json_body["data"]["dns_records"]
    assert again.json_body["data"]["status"] in {"pending", "verified"}


def test_what_is_no_domain_is_refused(api: Api) -> None:
    for wrong in ("localhost", "", "a b.test", "x@northwind.test", "-.-"):
        answer = api.of(ADAM).post("/v1/sending-domains", {"domain": wrong})

        assert (answer.status_code, answer.json_body["errors"][0]["path"]) == (422, "domain")
