"""Sees what the small application wrote down, and talks to its stack's AWS and mail door."""

import json
import smtplib
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.storage import keys, spelling
from infra.local.resources import Aws, clients
from infra.local.settings import HOST, TABLE, LocalSettings
from infra.local.stack import Stack

SMALL = Path(__file__).parent / "small"


def calls(stack: Stack, name: str) -> list[dict[str, Any]]:
    """Return what was written down under `name`."""
    file = stack.data / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def until(condition: Callable[[], bool], *, within_s: float = 30.0) -> None:
    """Wait until something has come true; fails if it does not."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def aws_of(stack: Stack) -> Aws:
    """Return clients of the stack's emulator."""
    return clients(
        LocalSettings(
            port=stack.port,
            smtp_port=stack.smtp_port,
            aws_port=stack.aws_port,
            data=stack.data,
            app=SMALL,
        )
    )


def post(stack: Stack, raw: bytes, *, sender: str, to: list[str]) -> None:
    """Hand a mail to the stack as a mail server would."""
    with smtplib.SMTP(HOST, stack.smtp_port, timeout=10) as door:
        door.sendmail(sender, to, raw)


def put_due(aws: Aws, shard: int, name: str, at: datetime) -> None:
    """Make somebody due, as the small application understands it."""
    aws.dynamodb.put_item(
        TableName=TABLE,
        Item={
            "pk": {"S": "due"},
            "sk": {"S": name},
            "due_pk": {"S": keys.due_shard(shard)},
            "due_sk": {"S": f"{spelling.instant(at)}#t1#{name}#1"},
        },
    )
