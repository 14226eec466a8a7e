"""Doors beside the item's own keep quiet about items of another business unit, too."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.users import Role
from chalicelib.domain.ids import ApiTokenId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import a_lead, a_person, a_token, a_user, an_organization
from tests.entry.conftest import Api
from tests.entry.test_sequence_lifecycle import a_call, activated
from tests.entry.test_sequences import made

NORA = "sekvens_of-nora"
LEAD = {"kind": "lead", "id": "lead-1"}


@pytest.fixture
def nora(api: Api, stores: Stores) -> Api:
    """Return a salesperson's client; Sally's unit, with its lead in a sequence, is not hers."""
    for item in (an_organization(), a_person(), a_lead()):
        stores.items.create(item)
    path = activated(api)
    (row,) = api.post(f"{path}/enrollments", {"item_ids": ["lead-1"]}).json_body["data"]
    assert row["enrolled"]
    stores.users.save(replace(stores.users.get(UserId("user-sally")), business_unit="South"))
    user = replace(
        a_user(),
        id=UserId("user-nora"),
        email="nora@northwind.test",
        confirmed_addresses=("nora@northwind.test",),
        role=Role.SALESPERSON,
        business_unit="North",
    )
    stores.users.save(user)
    token = replace(a_token(), id=ApiTokenId("token-nora"), user_id=user.id)
    stores.tokens.add(token, secret=NORA)
    return api.of(NORA)


def test_no_template_is_filled_in_with_an_unseen_item(nora: Api) -> None:
    body = {"name": "Spy", "subject": "{{ item.title }}", "body": "<p>{{ person.email }}</p>"}
    template = nora.post("/v1/email-templates", body).json_body["data"]["id"]

    for deed in ("preview", "test"):
        answer = nora.post(f"/v1/email-templates/{template}/{deed}", {"item": LEAD})
        assert answer.status_code == 422, deed
        assert answer.json_body["errors"][0]["code"] == "not_found", deed


def test_no_sequence_is_previewed_with_an_unseen_item(nora: Api) -> None:
    flow = {"start": "c1", "steps": [a_call("c1")]}
    sequence = made(nora, flow=flow)["id"]

    answer = nora.post(f"/v1/sequences/{sequence}/preview", {"item_id": "lead-1"})

    assert answer.status_code == 404


@pytest.mark.parametrize("door", ["enrollments", "up-next", "threads"])
def test_nothing_is_told_of_an_unseen_item(nora: Api, door: str) -> None:
    assert nora.get(f"/v1/items/lead/lead-1/{door}").status_code == 404


def test_an_unseen_item_gets_no_smart_bcc_address(nora: Api) -> None:
    assert nora.post("/v1/smart-bcc", {"item": LEAD}).status_code == 404


@pytest.mark.parametrize("deed", ["pause", "resume", "exit", "skip-wait", "assign"])
def test_the_enrollment_of_an_unseen_item_is_missing(nora: Api, api: Api, deed: str) -> None:
    (known,) = api.get("/v1/items/lead/lead-1/enrollments").json_body["data"]
    path = f"/v1/enrollments/{known['id']}"

    answer = nora.post(f"{path}/{deed}", {"user_id": "user-nora"} if deed == "assign" else {})

    assert answer.status_code == 404
    assert nora.get(path).status_code == 404
    assert api.get(path).json_body["data"]["version"] == known["version"]
