"""The restore drill: the table goes back in time, the archive does not; nobody is mailed twice."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences.ledger import LedgerEntry, MailStatus
from chalicelib.entry import wiring
from chalicelib.storage import switches
from chalicelib.storage.stores import Stores
from infra import ops, restoring
from tests.builders import NOW
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.services.runner import Runner

A1 = StepId("a1")


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Set up the runner."""
    made = Runner(stores, doubles)
    made.set_up()
    return made


def rows() -> list[Any]:
    return list(boto3.resource("dynamodb").Table("sekvens-test").scan()["Items"])


def restore(before: list[Any]) -> None:
    """Bring the table back to what it held then."""
    table = boto3.resource("dynamodb").Table("sekvens-test")
    for row in rows():
        table.delete_item(Key={"pk": row["pk"], "sk": row["sk"]})
    for row in before:
        table.put_item(Item=row)


def archive(runner: Runner, kind: str = "Send") -> None:
    """Keep what SES told of the latest mail."""
    mail = runner.doubles.mailer.sent[-1]
    event = {
        "eventType": kind,
        "mail": {
            "messageId": mail.ses_id,
            "timestamp": runner.now().isoformat(),
            "source": "Sally <sally@northwind.test>",
            "destination": mail.recipients,
            "commonHeaders": {"subject": "Hello Paula"},
            "tags": {name: [value] for name, value in mail.tags.items()},
        },
    }
    told, day = json.dumps(event), runner.now().date().isoformat()
    wiring.archive().keep_event(mail.ses_id, kind, told, on=day)


def settle(runner: Runner) -> restoring.Tally:
    return restoring.settle(NOW, bucket=BUCKET, clock=runner.doubles.clock)


def entry(runner: Runner, enrolled: EnrollmentId) -> LedgerEntry:
    known = runner.stores.ledger.find(enrolled, A1)
    assert known is not None
    return known


def go_on(runner: Runner) -> None:
    assert ops.main(["--table", "sekvens-test", "switch", "all", "on"]) == 0
    live(runner)


def live(runner: Runner) -> None:
    """Let an hour pass: what is late is planned anew, never sent in a blast."""
    for _ in range(6):
        runner.wait(timedelta(minutes=10))


def test_a_mail_that_the_table_forgot_is_not_sent_again_and_the_enrollment_goes_on(
    runner: Runner,
) -> None:
    enrolled = runner.enroll()
    before = rows()
    runner.drain()
    archive(runner)
    restore(before)

    tally = settle(runner)
    assert switches.is_platform_off()
    go_on(runner)

    assert tally.forgotten == 1
    assert len(runner.doubles.mailer.sent) == 1
    assert runner.head(enrolled).step_id == "k1"
    assert entry(runner, enrolled).recipients == ("paula@acme.test",)


def test_settling_again_finds_nothing_forgotten(runner: Runner) -> None:
    enrolled = runner.enroll()
    before = rows()
    runner.drain()
    archive(runner)
    archive(runner, "Delivery")
    restore(before)

    found = [settle(runner).forgotten for _ in range(2)]

    assert found == [1, 0]
    assert entry(runner, enrolled).status is MailStatus.DELIVERED


def test_whoever_was_enrolled_after_the_restore_point_and_is_enrolled_anew_gets_no_second_mail(
    runner: Runner,
) -> None:
    before = rows()
    enrolled = runner.enroll()
    runner.drain()
    archive(runner)
    restore(before)
    settle(runner)

    again = runner.enroll()
    go_on(runner)

    assert again == enrolled
    assert len(runner.doubles.mailer.sent) == 1
    assert runner.head(enrolled).step_id == "k1"


def test_without_settling_the_same_mail_would_go_out_twice(runner: Runner) -> None:
    runner.enroll()
    before = rows()
    runner.drain()
    restore(before)

    live(runner)

    assert len(runner.doubles.mailer.sent) == 2


def test_a_restore_point_without_a_zone_is_refused(
    runner: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--table", "sekvens-test", "restore", "--bucket", BUCKET, "--since", "2026-03-02"]

    assert ops.main(asked) == 2
    assert "such as 2026-11-22T08:00:00Z" in capsys.readouterr().out
