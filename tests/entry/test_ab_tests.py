"""A/B tests through the doors: from mails and clicks by the stream to the version that stays."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, StepId
from chalicelib.domain.sequences.ab_tests import Letter, MailVersion, Metric
from chalicelib.domain.sequences.definition import AbTestStep, EndStep, Flow, WaitStep
from chalicelib.entry.ripple import _tallies
from chalicelib.entry.tallying import _tally
from chalicelib.services import enrolling
from chalicelib.storage import keys, reading
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_lead
from tests.doubles import Doubles
from tests.entry.conftest import OLGA, Api
from tests.entry.test_sequence_lifecycle import activated
from tests.services.runner import SALLY, SEQUENCE, Runner

M, W, X = StepId("m"), StepId("w"), StepId("x")
TEST = AbTestStep(
    id=M,
    name="Which hello",
    automatic=True,
    a=MailVersion(subject="Chairs", body="<p>Chairs!</p>"),
    b=MailVersion(subject="Tables", body="<p>Tables!</p>"),
    metric=Metric.CLICKED,
    default=Letter.B,
    next=W,
)
PATH = f"/v1/sequences/{SEQUENCE}/ab-tests"


def a_flow(test: AbTestStep = TEST) -> Flow:
    wait = WaitStep(id=W, wait_for=timedelta(days=20), next=X)
    return Flow(start=M, steps=(test, wait, EndStep(id=X, outcome="done")))


@pytest.fixture
def runner(api: Api, stores: Stores, doubles: Doubles) -> Runner:
    del api
    made = Runner(stores, doubles)
    made.set_up_work(a_flow())
    return made


def entered(runner: Runner, number: int) -> EnrollmentId:
    """Let one more lead come to the test, and its mail go out."""
    item_id = ItemId(f"lead-{number}")
    if number > 1:
        runner.stores.items.create(replace(a_lead(), ref=ItemRef(ItemKind.LEAD, item_id)))
    (row,) = enrolling.enroll(SEQUENCE, item_ids=[item_id], caller_id=SALLY, bench=runner.bench)
    assert row.enrollment_id is not None, row
    runner.drain()
    return row.enrollment_id


def one_of_each(runner: Runner) -> dict[str, EnrollmentId]:
    """Let leads in until both versions have been drawn."""
    drawn: dict[str, EnrollmentId] = {}
    for number in range(1, 20):
        enrolled = entered(runner, number)
        (version,) = runner.head(enrolled).versions
        drawn.setdefault(version, enrolled)
        if len(drawn) == 2:
            break
    return drawn


def told_of(enrolled: EnrollmentId) -> Iterator[dict[str, Any]]:
    """Yield what the stream hands on of the mail of one enrollment."""
    pk = keys.enrollment(TENANT, enrolled)
    for at, line in enumerate(reading.between(pk, keys.HISTORY, "task")):
        yield from map(json.loads, _tallies(f"{enrolled}-{at}", None, line))
    (mail,) = reading.between(pk, keys.LEDGER, f"{keys.LEDGER}~")
    clicked = {**mail, "status": {"S": "clicked"}}
    yield from map(json.loads, _tallies(f"{enrolled}-clicked", mail, clicked))


def happened(enrolled: EnrollmentId, *, sent: int, clicks: int) -> None:
    """Let the stream tell of an enrollment as of many like it: so many mails, so many clicks."""
    for told in told_of(enrolled):
        is_click = any(state == "clicked" for _, _, state, _ in told["happened"])
        _tally(json.dumps({**told, "happened": told["happened"] * (clicks if is_click else sent)}))


def shown(api: Api) -> dict[str, Any]:
    (test,) = api.get(PATH).json_body["data"]
    return dict(test)


def test_clicks_told_by_the_stream_end_a_test_and_later_arrivals_get_the_winner(
    api: Api, runner: Runner
) -> None:
    drawn = one_of_each(runner)
    assert shown(api)["state"] == "in_progress"

    happened(drawn["m#a"], sent=120, clicks=6)
    happened(drawn["m#b"], sent=120, clicks=60)

    test = shown(api)
    assert test["versions"] == {
        "a": {"sent": 120, "hits": 6, "rate": 0.05},
        "b": {"sent": 120, "hits": 60, "rate": 0.5},
    }
    assert (test["state"], test["result"], test["winner"]) == ("ended", "clear_winner", "b")
    later = [entered(runner, number) for number in range(30, 36)]
    assert {runner.head(each).versions for each in later} == {("m#b",)}
    assert b"Subject: Tables" in runner.doubles.mailer.sent[-1].mime


def test_the_overview_tells_the_figures_of_each_version(api: Api, runner: Runner) -> None:
    drawn = one_of_each(runner)

    happened(drawn["m#a"], sent=3, clicks=1)

    steps = api.get(f"/v1/sequences/{SEQUENCE}/overview").json_body["data"]["steps"]
    versions = steps[0]["versions"]
    told = [versions["a"][name] for name in ("reached", "sent", "clicked", "goal")]
    assert told == [3, 3, 1, 0]
    assert versions["b"]["sent"] == 0
    assert steps[0]["sent"] == 3


def test_a_person_stops_a_test_once_and_their_version_stays(api: Api, runner: Runner) -> None:
    stopped = api.post(f"{PATH}/m/stop", {"version": "a"})

    again = api.post(f"{PATH}/m/stop", {"version": "b"})
    data = stopped.json_body["data"]
    assert (data["state"], data["result"], data["winner"]) == ("stopped", "stopped", "a")
    assert data["versions"]["a"] == {"sent": 0, "hits": 0, "rate": None}
    assert (again.status_code, again.json_body["code"]) == (409, "ab_test_over")
    assert {runner.head(entered(runner, each)).versions for each in range(1, 6)} == {("m#a",)}


def test_a_test_without_a_winner_ends_on_its_day_with_its_default(api: Api, runner: Runner) -> None:
    runner.publish_next(a_flow(structs.replace(TEST, ends_at=NOW + timedelta(days=2))))
    runner.wait(timedelta(days=3))

    enrolled = entered(runner, 1)

    assert runner.head(enrolled).versions == ("m#b",)
    test = shown(api)
    assert (test["state"], test["result"]) == ("ended", "not_conclusive")


def test_a_test_of_a_draft_cannot_be_stopped(api: Api) -> None:
    flow = {
        "start": "m",
        "steps": [
            {
                "id": "m",
                "type": "ab_test",
                "a": {"subject": "One", "body": "1"},
                "b": {"subject": "Two", "body": "2"},
            }
        ],
    }
    body = {"name": "Trial", "item_kind": "lead", "flow": flow}
    made = api.post("/v1/sequences", body).json_body["data"]["id"]
    path = f"/v1/sequences/{made}/ab-tests"

    (test,) = api.get(path).json_body["data"]
    refused = api.post(f"{path}/m/stop", {"version": "a"})

    assert (test["state"], test["metric"], test["share_a"]) == ("draft", "goal", 50)
    assert (refused.status_code, refused.json_body["code"]) == (409, "ab_test_over")


def test_only_tests_there_are_can_be_stopped_and_only_by_whoever_may(
    api: Api, runner: Runner
) -> None:
    del runner
    assert api.post(f"{PATH}/w/stop", {"version": "a"}).status_code == 404
    assert api.post(f"{PATH}/m/stop", {"version": "c"}).status_code == 422
    assert api.of(OLGA).get(PATH).status_code == 404
    assert api.of(OLGA).post(f"{PATH}/m/stop", {"version": "a"}).status_code == 404
    path = activated(api)
    assert api.get(f"{path}/ab-tests").json_body["data"] == []
