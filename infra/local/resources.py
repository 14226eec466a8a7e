"""Makes what `infra/resources.yaml` makes on AWS: table, bucket, queues, topics, configuration set.

Every call may find its thing already there, for the emulator keeps its state.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.entry.settings import QUEUE_NAMES
from chalicelib.storage.rows.base import Row, use_table
from infra.local.settings import (
    BUCKET,
    CONFIGURATION_SET,
    EVENTS_TOPIC,
    INBOUND_TOPIC,
    NOTICES_SET,
    REGION,
    TABLE,
    LocalSettings,
    queue_arn,
    queue_name,
    topic_arn,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

TRIES: Final = 5
"""After so many receives a message goes to its dead-letter queue, as in `infra/resources.yaml`."""
STREAM_DEAD: Final = "stream-dead"
_VISIBILITY_S: Final = "720"
_KEPT_S: Final = "1209600"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """Clients of the emulator, shared by all threads."""

    dynamodb: "DynamoDBClient"
    streams: "DynamoDBStreamsClient"
    s3: "S3Client"
    sqs: "SQSClient"
    sns: "SNSClient"
    ses: "SESV2Client"


def clients(settings: LocalSettings) -> Aws:
    """Return clients that need nothing from the environment."""
    session = boto3.session.Session(
        aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION
    )
    options = Config(
        max_pool_connections=16,
        connect_timeout=5,
        read_timeout=60,
        # An emulator that does not answer has ended.
        retries={"total_max_attempts": 2, "mode": "standard"},
    )
    at = settings.aws_url
    return Aws(
        dynamodb=session.client("dynamodb", endpoint_url=at, config=options),
        streams=session.client("dynamodbstreams", endpoint_url=at, config=options),
        s3=session.client("s3", endpoint_url=at, config=options),
        sqs=session.client("sqs", endpoint_url=at, config=options),
        sns=session.client("sns", endpoint_url=at, config=options),
        ses=session.client("sesv2", endpoint_url=at, config=options),
    )


def make_resources(aws: Aws) -> None:
    """Make whatever is missing."""
    _make_table(aws)
    _unless_there(
        lambda: aws.s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
    )
    for name in (*QUEUE_NAMES, "stream"):
        _make_queue(aws, f"{name}-dead")
    for name in QUEUE_NAMES:
        _make_queue(aws, name, dead=f"{name}-dead")
    for topic, queue in ((INBOUND_TOPIC, "intake"), (EVENTS_TOPIC, "feedback")):
        aws.sns.create_topic(Name=topic)
        aws.sns.subscribe(
            TopicArn=topic_arn(topic), Protocol="sqs", Endpoint=queue_arn(queue_name(queue))
        )
    for configuration_set in (CONFIGURATION_SET, NOTICES_SET):
        _make_configuration_set(aws, configuration_set)


def _make_configuration_set(aws: Aws, name: str) -> None:
    _unless_there(lambda: aws.ses.create_configuration_set(ConfigurationSetName=name))


def stream_arn(aws: Aws) -> str:
    """Return the ARN of the table's stream."""
    return aws.dynamodb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]


def _make_table(aws: Aws) -> None:
    """Make the table as the rows define it; they reach the emulator as the functions do."""
    use_table(TABLE)
    if Row.exists():
        return
    Row.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    aws.dynamodb.update_table(
        TableName=TABLE,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    aws.dynamodb.update_time_to_live(
        TableName=TABLE,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": Row.expires_at.attr_name},
    )


def _make_queue(aws: Aws, name: str, *, dead: str | None = None) -> None:
    redrive = {"deadLetterTargetArn": queue_arn(queue_name(dead or "")), "maxReceiveCount": TRIES}
    _unless_there(
        lambda: aws.sqs.create_queue(
            QueueName=queue_name(name),
            Attributes={
                "VisibilityTimeout": _VISIBILITY_S,
                "MessageRetentionPeriod": _KEPT_S,
                **({"RedrivePolicy": json.dumps(redrive)} if dead else {}),
            },
        )
    )


def _unless_there(make: Callable[[], object]) -> None:
    try:
        make()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code not in {
            "BucketAlreadyOwnedByYou",
            "BucketAlreadyExists",
            "QueueAlreadyExists",
            "QueueNameExists",
            "AlreadyExistsException",
        }:
            raise
