"""A message that comes again makes its enrollment a suspect of having killed a worker, no more."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError
from chalice.test import Client

from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.services import parking
from tests.entry.test_queue_doors import client, failures, figures, runner
from tests.services.runner import Runner

__all__ = ["client", "runner"]  # fixtures


def come(runner: Runner, client: Client, enrolled: EnrollmentId, *, time: int) -> Enrollment:
    """Have the due door take what a message names that is received for the so manieth time."""
    assert receive(runner, client, enrolled, time=time) == []
    return runner.head(enrolled)


def receive(
    runner: Runner, client: Client, enrolled: EnrollmentId, *, time: int
) -> Sequence[object]:
    """Have the due door take it, and return which messages come again."""
    due = {"t": "aaaaaaaaaa", "e": enrolled, "n": runner.head(enrolled).token}
    record = {
        "messageId": "m1",
        "body": json.dumps(due),
        "receiptHandle": "r",
        "attributes": {"ApproximateReceiveCount": str(time)},
    }
    return failures(client, "due_enrollments", {"Records": [record]})


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Give operations that fail; once one did, the table takes nothing more until it is cleared."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    failing: set[str] = set()

    def guarded(client: BaseClient, name: str, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        if name in failing:
            failing.add("TransactWriteItems")
            raise EndpointConnectionError(endpoint_url="https://test")
        return call(client, name, *asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", guarded)
    yield failing
    failing.clear()


def test_an_outage_that_lets_nobody_take_a_suspicion_back_parks_nobody(
    runner: Runner, client: Client, outage: set[str]
) -> None:
    enrolled = enroll(runner, timedelta(minutes=5))

    for time in range(2, 8):
        outage.clear()
        outage.add("PutObject")
        assert receive(runner, client, enrolled, time=time) == ["m1"]
    during = runner.head(enrolled)
    outage.clear()
    after = come(runner, client, enrolled, time=8)

    assert (during.status, during.faults) == (Status.ACTIVE, 1)
    assert (after.step_id, after.faults) == ("k1", 0)


def suspect(runner: Runner, enrolled: EnrollmentId, times: int) -> None:
    for _ in range(times):
        assert not parking.suspect(enrolled, runner.head(enrolled).token, bench=runner.bench)


def enroll(runner: Runner, since: timedelta) -> EnrollmentId:
    """Enroll somebody who is due since then, by the clock that doors read."""
    runner.doubles.clock.instant = datetime.now(UTC) - since
    return runner.enroll()


def test_after_an_outage_what_comes_again_is_spread_as_all_that_is_late(
    runner: Runner, client: Client
) -> None:
    enrolled = enroll(runner, timedelta(hours=2))

    after = come(runner, client, enrolled, time=3)

    assert "2 hours late" in after.why_then
    assert (after.phase, after.faults) == (Phase.READY, 0)
    assert after.due_at is not None
    assert after.due_at > datetime.now(UTC)


def test_what_tries_that_killed_made_late_is_tried_and_not_planned_anew(
    runner: Runner, client: Client
) -> None:
    enrolled = enroll(runner, timedelta(hours=2))
    suspect(runner, enrolled, 2)

    after = come(runner, client, enrolled, time=4)

    assert (after.step_id, after.phase, after.faults) == ("k1", Phase.WAITING, 0)


def test_one_that_was_parked_is_resumed_by_a_wake_up_that_comes_again_and_not_told_as_parked(
    runner: Runner, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled = enroll(runner, timedelta(minutes=5))
    suspect(runner, enrolled, 4)
    assert parking.suspect(enrolled, 1, bench=runner.bench)
    assert parking.retry(runner.head(enrolled), over=timedelta(minutes=1), bench=runner.bench)
    capsys.readouterr()

    after = come(runner, client, enrolled, time=2)

    assert (after.status, after.faults) == (Status.ACTIVE, 0)
    assert "Parked" not in figures(capsys.readouterr().out)
