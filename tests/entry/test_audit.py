"""The audit: whatever a person changes stands there with their name, and nothing else does."""

from typing import Any

import pytest

from chalicelib.storage.stores import Stores
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.services.runner import LEAD, SEQUENCE, Runner


@pytest.fixture
def runner(api: Api, stores: Stores, doubles: Doubles) -> Runner:
    """Set up an active sequence in Sally's tenant."""
    made = Runner(stores, doubles)
    made.set_up_work()
    return made


def audit(api: Api, query: str = "") -> list[dict[str, Any]]:
    answer = api.of(ADAM).get(f"/v1/audit{query}")
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json_body["data"]
    return rows


def told(api: Api, query: str = "") -> list[tuple[str, str, str, list[str]]]:
    return [
        (
            each["by"],
            each["thing"]["kind"],
            each["action"],
            [change["field"] for change in each["changes"]],
        )
        for each in audit(api, query)
    ]


def test_who_made_changed_and_deleted_an_item_is_kept(api: Api) -> None:
    lead = api.post("/v1/leads", {"title": "Forty chairs"}).json_body["data"]
    api.patch(f"/v1/leads/{lead['id']}", {"title": "Fifty chairs", "status": "archived"})
    api.of(ADAM).delete(f"/v1/leads/{lead['id']}")

    entries = audit(api, f"?kind=lead&id={lead['id']}")

    assert [(each["by"], each["action"]) for each in entries] == [
        ("user-adam", "changed"),
        ("user-sally", "changed"),
        ("user-sally", "created"),
    ]
    assert {"field": "status", "before": "open", "after": "archived"} in entries[1]["changes"]
    assert "Fifty" not in str(entries), "what people wrote is not repeated"
    assert entries[1]["token_id"] == "token-1"


def test_users_tokens_and_settings_are_audited(api: Api) -> None:
    admin = api.of(ADAM)
    admin.patch("/v1/users/user-sally", {"role": "sales_manager"})
    token = admin.post("/v1/tokens", {"name": "ours", "scopes": ["read"]}).json_body["data"]
    admin.delete(f"/v1/tokens/{token['id']}")
    admin.patch("/v1/settings", {"time_zone": "Europe/Berlin"})

    assert told(api) == [
        ("user-adam", "settings", "changed", ["settings"]),
        ("user-adam", "token", "deleted", []),
        ("user-adam", "token", "created", []),
        ("user-adam", "user", "changed", ["role"]),
    ]
    [user] = audit(api, "?kind=user")
    change = {"field": "role", "before": "salesperson", "after": "sales_manager"}
    assert user["changes"] == [change]
    assert token["secret"] not in str(audit(api))


def test_sequences_are_audited_and_what_the_runner_does_is_not(runner: Runner, api: Api) -> None:
    api.post(f"/v1/sequences/{SEQUENCE}/enrollments", {"item_ids": [LEAD.id]})
    runner.drain()
    api.of(ADAM).patch(f"/v1/sequences/{SEQUENCE}", {"tags": ["outbound"]})

    assert told(api) == [("user-adam", "sequence", "changed", ["tags"])]


def test_what_changes_nothing_is_no_change(api: Api) -> None:
    lead = api.post("/v1/leads", {"title": "Forty chairs"}).json_body["data"]
    api.patch(f"/v1/leads/{lead['id']}", {"title": "Forty chairs"})

    assert [each["action"] for each in audit(api)] == ["created"]


def test_the_audit_is_filtered_and_paged(api: Api) -> None:
    for number in range(5):
        api.post("/v1/leads", {"title": f"Lead {number}"})
    api.of(ADAM).post("/v1/leads", {"title": "Adam's"})

    assert len(audit(api, "?by=user-sally")) == 5
    assert audit(api, "?since=2099-01-01T00:00:00Z") == []
    assert len(audit(api, "?since=2000-01-01T00:00:00Z")) == 6
    first = api.of(ADAM).get("/v1/audit?limit=4").json_body
    cursor = first["additional_data"]["next_cursor"]
    rest = api.of(ADAM).get(f"/v1/audit?limit=4&cursor={cursor}").json_body
    ids = [each["id"] for each in [*first["data"], *rest["data"]]]
    assert (len(ids), len(set(ids))) == (6, 6)
    assert rest["additional_data"]["next_cursor"] is None


def test_the_audit_of_one_thing_is_paged(api: Api) -> None:
    lead = api.post("/v1/leads", {"title": "Forty chairs"}).json_body["data"]
    for number in range(3):
        api.patch(f"/v1/leads/{lead['id']}", {"title": f"{number} chairs"})

    path = f"/v1/audit?kind=lead&id={lead['id']}&limit=3"
    first = api.of(ADAM).get(path).json_body
    cursor = first["additional_data"]["next_cursor"]
    rest = api.of(ADAM).get(f"{path}&cursor={cursor}").json_body

    actions = [each["action"] for each in [*first["data"], *rest["data"]]]
    assert actions == ["changed", "changed", "changed", "created"]


def test_only_admins_read_it_and_only_their_own(api: Api) -> None:
    api.post("/v1/leads", {"title": "Forty chairs"})

    assert api.get("/v1/audit").status_code == 403
    assert api.of(OLGA).get("/v1/audit").json_body["data"] == []


def test_a_refused_change_is_in_no_audit(api: Api) -> None:
    lead = api.post("/v1/leads", {"title": "Forty chairs"}).json_body["data"]

    stale = api.having(if_match='"7"').patch(f"/v1/leads/{lead['id']}", {"title": "x"})

    assert stale.status_code == 409
    assert [each["action"] for each in audit(api)] == ["created"]


def test_templates_and_consents_are_audited(api: Api, runner: Runner) -> None:
    template = {"name": "Hello", "subject": "Hello", "body": "<p>Hello</p>"}
    made = api.post("/v1/email-templates", template).json_body["data"]
    api.patch(f"/v1/email-templates/{made['id']}", {"subject": "Good day"})
    api.delete(f"/v1/email-templates/{made['id']}")
    api.delete(f"/v1/sequences/{SEQUENCE}/consent")
    api.put(f"/v1/sequences/{SEQUENCE}/consent", {})

    assert told(api, "?kind=email_template") == [
        ("user-sally", "email_template", "deleted", []),
        ("user-sally", "email_template", "changed", ["subject"]),
        ("user-sally", "email_template", "created", []),
    ]
    assert [each[2] for each in told(api, "?kind=consent")] == ["created", "deleted"]
    assert "Good day" not in str(audit(api))
