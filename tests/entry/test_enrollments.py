"""HTTP doors to enrollments, the feed and the overview: status, body, refusals."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.ids import UserId
from chalicelib.storage.stores import Stores
from tests.builders import a_deal
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.services.runner import SALLY, SEQUENCE, Runner

ENROLLMENTS = f"/v1/sequences/{SEQUENCE}/enrollments"


@pytest.fixture
def runner(api: Api, stores: Stores, doubles: Doubles) -> Runner:
    """Set up work for Sally; her token is the one `api` bears."""
    made = Runner(stores, doubles)
    made.set_up_work()
    # The doors read the world's clock; what they make due must be due for the runner too.
    doubles.clock.instant = datetime.now(UTC) + timedelta(minutes=1)
    return made


def enrolled(api: Api) -> str:
    (row,) = api.post(ENROLLMENTS, {"item_ids": ["lead-1"]}).json_body["data"]
    return str(row["enrollment_id"])


def test_enrolling_answers_a_row_for_each_item_in_order(runner: Runner, api: Api) -> None:
    runner.stores.items.create(a_deal())

    answer = api.post(ENROLLMENTS, {"item_ids": ["deal-1", "lead-1", "nobody"]})

    assert answer.status_code == 200
    rows = answer.json_body["data"]
    assert [row["item_id"] for row in rows] == ["deal-1", "lead-1", "nobody"]
    assert [row.get("code") for row in rows] == ["wrong_kind", None, "not_found"]
    assert rows[1]["enrolled"]
    assert rows[1]["warnings"] == []


def test_a_dry_run_gives_no_ids(runner: Runner, api: Api) -> None:
    (row,) = api.post(ENROLLMENTS, {"item_ids": ["lead-1"], "dry_run": True}).json_body["data"]

    assert row == {"item_id": "lead-1", "enrolled": True, "warnings": []}


def test_a_request_names_at_least_one_item(runner: Runner, api: Api) -> None:
    answer = api.post(ENROLLMENTS, {"item_ids": []})

    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["path"] == "item_ids"


def test_whoever_fits_a_filter_is_enrolled_by_a_job(runner: Runner, api: Api) -> None:
    answer = api.post(ENROLLMENTS, {"filter": {"status": "open", "without_sequence": True}})

    assert answer.status_code == 202
    assert answer.json_body["data"]["job_id"]


def test_everybody_there_is_is_nobodys_intention(runner: Runner, api: Api) -> None:
    answer = api.post(ENROLLMENTS, {"filter": {"without_sequence": True}})

    assert answer.json_body["errors"][0]["code"] == "no_criterion"


@pytest.mark.requirement("PD-SEQ-15")
def test_consent_lets_go_what_was_held_for_want_of_it(runner: Runner, api: Api) -> None:
    runner.stores.consents.withdraw(UserId("user-sally"), SEQUENCE)
    enrolled(api)
    runner.drain()
    (held,) = api.get("/v1/pulse").json_body["data"]

    api.put(f"/v1/sequences/{SEQUENCE}/consent", {})
    runner.drain()

    assert held["why"].startswith("consent missing")
    assert api.get("/v1/pulse").json_body["data"] == []
    assert len(runner.doubles.mailer.sent) == 1


def test_ids_and_a_filter_are_not_given_together(runner: Runner, api: Api) -> None:
    answer = api.post(ENROLLMENTS, {"filter": {}, "item_ids": ["lead-1"]})

    assert answer.json_body["errors"][0]["code"] == "one_of_two"


def test_an_enrollment_is_shown_with_its_history(runner: Runner, api: Api) -> None:
    enrollment_id = enrolled(api)

    shown = api.get(f"/v1/enrollments/{enrollment_id}").json_body["data"]

    assert (shown["status"], shown["current_step_id"]) == ("active", "a1")
    assert shown["item"] == {"kind": "lead", "id": "lead-1"}
    assert [line["state"] for line in shown["history"]] == ["reached"]


@pytest.mark.requirement("PD-SEQ-22")
@pytest.mark.parametrize(
    "query, found",
    [
        ("", 1),
        ("?status=in_progress", 1),
        ("?status=active", 1),
        ("?status=completed", 0),
        ("?owner_id=user-sally", 1),
        ("?owner_id=user-adam", 0),
    ],
)
def test_the_list_is_filtered_by_status_and_owner(
    runner: Runner, api: Api, query: str, found: int
) -> None:
    enrolled(api)

    answer = api.get(ENROLLMENTS + query)

    assert len(answer.json_body["data"]) == found


def test_an_unknown_status_is_refused(runner: Runner, api: Api) -> None:
    answer = api.get(ENROLLMENTS + "?status=lost")

    assert answer.status_code == 422


def test_pausing_resuming_and_removing_by_hand(runner: Runner, api: Api) -> None:
    path = f"/v1/enrollments/{enrolled(api)}"

    paused = api.post(f"{path}/pause", {}).json_body["data"]
    again = api.post(f"{path}/pause", {})
    resumed = api.post(f"{path}/resume", {}).json_body["data"]
    gone = api.post(f"{path}/exit", {}).json_body["data"]

    assert (paused["status"], paused["reason"]) == ("paused", "manual")
    assert (again.status_code, again.json_body["code"]) == (409, "illegal_move")
    assert resumed["status"] == "active"
    assert (gone["status"], gone["reason"]) == ("exited", "removed_by_user")


def test_a_resume_may_catch_up_and_knows_no_other_modes(runner: Runner, api: Api) -> None:
    path = f"/v1/enrollments/{enrolled(api)}"
    api.post(f"{path}/pause", {})

    wrong = api.post(f"{path}/resume", {"mode": "blast"})
    answer = api.post(f"{path}/resume", {"mode": "catch_up"})

    assert (wrong.status_code, wrong.json_body["errors"][0]["path"]) == (422, "mode")
    assert (answer.status_code, answer.json_body["data"]["status"]) == (200, "active")


@pytest.mark.requirement("PD-SEQ-26")
def test_an_item_shows_its_sequences(runner: Runner, api: Api) -> None:
    enrollment_id = enrolled(api)

    (found,) = api.get("/v1/items/lead/lead-1/enrollments").json_body["data"]

    assert found["id"] == enrollment_id


@pytest.mark.requirement("PD-SEQ-20")
def test_the_overview_counts_at_once(runner: Runner, api: Api) -> None:
    enrolled(api)

    shown = api.get(f"/v1/sequences/{SEQUENCE}/overview").json_body["data"]

    assert shown["counts"] == {"in_progress": 1, "completed": 0, "failed": 0}
    assert [step["step_id"] for step in shown["steps"]][:2] == ["a1", "k1"]


def test_another_tenant_finds_nothing(runner: Runner, api: Api) -> None:
    enrollment_id = enrolled(api)
    stranger = api.of(OLGA)

    answers = [
        stranger.post(ENROLLMENTS, {"item_ids": ["lead-1"]}),
        stranger.get(ENROLLMENTS),
        stranger.get(f"/v1/sequences/{SEQUENCE}/overview"),
        stranger.get(f"/v1/enrollments/{enrollment_id}"),
        stranger.post(f"/v1/enrollments/{enrollment_id}/exit", {}),
        stranger.get("/v1/items/lead/lead-1/enrollments"),
        stranger.get(f"/v1/pulse/{enrollment_id}-a1"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7


def at_draft(runner: Runner, api: Api) -> str:
    runner.stores.consents.withdraw(SALLY, SEQUENCE)
    enrolled(api)
    runner.drain()
    return str(api.get("/v1/pulse").json_body["data"][0]["id"])


@pytest.mark.requirement("PD-SEQ-13")
def test_a_drafted_mail_shows_in_the_feed_with_its_text(runner: Runner, api: Api) -> None:
    at_draft(runner, api)

    (task,) = api.get("/v1/pulse").json_body["data"]

    assert (task["type"], task["actionable"], task["state"]) == ("email", True, "open")
    assert task["subject"] == "Hello Paula"
    assert task["item"] == {"kind": "lead", "id": "lead-1", "title": "Acme wants forty chairs"}


def test_the_feed_is_filtered_by_type_and_instant(runner: Runner, api: Api) -> None:
    at_draft(runner, api)

    assert api.get("/v1/pulse?type=call").json_body["data"] == []
    assert api.get("/v1/pulse?due_before=2020-01-01T00:00:00Z").json_body["data"] == []
    assert api.get("/v1/pulse?due_before=tomorrow").status_code == 422


def test_a_draft_is_edited_and_sent(runner: Runner, api: Api) -> None:
    path = f"/v1/pulse/{at_draft(runner, api)}"

    edited = api.patch(path, {"subject": "Mine"})
    sent = api.post(f"{path}/send", {})
    runner.drain()

    assert edited.json_body["data"]["subject"] == "Mine"
    assert sent.status_code == 202
    assert b"Subject: Mine" in runner.doubles.mailer.sent[0].mime


def test_a_snooze_must_end_in_the_future(runner: Runner, api: Api) -> None:
    path = f"/v1/pulse/{at_draft(runner, api)}"

    assert api.post(f"{path}/snooze", {"until": "2020-01-01T00:00:00Z"}).status_code == 422
    assert api.post(f"{path}/snooze", {"until": "2999-01-01T00:00:00Z"}).status_code == 200


@pytest.mark.parametrize(
    "until",
    ["2999-01-01T00:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"],
)
def test_an_instant_needs_an_offset_and_a_place_in_the_calendar(
    runner: Runner, api: Api, until: str
) -> None:
    task_id = at_draft(runner, api)
    enrollment_id = api.get(f"/v1/pulse/{task_id}").json_body["data"]["enrollment_id"]

    for path in (f"/v1/pulse/{task_id}/snooze", f"/v1/enrollments/{enrollment_id}/pause"):
        answer = api.post(path, {"until": until})

        assert answer.status_code == 422
        assert answer.json_body["errors"][0]["path"] == "until"


@pytest.mark.parametrize(
    "asked",
    [
        "/v1/pulse?due_before=9999-12-31T23:59:59-23:59",
        "/v1/pulse?due_before=0001-01-01T00:00:00%2B23:59",
        "/v1/pulse?due_before=2026-01-01T00:00:00",
        "/v1/leads?updated_since=9999-12-31T23:59:59-23:59",
        "/v1/leads?updated_since=0001-01-01T00:00:00%2B23:59",
    ],
)
def test_an_instant_in_a_query_needs_them_too(runner: Runner, api: Api, asked: str) -> None:
    answer = api.get(asked)

    assert (answer.status_code, answer.json_body["errors"][0]["code"]) == (422, "wrong_value")


@pytest.mark.parametrize(
    "written, path",
    [
        ({"subject": "x" * 999}, "subject"),
        ({"subject": "Hello\r\nBcc: eve@evil.test"}, "subject"),
        ({"subject": "Hello\n"}, "subject"),
        ({"body": "x" * (64 * 1024 + 1)}, "body"),
    ],
)
def test_a_draft_has_one_line_of_subject_and_64_kb_of_body(
    runner: Runner, api: Api, written: dict[str, str], path: str
) -> None:
    task = f"/v1/pulse/{at_draft(runner, api)}"

    edited = api.patch(task, written)
    sent = api.post(f"{task}/send", written)

    assert (edited.status_code, sent.status_code) == (422, 422)
    assert edited.json_body["errors"][0]["path"] == path
    assert api.get(task).json_body["data"]["state"] == "open"


@pytest.mark.parametrize("said", [{"outcome": "x" * 65}, {"note": "x" * 2_001}])
def test_what_is_said_of_a_done_task_is_short(
    runner: Runner, api: Api, said: dict[str, str]
) -> None:
    answer = api.post(f"/v1/pulse/{at_draft(runner, api)}/complete", said)

    (problem,) = answer.json_body["errors"]
    assert (answer.status_code, problem["path"]) == (422, next(iter(said)))
    assert problem["code"] == "too_long"


def test_a_skipped_task_cannot_be_completed(runner: Runner, api: Api) -> None:
    path = f"/v1/pulse/{at_draft(runner, api)}"

    skipped = api.post(f"{path}/skip", {})
    completed = api.post(f"{path}/complete", {})

    assert skipped.json_body["data"]["state"] == "skipped"
    assert completed.status_code == 409


def test_an_admin_may_work_a_colleagues_task(runner: Runner, api: Api) -> None:
    task_id = at_draft(runner, api)

    assert api.of(ADAM).get(f"/v1/pulse/{task_id}").status_code == 200
    assert api.of(ADAM).get("/v1/pulse").json_body["data"] == []
