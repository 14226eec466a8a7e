"""The doctor of a deployment on AWS: `python -m infra.ops --stage prod doctor`."""

from argparse import ArgumentParser, Namespace
from functools import partial
from typing import TYPE_CHECKING

import boto3

from chalicelib.gateways.clock import SystemClock
from infra import checkup
from infra.stage_names import stage_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SHARDS_AT_LEAST = 16


def add_options(parser: ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument(
        "--deep",
        action="store_true",
        help="read the whole table too, for parked enrollments, failed jobs and dead deliveries",
    )
    parser.add_argument(
        "--shards", type=int, default=SHARDS_AT_LEAST, help="of the due index, at least (16)"
    )
    parser.set_defaults(do=examine)


def examine(asked: Namespace) -> int:
    """Print tables and advice; 0 if all is well, 1 if something needs a person."""
    stage = stage_of(asked)
    place = checkup.Place(
        dynamodb=boto3.client("dynamodb"), table=asked.table, now=SystemClock().now()
    )
    redrive = "redrive it to its queue (SQS, `Start DLQ redrive`)"
    advice = [
        *checkup.queues(partial(_depth, boto3.client("sqs"), stage), redrive=redrive),
        *checkup.enrollments(place, asked.shards),
        *checkup.jobs(place),
        *checkup.webhooks(place),
        *(checkup.given_up(place) if asked.deep else ()),
    ]
    return checkup.concluded(advice)


def _depth(sqs: "SQSClient", stage: str, name: str) -> tuple[int, int]:
    url = sqs.get_queue_url(QueueName=f"sekvens-{stage}-{name}")["QueueUrl"]
    known = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return (
        int(known["ApproximateNumberOfMessages"]),
        int(known["ApproximateNumberOfMessagesNotVisible"]),
    )
