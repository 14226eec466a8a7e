"""The doctor of a deployment names what stands still, and what to do about it."""

from datetime import timedelta

import boto3
import pytest

from chalicelib.domain.ids import EnrollmentId, JobId, WebhookId
from chalicelib.domain.jobs.job import Job, JobKind, JobState
from chalicelib.domain.sequences.enrollment import Enrollment, Lease, Phase, Status, changed
from chalicelib.domain.webhooks import parcels
from chalicelib.domain.webhooks.news import News, Topic
from chalicelib.entry.settings import QUEUE_NAMES
from chalicelib.gateways.clock import SystemClock
from chalicelib.storage import due
from chalicelib.storage.rows.enrollments import HeadRow
from chalicelib.storage.stores import Stores
from infra import ops
from tests.builders import TENANT, a_user, an_enrollment

DOCTOR = ["doctor", "--deep", "--shards", "4"]
NOW = SystemClock().now()


@pytest.fixture(autouse=True)
def queues(table: None) -> None:
    """Put up the queues of a stage, as its stack names them."""
    for name in (*QUEUE_NAMES, *(f"{each}-dead" for each in QUEUE_NAMES), "stream-dead"):
        boto3.client("sqs").create_queue(QueueName=f"sekvens-test-{name}")


def put(name: str, **changes: object) -> None:
    it: Enrollment = changed(an_enrollment(), id=EnrollmentId(name), **changes)
    HeadRow.of(TENANT, it, due_shards=4).save()


def test_all_is_well_where_nothing_waits(capsys: pytest.CaptureFixture[str]) -> None:
    assert ops.main(DOCTOR) == 0

    said = capsys.readouterr().out
    assert said.endswith("All is well.\n")
    assert "webhook-dead" in said


def test_what_is_dead_in_a_queue_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="sekvens-test-tally-dead")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")

    assert ops.main(DOCTOR) == 1

    assert "1 in tally-dead: find why in the log, mend it, then redrive" in capsys.readouterr().out


def test_leases_unknowns_and_late_ones_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    ago, soon = NOW - timedelta(hours=1), NOW + timedelta(minutes=20)
    lost = Lease(owner="worker", until=NOW - timedelta(minutes=1), attempt=1)
    put("lost", phase=Phase.SENDING, lease=lost, due_at=NOW - timedelta(minutes=1))
    put("unsure", phase=Phase.UNKNOWN, due_at=soon)
    put("late", due_at=ago)
    put("fine", due_at=NOW + timedelta(days=1))

    assert ops.main(DOCTOR) == 1

    said = capsys.readouterr().out
    assert f"1 leases ran out ({TENANT}/lost)" in said
    assert f"1 mails were perhaps sent ({TENANT}/unsure)" in said
    assert f"the first is {TENANT}/late" in said
    assert "fine" not in said


def test_shards_that_were_added_live_are_looked_at_too(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    assert due.shards_in_use(64) == 64
    late = changed(an_enrollment(), id=EnrollmentId("added-1"), due_at=NOW - timedelta(hours=1))
    HeadRow.of(stores.tenant_id, late, due_shards=64).save()

    assert ops.main(DOCTOR) == 1

    said = capsys.readouterr().out
    assert f"Shard 28: 1 enrollments are over 15 minutes late, the first is {TENANT}/added" in said


def test_what_was_given_up_is_named_with_the_way_back(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    put("parked", status=Status.PAUSED, reason="parked", due_at=NOW + timedelta(days=1))
    put("resting", status=Status.PAUSED, reason="manual", due_at=NOW + timedelta(days=1))
    job = Job(
        id=JobId("job-1"),
        kind=JobKind.IMPORT,
        asked_by=a_user().id,
        about={},
        state=JobState.FAILED,
        created_at=NOW,
    )
    stores.jobs.save(job, look_at=None)
    news = News(id="c-1-0", topic=Topic.FAILED, at=NOW, data={})
    parcel = parcels.new(news, WebhookId("webhook-1"), now=NOW)
    stores.webhooks.keep(parcels.given_up(parcel, "Why.", now=NOW))

    assert ops.main(DOCTOR) == 1

    said = capsys.readouterr().out
    assert "1 enrollments parked, 1 jobs failed, 1 deliveries to webhooks dead" in said
    assert f"1 enrollments are parked ({TENANT}/parked)" in said
    assert f"1 jobs failed ({TENANT}/job-1)" in said
    assert f"by tenant/webhook: {TENANT}/webhook-1 (1)" in said


def test_jobs_and_deliveries_that_nobody_takes_up_are_named(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    ago = NOW - timedelta(hours=1)
    job = Job(
        id=JobId("job-1"),
        kind=JobKind.IMPORT,
        asked_by=a_user().id,
        about={},
        created_at=ago,
    )
    stores.jobs.save(job, look_at=ago)
    news = News(id="c-1-0", topic=Topic.FAILED, at=ago, data={})
    stores.webhooks.keep(parcels.new(news, WebhookId("webhook-1"), now=ago))

    assert ops.main(["doctor"]) == 1

    said = capsys.readouterr().out
    assert f"1 jobs were left for over 15 minutes ({TENANT}/job-1)" in said
    assert f"most of them of {TENANT}/webhook-1" in said
