"""Queue messages one by one: one item, one fate (R4).

A message that fails is the only one of its batch that comes again; a refusal, which would fail for
ever, is logged with its reason and done with.
"""

from collections.abc import Callable

from chalice.app import SQSEvent

from chalicelib.domain.errors import DomainError, StateError, ThrottledError
from chalicelib.entry.observability import log_unforeseen, logger

Failures = dict[str, list[dict[str, str]]]
"""What Lambda wants to hear: `{"batchItemFailures": [{"itemIdentifier": id}]}`."""


def one_by_one(event: SQSEvent, handle: Callable[[str], None]) -> Failures:
    """Call `handle` with every body and return which messages must come again."""
    ids_and_bodies = [(str(record.to_dict()["messageId"]), record.body) for record in event]
    failed = [each for each, body in ids_and_bodies if not _is_done(body, each, handle)]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _is_done(body: str, message_id: str, handle: Callable[[str], None]) -> bool:
    try:
        handle(body)
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
