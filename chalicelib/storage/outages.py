"""Tells what the table refuses for ever from what it could not do just now."""

from typing import Final

from pynamodb.exceptions import PynamoDBException, TransactWriteError

LASTING: Final = frozenset({"ValidationException", "NoSuchKey", "InvalidMessageContents"})
"""What AWS answers to what we asked, whenever we ask it: a row too large, bytes that are gone."""

_LASTING_REASONS: Final = frozenset({"ValidationError", "ItemCollectionSizeLimitExceeded"})
"""The same of one write of a transaction: an update that would make its row too large."""


def is_outage(error: Exception) -> bool:
    """Whether the table failed for a reason that passes."""
    match error:
        case TransactWriteError():
            reasons = {each.code for each in error.cancellation_reasons if each}
            return error.cause_response_code not in LASTING and not reasons & _LASTING_REASONS
        case PynamoDBException():
            return error.cause_response_code not in LASTING
        case _:
            return False
