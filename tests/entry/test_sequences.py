"""HTTP doors to sequences: make, list, show, change, copy, delete."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.crm.users import Role
from chalicelib.domain.ids import ApiTokenId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import a_tenant, a_token, a_user
from tests.entry.conftest import ADAM, OLGA, Api

BEN = "sekvens_of-ben"
FLOW = {
    "start": "c1",
    "steps": [
        {
            "id": "c1",
            "type": "activity",
            "activity_type": "call",
            "subject": "Call them",
            "next": None,
        }
    ],
}
BROKEN: dict[str, Any] = {
    "start": "w",
    "steps": [{"id": "w", "type": "wait", "for": "P1D", "next": None}],
}


def made(api: Api, **body: object) -> dict[str, Any]:
    answer = api.post("/v1/sequences", {"name": "Outreach", **body})
    assert answer.status_code == 201, answer.json_body
    data: dict[str, Any] = answer.json_body["data"]
    return data


def with_ben(api: Api, stores: Stores, unit: str | None = None) -> Api:
    """Return the client of Ben, a seller of the same tenant."""
    ben = replace(
        a_user(),
        id=UserId("user-ben"),
        business_unit=unit,
        email="ben@northwind.test",
        confirmed_addresses=(),
    )
    stores.users.save(ben)
    stores.tokens.add(replace(a_token(), id=ApiTokenId("token-ben"), user_id=ben.id), secret=BEN)
    return api.of(BEN)


@pytest.mark.requirement("D365-SEQ-17")
@pytest.mark.requirement("PD-SEQ-02")
def test_a_new_sequence_is_an_empty_draft_for_leads(api: Api) -> None:
    answer = api.post("/v1/sequences", {"name": "Outreach"})

    data = answer.json_body["data"]
    assert answer.status_code == 201
    assert data["item_kind"] == "lead"
    assert data["status"] == "draft"
    assert data["owner_id"] == "user-sally"
    assert data["description"] == ""
    assert data["settings"]["exit_on_reply"] is True
    assert (data["version"], data["flow_version"]) == (1, None)


@pytest.mark.requirement("D365-SEQ-18")
def test_a_new_sequence_has_a_beginning_and_nothing_behind_it(api: Api) -> None:
    assert made(api)["flow"] == {"start": None, "steps": []}


@pytest.mark.requirement("PD-SEQ-01")
@pytest.mark.parametrize("kind", ["lead", "deal", "person", "organization"])
def test_a_sequence_is_for_one_kind_of_item(api: Api, kind: str) -> None:
    assert made(api, item_kind=kind)["item_kind"] == kind


@pytest.mark.parametrize("kind", ["project", "user", "contact", "", 1])
def test_a_sequence_is_not_for_other_things(api: Api, kind: object) -> None:
    answer = api.post("/v1/sequences", {"name": "Outreach", "item_kind": kind})

    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["path"] == "item_kind"


@pytest.mark.requirement("PD-SEQ-04")
@pytest.mark.requirement("D365-SEQ-15")
def test_a_sequence_made_from_a_template_is_a_copy_that_can_be_changed(api: Api) -> None:
    sequence = made(api, template_key="webinar_follow_up")
    steps = sequence["flow"]["steps"]
    steps[0]["subject"] = "Thank you, once more"

    changed = api.patch(f"/v1/sequences/{sequence['id']}", {"flow": sequence["flow"]})
    template = api.get("/v1/sequence-templates?key=webinar_follow_up").json_body["data"][0]

    assert (sequence["item_kind"], sequence["status"]) == ("lead", "draft")
    assert changed.json_body["data"]["flow"]["steps"][0]["subject"] == "Thank you, once more"
    assert template["flow"]["steps"][0]["subject"] == "Thank you for joining our webinar"


@pytest.mark.requirement("D365-TPL-04")
def test_steps_of_a_template_can_be_taken_out_and_put_in(api: Api) -> None:
    sequence = made(api, template_key="account_renewal")
    flow = sequence["flow"]
    flow["steps"][0]["next"] = "w2"
    flow["steps"] = [step for step in flow["steps"] if step["id"] != "s2"]

    api.patch(f"/v1/sequences/{sequence['id']}", {"flow": flow})
    checked = api.post(f"/v1/sequences/{sequence['id']}/validate")

    assert checked.json_body["data"] == {"valid": True, "problems": []}


@pytest.mark.parametrize(
    "body, path, code",
    [
        ({"template_key": "nothing"}, "template_key", "not_found"),
        ({"template_key": "product_demo", "flow": FLOW}, "flow", "not_both"),
        ({"template_key": "product_demo", "item_kind": "lead"}, "item_kind", "wrong_kind"),
        ({"flow": {"start": 1}}, "flow.start", "wrong_value"),
        (
            {"flow": {"steps": [{"id": "a", "type": "fax"}]}},
            "flow.steps[0].type",
            "unknown_step_type",
        ),
        ({"name": ""}, "name", "wrong_value"),
        ({"owner_id": "user-adam"}, "owner_id", "unknown_field"),
        ({"settings": {"colour": "red"}}, "settings.colour", "unknown_field"),
    ],
)
def test_what_does_not_fit_is_refused(
    api: Api, body: dict[str, object], path: str, code: str
) -> None:
    answer = api.post("/v1/sequences", {"name": "Outreach", **body})

    assert answer.status_code == 422
    assert [(each["path"], each["code"]) for each in answer.json_body["errors"]] == [(path, code)]


def test_a_draft_may_be_saved_with_problems(api: Api) -> None:
    assert made(api, flow=BROKEN)["flow"] == BROKEN


def test_a_sequence_is_shown_to_its_tenant_only(api: Api) -> None:
    sequence = made(api)

    assert api.get(f"/v1/sequences/{sequence['id']}").json_body["data"] == sequence
    assert api.of(OLGA).get(f"/v1/sequences/{sequence['id']}").status_code == 404
    assert api.of(OLGA).get("/v1/sequences").json_body["data"] == []


@pytest.mark.requirement("D365-SEQ-13")
@pytest.mark.requirement("PD-SEQ-28")
def test_sequences_are_listed_by_kind_without_their_flows(api: Api) -> None:
    made(api, item_kind="deal")
    lead = made(api, item_kind="lead", tags=["nordics"])
    del lead["flow"]

    for query in ("item_kind=lead", "tag=nordics", "item_kind=lead&status=draft"):
        assert api.get(f"/v1/sequences?{query}").json_body["data"] == [lead]
    for query in ("status=active", "owner_id=user-adam", "item_kind=person"):
        assert api.get(f"/v1/sequences?{query}").json_body["data"] == []


def test_a_filter_that_cannot_be_meant_is_refused(api: Api) -> None:
    assert api.get("/v1/sequences?item_kind=contact").status_code == 422
    assert api.get("/v1/sequences?stage=3").status_code == 422


def test_sequences_are_listed_page_by_page(api: Api) -> None:
    names = [made(api, name=f"Number {number}")["name"] for number in range(3)]

    first = api.get("/v1/sequences?limit=2").json_body
    cursor = first["additional_data"]["next_cursor"]
    second = api.get(f"/v1/sequences?limit=2&cursor={cursor}").json_body

    assert [each["name"] for each in first["data"] + second["data"]] == names
    assert second["additional_data"]["next_cursor"] is None


@pytest.mark.requirement("D365-SEQ-07")
def test_a_sequence_of_another_business_unit_does_not_exist(api: Api, stores: Stores) -> None:
    stores.users.save(replace(stores.users.get(UserId("user-sally")), business_unit="North"))
    sequence = made(api)
    ben = with_ben(api, stores, unit="South")

    assert ben.get(f"/v1/sequences/{sequence['id']}").status_code == 404
    assert ben.get("/v1/sequences").json_body["data"] == []
    assert api.of(ADAM).get(f"/v1/sequences/{sequence['id']}").status_code == 200


@pytest.mark.requirement("D365-SEQ-08")
def test_other_sellers_view_and_copy_and_change_nothing(api: Api, stores: Stores) -> None:
    sequence = made(api, flow=FLOW, tags=["nordics"], settings={"exit_on_reply": False})
    path = f"/v1/sequences/{sequence['id']}"
    ben = with_ben(api, stores)

    refused = [
        ben.patch(path, {"name": "Mine now"}),
        ben.delete(path),
        ben.post(f"{path}/activate"),
        ben.post(f"{path}/deactivate"),
        ben.post(f"{path}/pause"),
    ]
    copied = ben.post(f"{path}/copy", {"name": "Ben's"})

    assert [(each.status_code, each.json_body["code"]) for each in refused] == [
        (403, "not_owner")
    ] * 5
    copy = copied.json_body["data"]
    assert copied.status_code == 201
    assert (copy["name"], copy["owner_id"], copy["status"]) == ("Ben's", "user-ben", "draft")
    assert copy["flow"] == FLOW
    assert (copy["tags"], copy["settings"]["exit_on_reply"]) == (["nordics"], False)
    assert api.get(path).json_body["data"] == sequence


@pytest.mark.requirement("D365-SEQ-09")
def test_an_admin_changes_and_deletes_what_is_anothers(api: Api) -> None:
    path = f"/v1/sequences/{made(api)['id']}"

    assert api.of(ADAM).patch(path, {"name": "Better"}).json_body["data"]["name"] == "Better"
    assert api.of(ADAM).delete(path).status_code == 200


@pytest.mark.requirement("D365-SEQ-05")
def test_where_making_is_restricted_a_salesperson_can_neither_make_nor_copy(
    api: Api, stores: Stores
) -> None:
    sequence = made(api)
    restricted = {"restrict_sequence_creation_to": [Role.SEQUENCE_MANAGER.value]}
    stores.tenant.save(replace(a_tenant(), settings=restricted, version=1))

    answers = [
        api.post("/v1/sequences", {"name": "Another"}),
        api.post(f"/v1/sequences/{sequence['id']}/copy", {}),
    ]

    assert [(each.status_code, each.json_body["code"]) for each in answers] == [
        (403, "creation_restricted")
    ] * 2


def test_a_copy_without_a_name_says_of_what(api: Api) -> None:
    sequence = made(api, name="n" * 160)

    copy = api.post(f"/v1/sequences/{sequence['id']}/copy", {}).json_body["data"]

    assert copy["name"] == "Copy of " + "n" * 152


def test_a_copy_with_an_empty_name_is_refused(api: Api) -> None:
    answer = api.post(f"/v1/sequences/{made(api)['id']}/copy", {"name": " "})

    assert answer.status_code == 422


@pytest.mark.requirement("D365-SEQ-24")
@pytest.mark.requirement("PD-SEQ-19")
def test_a_draft_is_saved_before_it_is_activated(api: Api) -> None:
    sequence = made(api)

    answer = api.patch(f"/v1/sequences/{sequence['id']}", {"description": "d", "flow": FLOW})

    data = answer.json_body["data"]
    assert (data["status"], data["description"], data["flow"]) == ("draft", "d", FLOW)
    assert (data["version"], data["flow_version"]) == (2, None)


def test_owner_and_kind_stay(api: Api) -> None:
    path = f"/v1/sequences/{made(api)['id']}"

    for body in ({"owner_id": "user-adam"}, {"item_kind": "deal"}, {"status": "active"}):
        assert api.patch(path, body).status_code == 422


def test_a_change_of_what_has_changed_since_is_409(api: Api) -> None:
    path = f"/v1/sequences/{made(api)['id']}"
    api.patch(path, {"name": "Second"})

    stale = api.having(If_Match='"1"').patch(path, {"name": "Third"})
    fresh = api.having(If_Match='"2"').patch(path, {"name": "Third"})

    assert (stale.status_code, stale.json_body["code"]) == (409, "version_conflict")
    assert fresh.json_body["data"]["name"] == "Third"


@pytest.mark.requirement("PD-SEQ-24")
def test_a_deleted_sequence_is_gone(api: Api) -> None:
    sequence = made(api)
    path = f"/v1/sequences/{sequence['id']}"

    answer = api.delete(path)

    assert answer.json_body["data"] == {"id": sequence["id"], "deleted": True, "disconnected": 0}
    assert api.get(path).status_code == 404
    assert api.delete(path).status_code == 404


def test_a_running_sequence_is_deleted_only_when_that_is_meant(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=FLOW)['id']}"
    api.post(f"{path}/activate")

    refused = api.delete(path)
    odd = api.delete(f"{path}?disconnect=perhaps")
    meant = api.delete(f"{path}?disconnect=true")

    assert (refused.status_code, refused.json_body["code"]) == (409, "state_conflict")
    assert odd.status_code == 422
    assert meant.json_body["data"]["disconnected"] == 0


def test_a_tag_finds_what_lies_below_it(api: Api) -> None:
    deep = made(api, tags=["region/north/se"])
    made(api, tags=["regional"])

    for tag in ("region", "region/north", "region/north/se"):
        (found,) = api.get(f"/v1/sequences?tag={tag}").json_body["data"]
        assert found["id"] == deep["id"]


@pytest.mark.parametrize("tag", ["", "a//b", "a/b/c/d/e", "a/" + "x" * 101])
def test_a_tag_is_a_path_of_at_most_four_names(api: Api, tag: str) -> None:
    answer = api.post("/v1/sequences", {"name": "Tagged", "tags": [tag]})

    assert answer.status_code == 422
