"""An operator retries all that an outage parked in one sequence: `python -m infra.ops retry`."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.entry.settings import settings
from chalicelib.services import enrollments, parking
from chalicelib.storage.stores import Stores
from infra import ops
from tests.builders import TENANT
from tests.doubles import Doubles
from tests.services.runner import SALLY, SEQUENCE, Runner


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Set up the runner on the real clock, which is the operator's."""
    doubles.clock.instant = datetime.now(UTC)
    made = Runner(stores, doubles)
    made.set_up()
    return made


def park(runner: Runner) -> EnrollmentId:
    """Have one fail for five times, and mend what it failed of."""
    enrolled = runner.enroll()
    for _ in range(5):
        token = runner.head(enrolled).token
        parking.fault(enrolled, token, "KeyError in walk, line 81", bench=runner.bench)
    return enrolled


def retry(*options: str) -> int:
    return ops.main(["--table", settings().table_name, "retry", TENANT, SEQUENCE, *options])


def test_what_is_parked_goes_on_by_itself_within_the_hour(
    runner: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled = park(runner)

    status = retry()

    waiting = runner.head(enrolled)
    assert status == 0
    assert "1 of 1 go on by themselves within 60 minutes." in capsys.readouterr().out
    assert waiting.status is Status.PAUSED
    assert waiting.resume_at is not None
    runner.wait(timedelta(minutes=61))
    assert runner.head(enrolled).step_id == StepId("k1")
    assert len(runner.doubles.mailer.sent) == 1


def test_a_dry_run_says_who_is_parked_and_why_and_changes_nothing(
    runner: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled = park(runner)
    before = runner.head(enrolled)

    status = retry("--dry-run")

    told = capsys.readouterr().out
    assert status == 0
    assert "1  parked after 5 failed tries: KeyError in walk, line 81" in told
    assert "1 are parked. Nothing was changed" in told
    assert runner.head(enrolled) == before


def test_retried_again_it_is_left_alone(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    enrolled = park(runner)
    retry()
    once = runner.head(enrolled)

    retry()

    assert capsys.readouterr().out.endswith("0 of 0 go on by themselves within 60 minutes.\n")
    assert runner.head(enrolled) == once


def test_who_was_paused_by_hand_stays_paused(runner: Runner) -> None:
    enrolled = runner.enroll()
    paused = enrollments.pause(enrolled, until=None, by=SALLY, bench=runner.bench)

    retry()

    assert runner.head(enrolled) == paused


def test_one_that_moved_meanwhile_is_not_counted(runner: Runner) -> None:
    enrolled = park(runner)
    seen = runner.head(enrolled)
    enrollments.resume(enrolled, by=SALLY, bench=runner.bench)

    is_retried = parking.retry(seen, over=timedelta(hours=1), bench=runner.bench)

    assert is_retried is False
    assert runner.head(enrolled).status is Status.ACTIVE


def test_if_it_fails_again_it_is_parked_again(runner: Runner) -> None:
    enrolled = park(runner)
    retry()

    for _ in range(5):
        token = runner.head(enrolled).token
        parking.fault(enrolled, token, "KeyError in walk, line 81", bench=runner.bench)

    parked = runner.head(enrolled)
    assert (parked.status, parked.reason, parked.resume_at) == (Status.PAUSED, "parked", None)


@pytest.mark.parametrize("options", [("--over", "0"), ("--over", "-5")])
def test_no_time_at_all_is_refused(
    runner: Runner, options: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    park(runner)

    assert retry(*options) == 2
    assert "over: Give a number of minutes, 1 or more." in capsys.readouterr().out


def test_a_sequence_that_is_not_there_is_refused(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stores.tenant_id == TENANT
    assert retry() == 2
    assert "Nothing was changed" in capsys.readouterr().out
