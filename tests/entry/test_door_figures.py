"""What doors tell CloudWatch is true: of tries that fail, of whom they park, of mails in doubt."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError
from chalice.test import Client

from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences.enrollment import Phase, Status
from chalicelib.storage.transaction import Transaction
from tests.entry.test_queue_doors import batch, client, failures, figures, runner
from tests.services.runner import Runner

__all__ = ["client", "runner"]  # fixtures


def wake(runner: Runner, client: Client, enrolled: EnrollmentId, **more: object) -> list[object]:
    """Have the due door take an enrollment at its present token."""
    due = {"t": "aaaaaaaaaa", "e": enrolled, "n": runner.head(enrolled).token, **more}
    return list(failures(client, "due_enrollments", batch(json.dumps(due))))


@pytest.fixture
def silent_ses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bytes of a mail go, and no answer come."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def guarded(client: BaseClient, name: str, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        if name == "SendEmail":
            raise ReadTimeoutError(endpoint_url="ses")
        return call(client, name, *asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", guarded)


def test_every_failed_try_is_told_and_the_fifth_tells_whom_it_parked(
    runner: Runner, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled = runner.enroll()
    told = []
    for _ in range(5):
        astray = replace(
            runner.head(enrolled),
            step_id=StepId("gone"),
            due_at=runner.now() - timedelta(minutes=1),
        )
        with Transaction() as tx:
            runner.stores.enrollments.change(tx, astray, ())
        capsys.readouterr()
        assert wake(runner, client, enrolled) == []
        told.append(figures(capsys.readouterr().out))

    assert told == [{"FailedTries": 1, "Parked": 0}] * 4 + [{"FailedTries": 1, "Parked": 1}]
    assert runner.head(enrolled).status is Status.PAUSED


@pytest.mark.usefixtures("silent_ses")
def test_a_mail_that_ses_did_not_answer_is_told_once(
    runner: Runner, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled = runner.enroll()
    first = runner.head(enrolled).token
    capsys.readouterr()

    wake(runner, client, enrolled)
    told = figures(capsys.readouterr().out)
    wake(runner, client, enrolled, n=first, a=int(runner.now().timestamp()))
    told_again = figures(capsys.readouterr().out)

    assert runner.head(enrolled).phase is Phase.UNKNOWN
    assert told == {"UnknownMail": 1}
    assert told_again == {}, "an old wake-up tells nothing"


def test_what_the_governor_leaves_for_the_next_tick_is_told(
    runner: Runner, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.enroll()
    capsys.readouterr()

    bodies = [json.dumps({"shard": each, "most": 0}) for each in range(4)]
    failures(client, "shard_sweep", batch(*bodies))

    told = figures(capsys.readouterr().out)
    assert (told["DueInShard"], told["DueLeft"]) == (1, 1)
