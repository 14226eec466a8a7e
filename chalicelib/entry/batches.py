"""Queue messages one by one: one item, one fate (R4).

A message that fails is the only one of its batch that comes again; a refusal, which would fail for
ever, is logged with its reason and done with.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalice.app import SQSEvent

from chalicelib.domain.errors import DomainError, StateError, ThrottledError
from chalicelib.entry.observability import log_unforeseen, logger

Failures = dict[str, list[dict[str, str]]]
"""What Lambda wants to hear: `{"batchItemFailures": [{"itemIdentifier": id}]}`."""


def one_by_one(event: SQSEvent, handle: Callable[[str], None]) -> Failures:
    """Call `handle` with every body and return which messages must come again."""
    return try_by_try(event, lambda body, _: handle(body))


def try_by_try(event: SQSEvent, handle: Callable[[str, int], None]) -> Failures:
    """Do as `one_by_one` does, and tell `handle` the how-manieth try of its message it is."""
    failed = [
        str(told["messageId"])
        for told in (record.to_dict() for record in event)
        if not _is_done(told, handle)
    ]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _is_done(told: Mapping[str, Any], handle: Callable[[str, int], None]) -> bool:
    message_id = str(told["messageId"])
    number = int(told.get("attributes", {}).get("ApproximateReceiveCount", 1))
    try:
        handle(told["body"], number)
    except (ThrottledError, StateError) as refusal:
        logger.info("message comes again", extra={"code": refusal.code, "message_id": message_id})
        return False
    except DomainError as refusal:
        logger.warning("message refused", extra={"code": refusal.code, "message_id": message_id})
        return True
    except Exception as error:  # noqa: BLE001 - the door is where everything ends; it comes again
        log_unforeseen(error, request_id=message_id, route="queue")
        return False
    return True
