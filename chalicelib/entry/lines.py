"""Lines out of a process that needs no table: to strangers, and to the next door's queue.

Apart from `wiring`, for who speaks to strangers shall not even load what keeps things (0076).
"""

from functools import cache
from typing import TYPE_CHECKING

import boto3

from chalicelib.entry.settings import settings
from chalicelib.gateways.queues import Queues, SqsQueues

if TYPE_CHECKING:
    from chalicelib.gateways.calls import Calls


@cache
def queues() -> Queues:
    """Return where work is handed on."""
    return SqsQueues(boto3.client("sqs"), settings().queue_url_by_name)


@cache
def calls() -> "Calls":
    """Return who speaks to strangers."""
    from chalicelib.gateways.calls import SafeCalls  # noqa: PLC0415 - one door alone calls

    return SafeCalls(is_loopback_allowed=settings().is_loopback_called)
