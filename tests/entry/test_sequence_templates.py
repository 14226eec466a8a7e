"""HTTP door to the ready-made sequences."""

import pytest

from tests.entry.conftest import ADAM, Api


@pytest.mark.requirement("D365-TPL-03")
@pytest.mark.requirement("D365-TPL-05")
def test_the_six_are_listed_with_their_kind_and_size(api: Api) -> None:
    rows = api.get("/v1/sequence-templates").json_body["data"]

    assert [(row["key"], row["item_kind"], row["step_count"], row["days"]) for row in rows] == [
        ("contact_no_show", "person", 7, 5),
        ("high_volume_prospecting", "lead", 7, 9),
        ("event_invite", "person", 6, 5),
        ("product_demo", "deal", 9, 5),
        ("account_renewal", "organization", 13, 50),
        ("webinar_follow_up", "lead", 10, 7),
    ]
    assert rows[1]["name"] == "High volume outbound prospecting"
    assert rows[1]["languages"] == ["en", "sv", "nb", "da", "pl", "de"]
    assert rows[1]["flow"]["start"] == "a1"


@pytest.mark.requirement("D365-SEQ-16")
def test_from_an_item_only_those_for_its_kind_are_listed(api: Api) -> None:
    rows = api.get("/v1/sequence-templates?item_kind=lead").json_body["data"]

    assert [row["key"] for row in rows] == ["high_volume_prospecting", "webinar_follow_up"]


def test_they_are_listed_page_by_page(api: Api) -> None:
    first = api.get("/v1/sequence-templates?limit=4").json_body
    cursor = first["additional_data"]["next_cursor"]
    second = api.get(f"/v1/sequence-templates?limit=4&cursor={cursor}").json_body

    assert (len(first["data"]), len(second["data"])) == (4, 2)
    assert second["additional_data"]["next_cursor"] is None


def a_sequence(api: Api, **given: object) -> str:
    body = {"name": "Webinar", "template_key": "webinar_follow_up", **given}
    return str(api.post("/v1/sequences", body).json_body["data"]["id"])


def test_a_sequence_begins_in_the_language_that_is_asked_for(api: Api) -> None:
    made = a_sequence(api, language="de")

    steps = api.get(f"/v1/sequences/{made}").json_body["data"]["flow"]["steps"]
    assert steps[0]["subject"] == "Danke, dass Sie bei unserem Webinar waren"


def test_a_language_that_the_template_does_not_speak_is_refused(api: Api) -> None:
    body = {"name": "x", "template_key": "webinar_follow_up", "language": "fi"}
    answer = api.post("/v1/sequences", body)
    alone = api.post("/v1/sequences", {"name": "x", "language": "de"})

    assert (answer.status_code, alone.status_code) == (422, 422)
    assert "en, sv, nb, da, pl, de" in answer.json_body["errors"][0]["message"]


@pytest.mark.requirement("D365-TPL-02")
def test_a_salesperson_saves_no_templates(api: Api) -> None:
    made = a_sequence(api)

    answer = api.post("/v1/sequence-templates", {"sequence_id": made, "name": "Ours"})

    assert (answer.status_code, answer.json_body["code"]) == (403, "role_missing")


@pytest.mark.requirement("D365-TPL-02")
@pytest.mark.requirement("D365-TPL-04")
def test_a_managers_template_is_listed_changed_used_and_removed(api: Api) -> None:
    manager = api.of(ADAM)
    made = a_sequence(manager)
    saved = manager.post("/v1/sequence-templates", {"sequence_id": made, "name": "Ours"})
    key = saved.json_body["data"]["key"]

    listed = manager.get("/v1/sequence-templates?item_kind=lead&limit=3").json_body["data"]
    assert [row["key"] for row in listed] == ["high_volume_prospecting", "webinar_follow_up", key]
    assert (listed[2]["is_own"], listed[2]["step_count"], listed[2]["days"]) == (True, 10, 7)

    flow = {"start": "w", "steps": [{"id": "w", "type": "wait", "for": "PT2H", "next": None}]}
    path = f"/v1/sequence-templates/{key}"
    changed = manager.patch(path, {"name": "Shorter", "flow": flow}).json_body["data"]
    assert (changed["name"], changed["flow"], changed["version"]) == ("Shorter", flow, 2)
    assert manager.patch(path, {"flow": {"steps": 1}}).status_code == 422

    begun = a_sequence(manager, template_key=key)
    assert manager.get(f"/v1/sequences/{begun}").json_body["data"]["flow"] == flow
    assert manager.delete(path).json_body["data"] == {"id": key, "deleted": True}
    assert manager.patch(path, {"name": "Gone"}).status_code == 404
