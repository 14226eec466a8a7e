"""What is stuck in a running stack, and what to do about it."""

import json
import sys
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.entry.settings import QUEUE_NAMES
from infra.local.resources import STREAM_DEAD, clients
from infra.local.settings import DUE_SHARDS, LocalSettings, queue_name, queue_url
from infra.local.virtual import DueIndex, LocalClock

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

DEAD: Final = "-dead"


def examine(settings: LocalSettings) -> int:
    """Print a table and advice; 0 if all is well, 1 if something needs a person."""
    running = _running(settings)
    if running is None:
        print(f"No stack runs on {settings.data}: start one with `python -m infra.local`.")
        return 1
    try:
        return _examine(running)
    except (BotoCoreError, ClientError) as error:
        print(f"The AWS emulator at {running.aws_url} does not answer ({error}).", file=sys.stderr)
        return 1


def _examine(settings: LocalSettings) -> int:
    aws = clients(settings)
    clock = LocalClock(settings.lead_file)
    advice: list[str] = []
    print(f"Clock {clock.now():%Y-%m-%d %H:%M:%S} UTC, ahead by {clock.lead()}")
    print(f"{'queue':<16}{'waiting':>9}{'at work':>9}")
    for name in (*QUEUE_NAMES, *(f"{each}{DEAD}" for each in QUEUE_NAMES), STREAM_DEAD):
        waiting, at_work = _depth(aws.sqs, queue_url(settings, queue_name(name)))
        print(f"{name:<16}{waiting:>9}{at_work:>9}")
        if name.endswith(DEAD) and waiting:
            advice.append(_redrive(settings, name, waiting))
    late, following = DueIndex(aws.dynamodb).around(clock.now())
    print(f"due now or late, in {DUE_SHARDS} shards: {len(late)}; next: {following or 'nobody'}")
    if len(late) > 0:
        advice.append(
            "Enrollments are due: the next minute's tick takes them. If they stay, look for "
            "`unforeseen` in sekvens.log."
        )
    unsent = len(list((settings.data / "outgoing").glob("*.json")))
    if unsent:
        advice.append(f"{unsent} sent mails wait for their events: is the stack itself alive?")
    print("\n".join(advice) or "All is well.")
    return 1 if advice else 0


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


def _redrive(settings: LocalSettings, name: str, waiting: int) -> str:
    if name == STREAM_DEAD:
        return f"{waiting} in {name}: changes that were not passed on; step figures may be short."
    return (
        f"{waiting} in {name}: find why in sekvens.log, mend it, then move them back: "
        f"AWS_ENDPOINT_URL={settings.aws_url} aws sqs start-message-move-task --source-arn "
        f"arn of {queue_name(name)}."
    )
