"""HTTP doors to what would happen, and to versions: drawn, walked, played, compared, moved."""

import pytest

from chalicelib.storage.stores import Stores
from tests.builders import a_lead, a_person, an_organization
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.test_sequence_lifecycle import a_call, a_flow, activated
from tests.entry.test_sequences import BROKEN, FLOW, made

MAILS = {
    "start": "hello",
    "steps": [
        {
            "id": "hello",
            "type": "email",
            "automatic": True,
            "subject": "Chairs for {{ organization.name }}",
            "body": "<p>{{ person.phone }} {{ person.first_name }}</p>",
            "next": "asked",
        },
        {
            "id": "asked",
            "type": "condition",
            "on": "replied",
            "of": "hello",
            "within": "P2D",
            "yes": "won",
            "no": "lost",
        },
        {"id": "won", "type": "end", "outcome": "interested"},
        {"id": "lost", "type": "end", "outcome": "no_answer"},
    ],
}


def test_a_flow_is_drawn_as_svg(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=FLOW)['id']}/diagram"

    for accept in ("*/*", "image/svg+xml", "text/html, image/*;q=0.5"):
        answer = api.having(Accept=accept).get(path)
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.body.decode().startswith("<svg ")


@pytest.mark.parametrize("accept", ["text/plain;q=0.5, image/png", "text/vnd.mermaid"])
def test_a_flow_is_drawn_as_mermaid(api: Api, accept: str) -> None:
    path = f"/v1/sequences/{made(api, flow=FLOW)['id']}/diagram?counts=true"

    answer = api.having(Accept=accept).get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/vnd.mermaid"
    assert answer.body.decode().startswith("flowchart TD\n")


def test_a_drawing_that_we_cannot_make_is_406(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=FLOW)['id']}/diagram"

    answer = api.having(Accept="image/png").get(path)

    assert (answer.status_code, answer.json_body["code"]) == (406, "not_acceptable")
    assert api.get(f"{path}?counts=perhaps").status_code == 422


@pytest.mark.requirement("PD-SEQ-19")
@pytest.mark.requirement("PD-SEQ-29")
def test_a_preview_shows_steps_instants_and_texts_with_what_is_missing(
    api: Api, stores: Stores
) -> None:
    for item in (an_organization(), a_person(), a_lead()):
        stores.items.create(item)
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/preview"

    told = api.post(path, {"item_id": "lead-1", "start_at": "2026-03-02T09:00:00Z"})

    steps = told.json_body["data"]["steps"]
    assert [(each["step_id"], each["reached_at"]) for each in steps] == [
        ("hello", "2026-03-02T09:00:00Z"),
        ("asked", "2026-03-02T09:00:00Z"),
        ("lost", "2026-03-04T09:02:00Z"),
        ("won", None),
    ]
    text = steps[0]["text"]
    assert (text["subject"], text["missing"]) == ("Chairs for Acme", ["person.phone"])
    assert "Paula" in text["body"]


def test_a_preview_follows_answers_for_an_imagined_item(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/preview"

    told = api.post(path, {"answers": {"asked": "yes"}, "start_at": "2026-03-02T09:00:00+01:00"})

    data = told.json_body["data"]
    assert (data["outcome"], data["ends_at"]) == ("interested", "2026-03-02T09:00:00Z")


def test_what_cannot_run_cannot_be_foreseen(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=BROKEN)['id']}"

    for answer in (api.post(f"{path}/preview", {}), api.post(f"{path}/simulate", {})):
        assert (answer.status_code, answer.json_body["code"]) == (422, "flow_not_ready")
    assert api.post(f"{path}/preview", {"item_id": "lead-9"}).status_code == 422
    whole = f"/v1/sequences/{made(api, flow=MAILS)['id']}/preview"
    assert api.post(whole, {"item_id": "lead-9"}).status_code == 404
    assert api.of(OLGA).post(whole, {}).status_code == 404


def test_a_simulation_tells_sends_days_outcomes_and_draws_them(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/simulate"
    body = {
        "records": 60,
        "days": 2,
        "senders": 2,
        "daily_cap": 10,
        "start_at": "2026-03-02T09:00:00Z",
        "chances": {"replied": 0},
    }

    data = api.post(path, body).json_body["data"]

    assert data["outcomes"] == {"no_answer": 60}
    assert data["counts"] == {"completed": 60}
    assert sum(each["mails"] for each in data["sends"]) == 60
    assert max(each["mails"] for each in data["sends"]) == 10
    assert data["cap_collisions"] > 0
    assert data["days"][-1]["inside"] == 0
    assert data["picture"].startswith("<svg ")


def test_answers_that_nobody_would_hear_are_refused(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/preview"

    answer = api.post(path, {"answers": {"asked": "perhaps", "elsewhere": "yes"}})

    assert [each["path"] for each in answer.json_body["errors"]] == [
        "answers.asked",
        "answers.elsewhere",
    ]


def test_a_simulation_of_which_nothing_is_said_imagines_a_hundred(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/simulate"

    answer = api.post(path, {})

    assert sum(answer.json_body["data"]["outcomes"].values()) == 100


def test_a_preview_asks_the_item_also_days_later_and_sees_what_the_flow_sets(
    api: Api, stores: Stores
) -> None:
    for item in (an_organization(), a_person(), a_lead()):
        stores.items.create(item)
    flow = {
        "start": "set",
        "steps": [
            {"id": "set", "type": "update_field", "field": "title", "value": "Hot", "next": "w"},
            {"id": "w", "type": "wait", "for": "P3D", "next": "asked"},
            {
                "id": "asked",
                "type": "condition",
                "on": "field",
                "field": "title",
                "operator": "equals",
                "value": "Hot",
                "yes": "won",
                "no": "lost",
            },
            {"id": "won", "type": "end", "outcome": "hot"},
            {"id": "lost", "type": "end", "outcome": "cold"},
        ],
    }
    path = f"/v1/sequences/{made(api, flow=flow)['id']}/preview"

    real = api.post(path, {"item_id": "lead-1"}).json_body["data"]
    imagined = api.post(path, {}).json_body["data"]
    answered = api.post(path, {"item_id": "lead-1", "answers": {"asked": "no"}}).json_body["data"]

    outcomes = [each["outcome"] for each in (real, imagined, answered)]
    assert outcomes == ["hot", "cold", "cold"]
    assert api.get("/v1/leads/lead-1").json_body["data"]["title"] != "Hot"


def test_a_preview_of_a_test_that_is_over_shows_its_winner(api: Api, stores: Stores) -> None:
    for item in (an_organization(), a_person(), a_lead()):
        stores.items.create(item)
    test = {
        "id": "m",
        "type": "ab_test",
        "automatic": True,
        "a": {"subject": "One", "body": "1"},
        "b": {"subject": "Two", "body": "2"},
        "next": "end",
    }
    end = {"id": "end", "type": "end", "outcome": "done"}

    for version, subject in (("a", "One"), ("b", "Two")):
        path = activated(api, flow={"start": "m", "steps": [test, end]})
        assert api.post(f"{path}/ab-tests/m/stop", {"version": version}).status_code == 200
        data = api.post(f"{path}/preview", {"item_id": "lead-1"}).json_body["data"]
        assert data["steps"][0]["text"]["subject"] == subject


def test_a_simulation_heeds_the_caps_of_the_tenant_and_says_which_were_hit(
    api: Api,
) -> None:
    caps = {"account_daily_cap": 30, "sender_daily_cap": 20, "recipient_domain_daily_cap": 9}
    api.of(ADAM).patch("/v1/settings", caps)
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/simulate"
    body = {"records": 90, "senders": 2, "recipient_domains": 3, "chances": {"replied": 0}}

    data = api.post(path, {**body, "start_at": "2026-03-02T09:00:00Z"}).json_body["data"]

    assert data["collisions_by_cap"].keys() <= {"account", "sender", "recipient_domain"}
    assert data["collisions_by_cap"]["recipient_domain"] > 0
    assert sum(data["collisions_by_cap"].values()) == data["cap_collisions"]
    sent = [each["mails"] for each in data["sends"]]
    assert (sum(sent), max(sent) <= 20) == (90, True)


def test_a_large_simulation_is_a_job(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/simulate"

    answer = api.post(path, {"records": 5_001})

    assert answer.status_code == 202
    job = api.get(f"/v1/jobs/{answer.json_body['data']['job_id']}").json_body["data"]
    assert (job["kind"], job["total"]) == ("simulate", 5_001)


@pytest.mark.parametrize(
    "body", [{"records": 0}, {"records": 10_001}, {"records": 1, "work_for": "P31D"}]
)
def test_what_is_out_of_bounds_is_not_simulated(api: Api, body: dict[str, object]) -> None:
    path = f"/v1/sequences/{made(api, flow=MAILS)['id']}/simulate"

    assert api.post(path, body).status_code == 422


def test_two_versions_are_compared(api: Api) -> None:
    path = activated(api)
    api.patch(path, {"flow": a_flow(a_call(subject="Ring", next="c2"), a_call("c2"))})

    data = api.get(f"{path}/versions/diff?from=1&to=2").json_body["data"]
    latest = api.get(f"{path}/versions/diff").json_body["data"]

    assert data == latest
    assert (data["added"], data["removed"]) == (["c2"], [])
    (changed,) = data["changed"]
    assert changed["step_id"] == "c1"
    assert {each["key"]: each["now"] for each in changed["differences"]}["subject"] == "Ring"


@pytest.mark.parametrize("query", ["?from=9", "?from=1&to=9", "?from=x&to=1"])
def test_only_published_versions_are_compared(api: Api, query: str) -> None:
    assert api.get(f"{activated(api)}/versions/diff{query}").status_code == 422


def test_those_in_flight_move_to_another_version(api: Api, stores: Stores) -> None:
    for item in (an_organization(), a_person(), a_lead()):
        stores.items.create(item)
    path = activated(api, flow=a_flow(a_call(next="c2"), a_call("c2")))
    (row,) = api.post(f"{path}/enrollments", {"item_ids": ["lead-1"]}).json_body["data"]
    api.patch(path, {"flow": a_flow(a_call(next="c2"), a_call("c2", subject="Ring again"))})
    move = {"from_flow_version": 1, "to_flow_version": 2}

    (trial,) = api.post(f"{path}/migrate", {**move, "dry_run": True}).json_body["data"]
    before = api.get(f"/v1/enrollments/{row['enrollment_id']}").json_body["data"]
    (moved,) = api.post(f"{path}/migrate", move).json_body["data"]
    after = api.get(f"/v1/enrollments/{row['enrollment_id']}").json_body["data"]

    assert (trial["step_id"], trial["moves"], trial["why_not"]) == ("c1", True, None)
    assert moved == trial
    assert (before["flow_version"], after["flow_version"]) == (1, 2)
    assert api.post(f"{path}/migrate", move).json_body["data"] == []


@pytest.mark.parametrize("numbers", [(1, 1), (1, 9), (9, 1)])
def test_only_between_published_versions_somebody_moves(api: Api, numbers: tuple[int, int]) -> None:
    body = {"from_flow_version": numbers[0], "to_flow_version": numbers[1]}

    assert api.post(f"{activated(api)}/migrate", body).status_code == 422


def test_another_sellers_sequence_is_not_migrated(api: Api) -> None:
    body = {"from_flow_version": 1, "to_flow_version": 1}

    assert api.of(OLGA).post(f"{activated(api)}/migrate", body).status_code == 404
