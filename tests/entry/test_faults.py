"""What passes by itself comes again and parks nobody; what does not is counted."""

import re

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import (
    CancellationReason,
    PutError,
    TransactWriteError,
    VerboseClientError,
)

from chalicelib.domain.errors import MissingError, StaleWriteError, ThrottledError
from chalicelib.entry import faults
from chalicelib.gateways.queues import QueueRefusedError


def answer(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "GetObject")


def cancelled(*reasons: str) -> TransactWriteError:
    """Return what PynamoDB raises for a transaction that was cancelled for `reasons`."""
    told = VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException"}},
        "TransactWriteItems",
        {},
        cancellation_reasons=[CancellationReason(code=each) for each in reasons],
    )
    return TransactWriteError("", told)


@pytest.mark.parametrize(
    "error, is_passing",
    [
        (ThrottledError(retry_after=1), True),
        (StaleWriteError(kind="enrollment", id="e1"), True),
        (QueueRefusedError("due", ["x"]), True),
        (ReadTimeoutError(endpoint_url="x"), True),
        (ResponseParserError("<html>"), True),
        (answer("InternalServerError"), True),
        (answer("AccessDeniedException"), True),
        (PutError("", answer("InternalServerError")), True),
        (PutError("", ReadTimeoutError(endpoint_url="x")), True),
        (TransactWriteError("", ReadTimeoutError(endpoint_url="x")), True),
        (ConnectionResetError(), True),
        (answer("NoSuchKey"), False),
        (PutError("", answer("ValidationException")), False),
        (cancelled("None", "TransactionConflict"), True),
        (cancelled("None", "ValidationError"), False),
        (cancelled("ItemCollectionSizeLimitExceeded"), False),
        (MissingError(kind="flow", id="f1"), False),
        (KeyError("gone"), False),
        (TypeError("never"), False),
    ],
)
def test_an_outage_parks_nobody(error: Exception, is_passing: bool) -> None:
    assert faults.is_passing(error) is is_passing


def test_a_fault_is_named_by_its_kind_and_place_never_by_its_text() -> None:
    with pytest.raises(KeyError) as outside:
        raise KeyError("paula@acme.test")
    with pytest.raises(AttributeError) as inside:
        faults.name_of("no error")  # type: ignore[arg-type]  # so that it fails in our house

    assert faults.name_of(outside.value) == "KeyError"
    assert re.fullmatch(r"AttributeError in faults, line \d+", faults.name_of(inside.value))
