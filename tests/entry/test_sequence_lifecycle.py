"""HTTP doors to a sequence's life: check, activate, publish, stop, consent, draw."""

from typing import Any

import pytest

from chalicelib.domain.ids import SequenceId
from chalicelib.storage import keys
from chalicelib.storage.rows.sequences import ActiveCountRow
from chalicelib.storage.stores import Stores
from tests.builders import TENANT
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.test_sequences import BROKEN, FLOW, made


def a_call(name: str = "c1", **changes: object) -> dict[str, Any]:
    return {"id": name, "type": "activity", "activity_type": "call", "subject": "Call", **changes}


def a_flow(*steps: dict[str, Any]) -> dict[str, object]:
    return {"start": steps[0]["id"], "steps": list(steps)}


def activated(api: Api, **body: object) -> str:
    """Make and activate a sequence; return its path."""
    path = f"/v1/sequences/{made(api, **{'flow': FLOW, **body})['id']}"
    answer = api.post(f"{path}/activate")
    assert answer.status_code == 200, answer.json_body
    return path


def test_a_check_says_every_problem_and_changes_nothing(api: Api) -> None:
    sequence = made(api, flow={**BROKEN, "steps": [*BROKEN["steps"], a_call("lonely")]})
    path = f"/v1/sequences/{sequence['id']}"

    answer = api.post(f"{path}/validate")

    assert answer.status_code == 200
    data = answer.json_body["data"]
    assert data["valid"] is False
    assert [(each["step_id"], each["code"]) for each in data["problems"]] == [
        ("lonely", "unreachable"),
        ("w", "wait_last"),
    ]
    assert api.get(path).json_body["data"] == sequence


def test_a_problem_of_the_whole_flow_names_no_step(api: Api) -> None:
    answer = api.post(f"/v1/sequences/{made(api)['id']}/validate")

    (problem,) = answer.json_body["data"]["problems"]
    assert (problem["step_id"], problem["code"]) == (None, "empty_flow")


def test_a_task_for_nobody_is_a_problem(api: Api) -> None:
    flow = a_flow(a_call(assignee="user-adam", next="c2"), a_call("c2", assignee="user-nobody"))
    sequence = made(api, flow=flow)

    (problem,) = api.post(f"/v1/sequences/{sequence['id']}/validate").json_body["data"]["problems"]

    assert (problem["step_id"], problem["code"]) == ("c2", "unknown_assignee")


@pytest.mark.requirement("D365-SEQ-28")
def test_an_activated_sequence_says_so_and_is_listed(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=FLOW)['id']}"

    answer = api.post(f"{path}/activate")

    data = answer.json_body["data"]
    assert answer.status_code == 200
    assert (data["status"], data["flow_version"], data["version"]) == ("active", 1, 2)
    (listed,) = api.get("/v1/sequences?status=active").json_body["data"]
    assert listed["id"] == data["id"]


@pytest.mark.requirement("D365-SEQ-27")
def test_a_sequence_with_problems_is_not_activated(api: Api) -> None:
    path = f"/v1/sequences/{made(api, flow=BROKEN)['id']}"

    answer = api.post(f"{path}/activate")

    assert (answer.status_code, answer.json_body["code"]) == (422, "flow_not_ready")
    assert answer.json_body["errors"] == [
        {
            "path": "flow.steps[0]",
            "code": "wait_last",
            "message": "A branch cannot end with a wait; delete it or put a step behind it.",
        }
    ]
    assert api.get(path).json_body["data"]["status"] == "draft"


def test_an_active_sequence_cannot_be_activated_again(api: Api) -> None:
    answer = api.post(f"{activated(api)}/activate")

    assert (answer.status_code, answer.json_body["code"]) == (409, "illegal_move")


@pytest.mark.requirement("D365-SEQ-26")
def test_the_two_hundred_and_fifty_first_is_refused_alone(api: Api) -> None:
    ActiveCountRow(keys.tenant(TENANT), keys.ACTIVE_SEQUENCES, active=249).save()
    last = activated(api)
    path = f"/v1/sequences/{made(api, flow=FLOW)['id']}"

    refused = api.post(f"{path}/activate")
    api.post(f"{last}/deactivate")
    taken = api.post(f"{path}/activate")

    assert (refused.status_code, refused.json_body["code"]) == (403, "active_sequence_limit")
    assert taken.status_code == 200


def test_a_changed_flow_of_a_running_sequence_is_published(api: Api) -> None:
    path = activated(api)
    longer = a_flow(a_call(next="c2"), a_call("c2"))

    changed = api.patch(path, {"flow": longer, "change_note": "One more call"})

    data = changed.json_body["data"]
    assert (data["status"], data["flow_version"]) == ("active", 2)
    versions = api.get(f"{path}/versions").json_body["data"]
    assert [(each["flow_version"], each["change_note"]) for each in versions] == [
        (2, "One more call"),
        (1, ""),
    ]


def test_what_is_published_does_not_change(api: Api, stores: Stores) -> None:
    path = activated(api)
    sequence_id = SequenceId(path.rsplit("/", 1)[-1])
    first = stores.sequences.flow_version(sequence_id, 1)

    api.patch(path, {"flow": a_flow(a_call(next="c2"), a_call("c2"))})

    assert stores.sequences.list_versions(sequence_id)[-1] == first


def test_a_broken_flow_is_not_published_and_changes_nothing(api: Api) -> None:
    path = activated(api)

    answer = api.patch(path, {"flow": BROKEN})

    assert answer.status_code == 422
    data = api.get(path).json_body["data"]
    assert (data["flow"], data["flow_version"]) == (FLOW, 1)


def test_a_new_name_of_a_running_sequence_publishes_nothing(api: Api) -> None:
    path = activated(api)

    data = api.patch(path, {"name": "Renamed", "flow": FLOW}).json_body["data"]

    assert (data["name"], data["flow_version"]) == ("Renamed", 1)


def test_a_changed_setting_of_a_running_sequence_is_published(api: Api) -> None:
    path = activated(api)

    data = api.patch(path, {"settings": {"exit_on_reply": False}}).json_body["data"]

    assert data["flow_version"] == 2


@pytest.mark.parametrize("flow, flow_version", [(FLOW, 1), (a_flow(a_call("other")), 2)])
def test_a_sequence_that_comes_back_publishes_only_what_is_new(
    api: Api, flow: dict[str, object], flow_version: int
) -> None:
    path = activated(api)
    gone = api.post(f"{path}/deactivate").json_body["data"]
    api.patch(path, {"flow": flow})

    data = api.post(f"{path}/activate").json_body["data"]

    assert (gone["status"], gone["disconnected"]) == ("inactive", 0)
    assert (data["status"], data["flow_version"]) == ("active", flow_version)


def test_a_draft_cannot_be_deactivated(api: Api) -> None:
    answer = api.post(f"/v1/sequences/{made(api)['id']}/deactivate")

    assert (answer.status_code, answer.json_body["code"]) == (409, "illegal_move")


@pytest.mark.requirement("PD-SEQ-19")
def test_a_sequence_is_paused_and_resumed(api: Api) -> None:
    path = activated(api)

    paused = api.post(f"{path}/pause").json_body["data"]
    resumed = api.post(f"{path}/resume").json_body["data"]

    assert (paused["status"], resumed["status"]) == ("paused", "active")


@pytest.mark.parametrize(
    "first, second", [(None, "resume"), ("pause", "pause"), ("deactivate", "pause")]
)
def test_a_pause_begins_and_ends_once(api: Api, first: str | None, second: str) -> None:
    path = activated(api)
    if first is not None:
        api.post(f"{path}/{first}")

    answer = api.post(f"{path}/{second}")

    assert (answer.status_code, answer.json_body["code"]) == (409, "illegal_move")


@pytest.mark.requirement("D365-SEQ-26")
def test_a_paused_sequence_takes_up_a_place(api: Api, stores: Stores) -> None:
    path = activated(api)

    api.post(f"{path}/pause")

    assert stores.sequences.count_active() == 1
    api.post(f"{path}/deactivate")
    assert stores.sequences.count_active() == 0


@pytest.mark.requirement("PD-SEQ-15")
@pytest.mark.requirement("PD-SEQ-18")
def test_consent_is_given_and_taken_back(api: Api) -> None:
    path = f"/v1/sequences/{made(api, template_key='high_volume_prospecting')['id']}/consent"

    before = api.get(path).json_body["data"]
    given = api.put(path, {}).json_body["data"]
    again = api.put(path, {}).json_body["data"]
    withdrawn = api.delete(path)

    assert (before["given"], before["given_at"]) == (False, None)
    assert (given["given"], given["user_id"]) == (True, "user-sally")
    assert again == given
    assert withdrawn.status_code == 200
    assert api.get(path).json_body["data"] == before


@pytest.mark.requirement("PD-SEQ-16")
@pytest.mark.requirement("PD-SEQ-17")
def test_consent_is_for_one_user_and_one_sequence(api: Api) -> None:
    first, second = (f"/v1/sequences/{made(api)['id']}/consent" for _ in range(2))

    api.put(first, {})

    assert api.get(first).json_body["data"]["given"] is True
    assert api.get(second).json_body["data"]["given"] is False
    assert api.of(ADAM).get(first).json_body["data"]["given"] is False


def test_consent_to_what_does_not_exist_is_404(api: Api) -> None:
    theirs = f"/v1/sequences/{made(api)['id']}/consent"

    for path in ("/v1/sequences/nothing/consent", theirs):
        stranger = api.of(OLGA)
        assert stranger.get(path).status_code == 404
        assert stranger.put(path, {}).status_code == 404
        assert stranger.delete(path).status_code == 404
