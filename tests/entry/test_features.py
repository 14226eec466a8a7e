"""Three reasons for not finding an option, each with a code of its own."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.users import Plan
from chalicelib.entry import auth
from chalicelib.storage.stores import Stores
from tests.entry.conftest import ADAM, Api

HELLO = {"name": "Hello", "subject": "Hi", "body": "<p>Hello</p>"}


@pytest.mark.requirement("D365-SEQ-31")
def test_the_role_is_missing(api: Api) -> None:
    made = api.of(ADAM).post("/v1/email-templates", HELLO).json_body["data"]

    refused = api.patch(f"/v1/email-templates/{made['id']}", {"name": "Mine"})

    assert (refused.status_code, refused.json_body["code"]) == (403, "role_missing")


@pytest.mark.requirement("D365-SEQ-31")
def test_an_admin_has_switched_it_off(api: Api) -> None:
    api.of(ADAM).patch("/v1/settings", {"features_off": ["email_templates"]})
    auth.opened_by_digest.cache_clear()  # half a minute later

    refused = api.post("/v1/email-templates", HELLO)

    assert (refused.status_code, refused.json_body["code"]) == (403, "switched_off")
    assert api.get("/v1/email-templates").status_code == 200
    assert api.post("/v1/leads", {"title": "Chairs"}).status_code == 201


@pytest.mark.requirement("D365-SEQ-31")
def test_the_plan_does_not_hold_it(api: Api, stores: Stores) -> None:
    stores.tenant.save(replace(stores.tenant.get(), plan=Plan.ESSENTIAL))
    auth.opened_by_digest.cache_clear()  # half a minute later

    refused = api.post("/v1/sequences", {"name": "First meeting"})

    assert (refused.status_code, refused.json_body["code"]) == (403, "plan")
    assert api.post("/v1/smart-bcc", {}).status_code == 201
