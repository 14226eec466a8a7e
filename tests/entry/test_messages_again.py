"""A message that comes again makes its enrollment a suspect of having killed a worker, no more."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from chalice.test import Client

from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.services import parking
from tests.entry.test_queue_doors import client, failures, figures, runner
from tests.services.runner import Runner

__all__ = ["client", "runner"]  # fixtures


def come(runner: Runner, client: Client, enrolled: EnrollmentId, *, time: int) -> Enrollment:
    """Have the due door take what a message names that is received for the so manieth time."""
    due = {"t": "aaaaaaaaaa", "e": enrolled, "n": runner.head(enrolled).token}
    record = {
        "messageId": "m1",
        "body": json.dumps(due),
        "receiptHandle": "r",
        "attributes": {"ApproximateReceiveCount": str(time)},
    }
    assert failures(client, "due_enrollments", {"Records": [record]}) == []
    return runner.head(enrolled)


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
