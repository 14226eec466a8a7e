"""How a sequence goes: figures from the stream, by version and period, endings, medians."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.items import ItemStatus
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.figures import Figure, bucket_of, ending_of, median_of
from chalicelib.domain.sequences.signals import ExitReason, FailureReason, MailRefused
from chalicelib.entry.ripple import _tallies
from chalicelib.entry.tallying import _tally
from chalicelib.services import enrollments
from chalicelib.storage import keys, reading
from chalicelib.storage.stores import Stores
from tests.builders import TENANT
from tests.doubles import Doubles
from tests.entry.conftest import Api
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

DAY = timedelta(days=1)
PATH = f"/v1/sequences/{SEQUENCE}/overview"


@pytest.fixture
def runner(api: Api, stores: Stores, doubles: Doubles) -> Runner:
    made = Runner(stores, doubles)
    made.set_up_work()
    return made


def stream(runner: Runner, enrollment_id: str) -> list[str]:
    """Return what the stream hands on of all that an enrollment wrote."""
    pk = keys.enrollment(TENANT, enrollment_id)  # type: ignore[arg-type]  # ids are texts
    raws = reading.between(pk, keys.HISTORY, "task")
    return [
        body for at, raw in enumerate(raws) for body in _tallies(f"{enrollment_id}-{at}", None, raw)
    ]


def tallied(bodies: Sequence[str], *, times: int = 1) -> None:
    for _ in range(times):
        for body in bodies:
            _tally(body)


@pytest.mark.requirement("PD-SEQ-20")
def test_an_overview_tells_steps_endings_and_medians_once(api: Api, runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()
    runner.wait(2 * DAY + timedelta(minutes=5))
    enrollments.remove(enrolled, by=SALLY, bench=runner.bench)

    tallied(stream(runner, enrolled), times=2)

    data = api.get(PATH).json_body["data"]
    steps = {each["step_id"]: each for each in data["steps"]}
    assert (steps["a1"]["reached"], steps["a1"]["sent"]) == (1, 1)
    assert (steps["k1"]["completed"], steps["k1"]["waiting"]) == (1, 0)
    assert (steps["w1"]["reached"], steps["w1"]["waiting"]) == (1, 0)
    assert data["exit_reasons"] == {"removed_by_user": 1}
    assert steps["k1"]["median_time"] is not None
    assert data["counts"] == {"in_progress": 0, "completed": 0, "failed": 0}


def test_who_failed_is_told_by_reason(api: Api, runner: Runner) -> None:
    enrolled = runner.enroll()
    refused = MailRefused(step_id=StepId("a1"), reason=FailureReason.SUPPRESSED, why="Blocked.")
    runner.take(enrolled, refused)

    tallied(stream(runner, enrolled))

    data = api.get(PATH).json_body["data"]
    assert data["exit_reasons"] == {"suppressed": 1}
    assert data["counts"] == {"in_progress": 0, "completed": 0, "failed": 1}


def test_figures_are_told_by_version_and_by_period(api: Api, runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()
    tallied(stream(runner, enrolled))
    day = runner.now().date()

    def sent(query: str) -> int:
        data = api.get(f"{PATH}{query}").json_body["data"]
        return int(data["steps"][0]["sent"])

    assert sent("?flow_version=1") == 1
    assert sent(f"?from={day}&to={day}") == 1
    assert sent(f"?from={day + DAY}") == 0
    assert sent(f"?to={day - DAY}") == 0


@pytest.mark.parametrize(
    "query",
    [
        "?flow_version=2",
        "?flow_version=x",
        "?from=today",
        "?flow_version=1&to=2026-03-02",
        "?from=2566-09-02&to=1223-12-23",
    ],
)
def test_what_nobody_knows_cannot_be_told(api: Api, runner: Runner, query: str) -> None:
    assert api.get(f"{PATH}{query}").status_code == 422


def test_a_won_item_converts_its_enrollment_once_also_after_it(api: Api, runner: Runner) -> None:
    enrolled = runner.enroll()
    enrollments.remove(enrolled, by=SALLY, bench=runner.bench)

    won = replace(runner.stores.items.get(LEAD), status=ItemStatus.CONVERTED)
    for _ in range(2):
        enrollments.leave_if_closed(won, bench=runner.bench)

    assert api.get(PATH).json_body["data"]["converted"] == 1


def test_a_program_that_fetches_a_mail_opens_nothing(runner: Runner) -> None:
    old = {"status": {"S": "sent"}, "what": {"S": '{"sequence_id": "sequence-1"}'}}
    what = '{"sequence_id": "sequence-1", "machine_opened_at": "2026-03-02T09:00:00Z"}'
    key = {"pk": {"S": f"t#{TENANT}#enrollment#e"}, "sk": {"S": "ledger#a1"}}

    tallied(list(_tallies("event", {**key, **old}, {**key, **old, "what": {"S": what}})))

    values = runner.stores.figures.of(SEQUENCE)[StepId("a1")].values
    assert (values[Figure.MACHINE_OPENED], values[Figure.OPENED]) == (1, 0)


@pytest.mark.parametrize("days", [0.01, 1, 2, 9, 60])
def test_a_median_is_right_to_within_a_tenth(days: float) -> None:
    length = timedelta(days=days)

    median = median_of({bucket_of(int(length.total_seconds())): 3})

    assert median is not None
    assert 0.9 <= median / length <= 1.1
    assert median_of({}) is None


def test_every_exit_reason_is_counted_by_its_name() -> None:
    assert {ending_of("exit", each) for each in ExitReason} == {
        f"#exit#{each.value}" for each in ExitReason
    }
