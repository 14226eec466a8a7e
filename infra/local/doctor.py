"""What is stuck in a running stack, and what to do about it."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.entry.settings import QUEUE_NAMES
from infra import checkup
from infra.checkup import DEAD
from infra.local.resources import Aws, clients
from infra.local.settings import DUE_SHARDS, TABLE, LocalSettings, queue_name, queue_url
from infra.local.virtual import DueIndex, LocalClock

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def examine(settings: LocalSettings) -> int:
    """Print a table and advice; 0 if all is well, 1 if something needs a person."""
    return _with_running(settings, _examine)


def redrive(settings: LocalSettings) -> int:
    """Move what is in the dead-letter queues back, once, for another five tries."""
    return _with_running(settings, _redrive)


def _with_running(settings: LocalSettings, do: Callable[[LocalSettings, Aws], int]) -> int:
    running = _running(settings)
    if running is None:
        print(f"No stack runs on {settings.data}: start one with `make run`.")
        return 1
    try:
        return do(running, clients(running))
    except (BotoCoreError, ClientError) as error:
        print(f"The AWS emulator at {running.aws_url} does not answer ({error}).", file=sys.stderr)
        return 1


def _examine(settings: LocalSettings, aws: Aws) -> int:
    clock = LocalClock(settings.lead_file)
    print(f"Clock {clock.now():%Y-%m-%d %H:%M:%S} UTC, ahead by {clock.lead()}")
    place = checkup.Place(dynamodb=aws.dynamodb, table=TABLE, now=clock.now())
    redrive = f"`.venv/bin/python -m infra.local redrive --data {settings.data}`"
    advice = [
        *checkup.queues(partial(_depth_of, settings, aws), redrive=redrive),
        *checkup.enrollments(place, DUE_SHARDS),
        *_due_advice(aws, clock),
        *checkup.jobs(place),
        *checkup.webhooks(place),
        *checkup.given_up(place),
    ]
    unsent = len(list((settings.data / "outgoing").glob("*.json")))
    if unsent:
        advice.append(f"{unsent} sent mails wait for their events: is the stack itself alive?")
    broken = len(list((settings.data / "outgoing").glob("*.broken")))
    if broken:
        advice.append(f"{broken} sent mails could not be read: *.broken in outgoing/.")
    return checkup.concluded(advice)


def _depth_of(settings: LocalSettings, aws: Aws, name: str) -> tuple[int, int]:
    return _depth(aws.sqs, queue_url(settings, queue_name(name)))


def _due_advice(aws: Aws, clock: LocalClock) -> Iterator[str]:
    due = DueIndex(aws.dynamodb)
    now = clock.now()
    backlog = due.backlog(now)
    shards = ", ".join(f"{count} in shard {shard}" for shard, count in backlog.items())
    print(f"due or late: {shards or 'nobody'}; next: {due.around(now)[1] or 'nobody'}")
    if backlog:
        yield (
            "Enrollments are due: the next minute's tick takes them. "
            "If they stay, look for `unforeseen` in sekvens.log."
        )


def _redrive(settings: LocalSettings, aws: Aws) -> int:
    for name in QUEUE_NAMES:
        dead = queue_url(settings, queue_name(f"{name}{DEAD}"))
        # No more than were there: what fails again comes back here.
        left = _depth(aws.sqs, dead)[0]
        moved = 0
        while moved < left and (count := _move_some(aws.sqs, dead, name, settings)):
            moved += count
        if moved:
            print(f"{moved} messages have another try in {name}.")
    return 0


def _move_some(sqs: "SQSClient", dead: str, name: str, settings: LocalSettings) -> int:
    found = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        sqs.send_message(
            QueueUrl=queue_url(settings, queue_name(name)), MessageBody=message["Body"]
        )
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    return len(found)


def _running(settings: LocalSettings) -> LocalSettings | None:
    """Return the settings of the stack that runs on this folder."""
    try:
        ports = json.loads((settings.data / "stack.json").read_text())
    except (OSError, ValueError):
        return None
    return LocalSettings(
        port=ports["port"],
        smtp_port=ports["smtp_port"],
        aws_port=ports["aws_port"],
        data=settings.data,
        app=settings.app,
    )


def _depth(sqs: "SQSClient", url: str) -> tuple[int, int]:
    known = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return (
        int(known["ApproximateNumberOfMessages"]),
        int(known["ApproximateNumberOfMessagesNotVisible"]),
    )
