"""Reads why a call to the table failed: refused for what stands there, for ever, or just now."""

from typing import Final

from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

LASTING: Final = frozenset({"ValidationException", "NoSuchKey", "InvalidMessageContents"})
"""What AWS answers to what we asked, whenever we ask it: a row too large, bytes that are gone."""

_LASTING_REASONS: Final = frozenset({"ValidationError", "ItemCollectionSizeLimitExceeded"})
"""The same of one write of a transaction: an update that would make its row too large."""


def code_of(error: PynamoDBException) -> str | None:
    """Return what DynamoDB answered; None if no answer came.

    PynamoDB's own `cause_response_code` raises AttributeError where a line broke or timed out.
    """
    cause = error.cause
    return cause.response.get("Error", {}).get("Code") if isinstance(cause, ClientError) else None


def is_refused(error: PynamoDBException) -> bool:
    """Whether the condition of a single write did not hold."""
    return code_of(error) == "ConditionalCheckFailedException"


def is_outage(error: Exception) -> bool:
    """Whether the table failed for a reason that passes."""
    match error:
        case TransactWriteError():
            reasons = {each.code for each in error.cancellation_reasons if each}
            return code_of(error) not in LASTING and not reasons & _LASTING_REASONS
        case PynamoDBException():
            return code_of(error) not in LASTING
        case _:
            return False
