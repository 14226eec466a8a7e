"""The doors that time, queues and streams open: Lambda's events, one fate for each message."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from chalice.test import Client

from app import app
from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences.enrollment import Phase
from chalicelib.domain.sequences.figures import Figure
from chalicelib.domain.sequences.ledger import MailStatus
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from infra.local.lambda_events import schedule_event, stream_event
from tests.builders import NOW, TENANT
from tests.conftest import BUCKET, REGION
from tests.doubles import Doubles
from tests.services.runner import SEQUENCE, Runner

NO_LEAD = timedelta()


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Set up work, due for doors that read the world's clock; SES knows Sally's domain."""
    made = Runner(stores, doubles)
    made.set_up()
    boto3.client("sesv2").create_email_identity(EmailIdentity="northwind.test")
    boto3.client("sesv2").create_configuration_set(ConfigurationSetName="sekvens-test")
    doubles.clock.instant = datetime.now(UTC) - timedelta(minutes=1)
    return made


@pytest.fixture
def client(runner: Runner) -> Iterator[Client]:
    """Return what calls functions as Lambda does."""
    with Client(app) as made:
        yield made


def batch(*bodies: str) -> dict[str, object]:
    return {
        "Records": [
            {"messageId": f"m{number}", "body": body, "receiptHandle": "r"}
            for number, body in enumerate(bodies)
        ]
    }


def queued(name: str) -> list[dict[str, Any]]:
    """Take what stands in a queue."""
    sqs = boto3.client("sqs")
    url = f"https://sqs.{REGION}.amazonaws.com/123456789012/{name}"
    bodies: list[dict[str, Any]] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies.extend(json.loads(message["Body"]) for message in messages)
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def failures(client: Client, function: str, event: dict[str, object]) -> Sequence[object]:
    answer = client.lambda_.invoke(function, event).payload
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_every_minute_one_message_goes_out_for_each_shard(client: Client) -> None:
    client.lambda_.invoke("every_minute", schedule_event("tick", "e-1", NOW))

    assert sorted(body["shard"] for body in queued("sweep")) == [0, 1, 2, 3]


def test_a_shard_hands_on_who_is_due(runner: Runner, client: Client) -> None:
    enrolled = runner.enroll()
    due_at = runner.head(enrolled).due_at
    assert due_at is not None
    shards = [json.dumps({"shard": number}) for number in range(4)]

    failed = failures(client, "shard_sweep", batch(*shards))

    assert failed == []
    assert queued("due") == [
        {"t": "aaaaaaaaaa", "e": enrolled, "n": 1, "a": int(due_at.timestamp())}
    ]


def test_a_due_enrollment_is_advanced(runner: Runner, client: Client) -> None:
    enrolled = runner.enroll()
    due = json.dumps({"t": "aaaaaaaaaa", "e": enrolled, "n": 1})

    failed = failures(client, "due_enrollments", batch(due, due))

    assert failed == []
    assert (runner.head(enrolled).step_id, runner.head(enrolled).phase) == ("k1", Phase.WAITING)


def test_one_bad_message_fails_alone(runner: Runner, client: Client) -> None:
    enrolled = runner.enroll()
    due = json.dumps({"t": "aaaaaaaaaa", "e": enrolled, "n": 1})

    failed = failures(client, "due_enrollments", batch("not json", due))

    assert failed == ["m0"]
    assert runner.head(enrolled).step_id == "k1"


def test_a_message_about_nobody_is_done_with(client: Client) -> None:
    nobody = json.dumps({"t": "aaaaaaaaaa", "e": "z" * 26, "n": 1})

    assert failures(client, "due_enrollments", batch(nobody)) == []


def ses_event(runner: Runner, enrolled: EnrollmentId, kind: str, **more: object) -> str:
    entry = runner.stores.ledger.of_enrollment(enrolled)[0]
    ses_id = str(entry.wire_id).partition("@")[0]
    event = {
        "eventType": kind,
        "mail": {
            "messageId": ses_id,
            "timestamp": "2026-03-02T09:00:00.000Z",
            "tags": {
                "tenant": ["aaaaaaaaaa"],
                "enrollment": [enrolled],
                "step": ["a1"],
                "attempt": ["1"],
            },
        },
        **more,
    }
    return json.dumps({"Type": "Notification", "Message": json.dumps(event)})


def sent(runner: Runner, client: Client) -> EnrollmentId:
    enrolled = runner.enroll()
    due = json.dumps({"t": "aaaaaaaaaa", "e": enrolled, "n": 1})
    assert failures(client, "due_enrollments", batch(due)) == []
    return enrolled


def test_word_from_ses_raises_the_ledger_and_is_archived(runner: Runner, client: Client) -> None:
    enrolled = sent(runner, client)
    told = ses_event(runner, enrolled, "Delivery", delivery={"timestamp": "2026-03-02T09:00:05Z"})

    failed = failures(client, "ses_feedback", batch(told, told))

    assert failed == []
    entry = runner.stores.ledger.of_enrollment(enrolled)[0]
    assert entry.status is MailStatus.DELIVERED
    kept = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="platform/events/")
    assert kept["KeyCount"] == 1


def test_a_hard_bounce_ends_the_enrollment(runner: Runner, client: Client) -> None:
    enrolled = sent(runner, client)
    bounce = {
        "bounceType": "Permanent",
        "timestamp": "2026-03-02T09:00:05Z",
        "bouncedRecipients": [{"emailAddress": "paula@acme.test"}],
    }

    failures(client, "ses_feedback", batch(ses_event(runner, enrolled, "Bounce", bounce=bounce)))

    assert runner.head(enrolled).reason == "bounced"


def test_what_is_no_event_is_refused_once_and_does_not_come_again(client: Client) -> None:
    assert failures(client, "ses_feedback", batch("{}")) == []


def test_mail_that_bears_no_tags_of_ours_is_only_archived(runner: Runner, client: Client) -> None:
    event = {"eventType": "Send", "mail": {"messageId": "x", "timestamp": "2026-03-02T09:00:00Z"}}
    told = json.dumps({"Message": json.dumps(event)})

    assert failures(client, "ses_feedback", batch(told)) == []


def change(
    enrolled: str, sk: str, old: Mapping[str, object] | None, new: Mapping[str, object]
) -> dict[str, object]:
    key = {"pk": {"S": f"t#aaaaaaaaaa#enrollment#{enrolled}"}, "sk": {"S": sk}}
    images = {"NewImage": {**key, **new}} | ({"OldImage": {**key, **old}} if old else {})
    return {
        "eventID": f"event-{sk}",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "eventName": "MODIFY" if old else "INSERT",
        "dynamodb": {
            "Keys": key,
            "ApproximateCreationDateTime": NOW,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "SequenceNumber": "1",
            "SizeBytes": 1,
            **images,
        },
    }


def test_a_line_of_history_is_tallied_once_however_often_it_is_heard_of(
    runner: Runner, client: Client
) -> None:
    lines = [
        {"step_id": "a1", "type": "email", "state": "sent", "at": "2026-03-02T09:00:00Z"},
        {"step_id": "k1", "type": "condition", "state": "reached", "at": "2026-03-02T09:00:00Z"},
    ]
    image = {"lines": {"S": json.dumps(lines)}, "sequence_id": {"S": str(SEQUENCE)}}
    records = stream_event(
        "arn:aws:stream", [change("e" * 26, "did#000002", None, image)], lead=NO_LEAD
    )

    client.lambda_.invoke("table_changes", records)
    (body,) = queued("tally")
    for _ in range(3):
        assert failures(client, "tallies", batch(json.dumps(body))) == []

    figures = runner.stores.figures.of(SEQUENCE)
    assert figures[StepId("a1")].values[Figure.SENT] == 1
    assert figures[StepId("k1")].waiting == 1


def a_tally(event: str, *steps: str, sequence_id: str = str(SEQUENCE)) -> str:
    happened = [[step, "activity", "reached", None] for step in steps]
    told = {"event": event, "tenant": str(TENANT), "sequence": sequence_id, "happened": happened}
    return json.dumps({**told, "version": 1, "day": "2026-03-02"})


def reached(runner: Runner, step: str) -> int:
    found = runner.stores.figures.of(SEQUENCE).get(StepId(step))
    return found.values[Figure.REACHED] if found else 0


def transactions_of(work: Callable[[], object]) -> int:
    """Return how many transactions are written meanwhile."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    count = 0

    def counting(client: BaseClient, name: str, asked: dict[str, Any]) -> object:
        nonlocal count
        count += name == "TransactWriteItems"
        return call(client, name, asked)

    BaseClient._make_api_call = counting  # type: ignore[attr-defined]
    try:
        work()
    finally:
        BaseClient._make_api_call = call  # type: ignore[attr-defined]
    return count


def test_tallies_of_one_sequence_are_added_together(runner: Runner, client: Client) -> None:
    event = batch(*(a_tally(f"e{number}", "a1") for number in range(5)))

    written = transactions_of(lambda: failures(client, "tallies", event))

    assert reached(runner, "a1") == 5
    assert written == 1


def test_tallies_heard_of_again_among_new_ones_add_nothing(runner: Runner, client: Client) -> None:
    failures(client, "tallies", batch(a_tally("e1", "a1"), a_tally("e2", "a1")))

    again = batch(a_tally("e2", "a1"), a_tally("e3", "a1"), a_tally("e3", "a1"))

    assert failures(client, "tallies", again) == []
    assert reached(runner, "a1") == 3


def test_a_tally_that_cannot_be_read_keeps_none_of_its_batch_back(
    runner: Runner, client: Client
) -> None:
    event = batch(a_tally("e1", "a1"), "{}", a_tally("e2", "a1"))

    assert failures(client, "tallies", event) == ["m1"]
    assert reached(runner, "a1") == 2


def test_tallies_too_many_for_one_transaction_are_added_one_by_one(
    runner: Runner, client: Client
) -> None:
    steps = [[f"s{number}{part}" for part in range(20)] for number in range(3)]
    event = batch(*(a_tally(f"e{number}", *steps[number]) for number in range(3)))

    assert failures(client, "tallies", event) == []
    assert [reached(runner, each) for part in steps for each in part] == [1] * 60


def test_tallies_of_several_sequences_stay_apart(runner: Runner, client: Client) -> None:
    others = [a_tally(f"o{number}", "a1", sequence_id="another") for number in range(2)]

    failures(client, "tallies", batch(a_tally("e1", "a1"), *others, a_tally("e2", "a1")))

    assert reached(runner, "a1") == 2


def test_a_click_counts_as_a_delivery_and_an_opening_too(client: Client) -> None:
    what = {"S": json.dumps({"sequence_id": str(SEQUENCE)})}
    old = {"status": {"S": "sent"}, "what": what}
    new = {"status": {"S": "clicked"}, "what": what}

    records = stream_event(
        "arn:aws:stream", [change("e" * 26, "ledger#a1", old, new)], lead=NO_LEAD
    )
    client.lambda_.invoke("table_changes", records)

    (body,) = queued("tally")
    assert [each[2] for each in body["happened"]] == ["delivered", "opened", "clicked"]


def test_other_rows_move_no_figure(client: Client) -> None:
    record = change("e" * 26, "head", None, {"version": {"N": "1"}})

    client.lambda_.invoke("table_changes", stream_event("arn:aws:stream", [record], lead=NO_LEAD))

    assert queued("tally") == []


def test_a_message_that_can_never_be_taken_is_counted_on_its_head_and_done_with(
    runner: Runner, client: Client
) -> None:
    enrolled = runner.enroll()
    with Transaction() as tx:
        astray = replace(runner.head(enrolled), step_id=StepId("gone"))
        runner.stores.enrollments.change(tx, astray, ())

    failed = failures(
        client, "due_enrollments", batch(json.dumps({"t": "aaaaaaaaaa", "e": enrolled, "n": 1}))
    )

    assert failed == []
    assert runner.head(enrolled).faults == 1
    assert "KeyError" in runner.head(enrolled).why_then


def test_word_from_ses_is_read_however_it_is_wrapped(runner: Runner, client: Client) -> None:
    enrolled = sent(runner, client)
    wrapped = ses_event(
        runner, enrolled, "Delivery", delivery={"timestamp": "2026-03-02T09:00:05Z"}
    )
    raw = json.loads(wrapped)["Message"]
    told = {"timestamp": "2026-03-02T10:00:00Z", "complainedRecipients": []}
    spam = json.loads(raw) | {"eventType": "Complaint", "complaint": told}
    by_bridge = {"source": "aws.ses", "detail-type": "Email Complaint Received", "detail": spam}

    failed = failures(client, "ses_feedback", batch(raw, json.dumps(by_bridge), wrapped))

    assert failed == []
    assert runner.stores.ledger.of_enrollment(enrolled)[0].status is MailStatus.COMPLAINED


def test_what_is_no_word_from_ses_is_done_with(client: Client) -> None:
    nonsense = ("{}", "[]", json.dumps({"Message": "x"}), json.dumps({"detail": {"mail": 1}}))

    assert failures(client, "ses_feedback", batch(*nonsense)) == []


def figures(told: str) -> dict[str, float]:
    """Read the figures that a function printed for CloudWatch."""
    lines = [json.loads(line) for line in told.splitlines() if '"CloudWatchMetrics"' in line]
    names = [
        metric["Name"]
        for line in lines
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    ]
    return {name: sum(sum(line.get(name, ())) for line in lines) for name in names}


def test_doors_measure_what_is_due_how_late_it_is_done_and_what_nobody_knows(
    runner: Runner, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled = runner.enroll()
    head = runner.head(enrolled)
    assert head.due_at is not None
    due = {"t": "aaaaaaaaaa", "e": enrolled, "n": 1, "a": int(head.due_at.timestamp())}
    capsys.readouterr()

    failures(client, "shard_sweep", batch(*(json.dumps({"shard": each}) for each in range(4))))
    swept = figures(capsys.readouterr().out)
    failures(client, "due_enrollments", batch(json.dumps(due)))
    advanced = figures(capsys.readouterr().out)
    wrong = ses_event(runner, enrolled, "Send").replace('messageId\\": \\"', 'messageId\\": \\"2')
    failures(client, "ses_feedback", batch(wrong))
    heard = figures(capsys.readouterr().out)

    assert (swept["DueInShard"], swept["DueLeft"], swept["UnreadableDueKeys"]) == (1, 0, 0)
    assert 55 < swept["OldestDue"] < 120
    assert 55 < advanced["DueToDone"] < 120
    assert heard == {"DuplicateMail": 1}
