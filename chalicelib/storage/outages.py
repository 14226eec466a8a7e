"""Tells what the table refuses for ever from what it could not do just now."""

from typing import Final

from pynamodb.exceptions import PynamoDBException

LASTING: Final = frozenset({"ValidationException", "NoSuchKey", "InvalidMessageContents"})
"""What AWS answers to what we asked, whenever we ask it: a row too large, bytes that are gone."""


def is_outage(error: Exception) -> bool:
    """Whether the table failed for a reason that passes."""
    return isinstance(error, PynamoDBException) and error.cause_response_code not in LASTING
