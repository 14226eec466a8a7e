"""What SQS is handed: ids with their tenant's group, spread over time; and how much it holds."""

import json
from datetime import timedelta

import boto3
import pytest

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.gateways.queues import Due, QueueRefusedError, SqsQueues
from tests.builders import NOW, TENANT


@pytest.fixture
def queues(table: None) -> SqsQueues:
    """Return the gateway to a queue and its dead-letter queue."""
    sqs = boto3.client("sqs")
    sqs.create_queue(QueueName="due-dead")
    return SqsQueues(sqs, {"due": sqs.get_queue_url(QueueName="due")["QueueUrl"]})


def dues(number: int, *, delay_s: int = 0) -> list[Due]:
    return [
        Due(tenant_id=TENANT, enrollment_id=EnrollmentId(f"e{each}"), token=3, delay_s=delay_s)
        for each in range(number)
    ]


def test_a_message_carries_ids_and_its_tenants_group(queues: SqsQueues) -> None:
    due = Due(
        tenant_id=TENANT,
        enrollment_id=EnrollmentId("e1"),
        token=3,
        at=NOW - timedelta(minutes=2),
    )

    queues.send_due([due])

    url = boto3.client("sqs").get_queue_url(QueueName="due")["QueueUrl"]
    (message,) = boto3.client("sqs").receive_message(
        QueueUrl=url, MessageSystemAttributeNames=["MessageGroupId"]
    )["Messages"]
    at = int(NOW.timestamp()) - 120
    assert json.loads(message["Body"]) == {"t": TENANT, "e": "e1", "n": 3, "a": at}
    assert message["Attributes"]["MessageGroupId"] == TENANT


@pytest.mark.parametrize("tenant_id, group", [(TENANT, TENANT), (None, None)])
def test_what_is_one_tenants_is_handed_on_in_its_group(
    queues: SqsQueues, tenant_id: TenantId | None, group: str | None
) -> None:
    queues.send("due", ["{}"], tenant_id=tenant_id)

    url = boto3.client("sqs").get_queue_url(QueueName="due")["QueueUrl"]
    (message,) = boto3.client("sqs").receive_message(
        QueueUrl=url, MessageSystemAttributeNames=["MessageGroupId"]
    )["Messages"]
    assert message.get("Attributes", {}).get("MessageGroupId") == group


def test_a_queue_holds_what_waits_what_is_at_work_and_what_is_delayed(queues: SqsQueues) -> None:
    queues.send_due([*dues(25), *dues(2, delay_s=50)])
    url = boto3.client("sqs").get_queue_url(QueueName="due")["QueueUrl"]
    boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)

    assert (queues.held("due"), queues.waiting("due")) == (27, 15)
    assert queues.held("due-dead") == 0


def test_a_queue_that_takes_nothing_refuses(queues: SqsQueues) -> None:
    gone = SqsQueues(boto3.client("sqs"), {"due": "https://sqs.eu-central-1.amazonaws.com/1/gone"})

    with pytest.raises(QueueRefusedError):
        gone.send_due(dues(1))
