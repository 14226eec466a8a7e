"""HTTP doors to working the steps: the feed in bulk, handing on, skipping waits, up next."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.crm.comparisons import Operator
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    WaitStep,
)
from chalicelib.storage.stores import Stores
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.services.runner import SEQUENCE, Runner

FLOW = Flow(
    start=StepId("call"),
    steps=(
        ActivityStep(
            id=StepId("call"), activity_type="call", subject="Call them", next=StepId("wait")
        ),
        WaitStep(id=StepId("wait"), wait_for=timedelta(days=2), next=StepId("mail")),
        EmailStep(id=StepId("mail"), automatic=True, subject="Chairs", body="<p>Talk?</p>"),
    ),
)


@pytest.fixture
def enrollment(api: Api, stores: Stores, doubles: Doubles) -> str:
    """Enroll Sally's lead: she is asked to call."""
    runner = Runner(stores, doubles)
    runner.set_up_work(FLOW)
    doubles.clock.instant = datetime.now(UTC) + timedelta(minutes=1)
    enrolling = api.post(f"/v1/sequences/{SEQUENCE}/enrollments", {"item_ids": ["lead-1"]})
    runner.drain()
    return str(enrolling.json_body["data"][0]["enrollment_id"])


def test_bulk_work_tells_of_each_entry(api: Api, enrollment: str) -> None:
    body = {"action": "complete", "ids": [f"{enrollment}-call", "ghost-call"], "note": "done"}

    answer = api.post("/v1/pulse/bulk", body)

    assert answer.status_code == 200
    done, missing = answer.json_body["data"]
    assert done == {"id": f"{enrollment}-call", "done": True}
    assert (missing["done"], missing["code"]) == (False, "not_found")


@pytest.mark.parametrize(
    "body, path",
    [
        ({"action": "snooze"}, "until"),
        ({"action": "assign"}, "user_id"),
        ({"action": "skip", "note": "no"}, "note"),
    ],
)
def test_bulk_work_insists_on_what_its_action_needs(
    api: Api, enrollment: str, body: dict[str, str], path: str
) -> None:
    answer = api.post("/v1/pulse/bulk", {**body, "ids": [f"{enrollment}-call"]})

    assert answer.status_code == 422
    assert [each["path"].removeprefix("$.") for each in answer.json_body["errors"]] == [path]


def test_a_task_is_handed_to_another(api: Api, enrollment: str) -> None:
    handed = api.post(f"/v1/pulse/{enrollment}-call/assign", {"user_id": "user-adam"})

    assert handed.json_body["data"]["assignee_id"] == "user-adam"
    assert [each["id"] for each in api.of(ADAM).get("/v1/pulse").json_body["data"]] == [
        f"{enrollment}-call"
    ]


def test_a_call_is_not_tried_again(api: Api, enrollment: str) -> None:
    answer = api.post(f"/v1/pulse/{enrollment}-call/retry")

    assert (answer.status_code, answer.json_body["code"]) == (409, "illegal_move")


def test_a_skipped_wait_brings_what_comes_after_it(api: Api, enrollment: str) -> None:
    api.post(f"/v1/pulse/{enrollment}-call/complete", {})
    (ahead,) = api.get("/v1/pulse").json_body["data"]

    hurried = api.post(f"/v1/enrollments/{enrollment}/skip-wait").json_body["data"]

    assert (ahead["type"], ahead["actionable"], ahead["state"]) == (
        "automatic_email",
        False,
        "open",
    )
    assert hurried["current_step_id"] == "mail"


@pytest.mark.requirement("PD-SEQ-12")
def test_an_automatic_mail_is_edited_over_http(api: Api, enrollment: str) -> None:
    api.post(f"/v1/pulse/{enrollment}-call/complete", {})

    answer = api.patch(
        f"/v1/pulse/{enrollment}-mail",
        {"subject": "Benches", "to": ["boss@acme.test"], "from": "sally@northwind.test"},
    )

    shown = answer.json_body["data"]
    assert (shown["subject"], shown["to"], shown["from"]) == (
        "Benches",
        ["boss@acme.test"],
        "sally@northwind.test",
    )


def test_an_enrollment_is_handed_on(api: Api, enrollment: str) -> None:
    answer = api.post(f"/v1/enrollments/{enrollment}/assign", {"user_id": "user-adam"})

    assert answer.json_body["data"]["owner_id"] == "user-adam"


@pytest.mark.requirement("D365-SEQ-11")
def test_up_next_stands_beside_the_item(api: Api, enrollment: str) -> None:
    shown = api.get("/v1/items/lead/lead-1/up-next").json_body["data"]

    assert shown["enrollment"]["id"] == enrollment
    assert (shown["current"]["step_id"], shown["current"]["task"]["subject"]) == (
        "call",
        "Call them",
    )
    assert shown["coming"] == [{"step_id": "wait", "type": "wait", "name": None, "when": "next"}]
    assert shown["connectable"] == []


@pytest.mark.requirement("D365-SEQ-13")
def test_an_item_in_no_sequence_is_offered_those_of_its_kind(api: Api, enrollment: str) -> None:
    api.post(f"/v1/enrollments/{enrollment}/exit")

    shown = api.get("/v1/items/lead/lead-1/up-next").json_body["data"]

    assert [each["id"] for each in shown["connectable"]] == [SEQUENCE]


def test_strangers_find_no_item(api: Api, enrollment: str) -> None:
    answer = api.of(OLGA).get("/v1/items/lead/lead-1/up-next")

    assert answer.status_code == 404


def test_what_comes_next_is_told_once_though_branches_join(
    api: Api, stores: Stores, doubles: Doubles
) -> None:
    asked = tuple(
        ConditionStep(
            id=StepId(f"k{at}"),
            on=Asked.FIELD,
            field="item.title",
            operator=Operator.IS_NOT_EMPTY,
            yes=StepId(f"k{at + 1}"),
            no=StepId(f"k{at + 1}"),
        )
        for at in range(60)
    )
    call = ActivityStep(id=StepId("c"), activity_type="call", subject="Call", next=StepId("k0"))
    runner = Runner(stores, doubles)
    end = EndStep(id=StepId("k60"), outcome="over")
    runner.set_up_work(Flow(start=call.id, steps=(call, *asked, end)))
    runner.enroll()

    shown = api.get("/v1/items/lead/lead-1/up-next").json_body["data"]

    assert len(shown["coming"]) == 121
