"""What each failure of SES means for the mail, told by the bytes that SES answers with.

The answers are put in below the SDK, so that its reading of them is the real one.
"""

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)

from chalicelib.entry import wiring
from chalicelib.gateways.mailer import Fate, SendError
from tests.faults import MAIL, Answers, answer, over_the_wire, refusal

pytestmark = pytest.mark.usefixtures("environment")

URL = "https://email.eu-central-1.amazonaws.com/"


def send(sender: str | None = "sally@northwind.test") -> str:
    return wiring.outside().mailer.send(
        mime=b"Subject: Hi\r\n\r\nHi",
        sender=sender,  # type: ignore[arg-type]  # one test sends nonsense
        recipients=["paula@acme.test"],
        tags={"enrollment": "e1"},
    )


def fate_and_calls(answers: Answers) -> tuple[Fate, int]:
    """Return what becomes of a mail, and how often SES was called for it."""
    calls: list[AWSPreparedRequest] = []

    def counted(request: AWSPreparedRequest, call: object) -> object:
        calls.append(request)
        return answers(request, call)  # type: ignore[arg-type]

    with over_the_wire(counted), pytest.raises(SendError) as failure:  # type: ignore[arg-type]
        send()
    return failure.value.fate, len(calls)


def test_a_mail_that_ses_takes_has_its_id() -> None:
    with over_the_wire(lambda *_: answer(200, '{"MessageId": "ses-1"}')):
        assert send() == "ses-1"


@pytest.mark.parametrize(
    "status, code, fate",
    [
        (429, "TooManyRequestsException", Fate.LATER),
        (400, "ThrottlingException", Fate.LATER),
        (400, "LimitExceededException", Fate.LATER),
        (400, "SendingPausedException", Fate.LATER),
        (429, "", Fate.LATER),
        (408, "", Fate.LATER),
        (403, "InvalidSignatureException", Fate.LATER),
        (403, "SignatureDoesNotMatch", Fate.LATER),
        (400, "RequestExpired", Fate.LATER),
        (403, "ExpiredTokenException", Fate.LATER),
        (403, "UnrecognizedClientException", Fate.LATER),
        (400, "MessageRejected", Fate.THIS_RECIPIENT),
        (400, "BadRequestException", Fate.THIS_RECIPIENT),
        (413, "RequestEntityTooLargeException", Fate.THIS_RECIPIENT),
        (400, "MailFromDomainNotVerifiedException", Fate.THIS_SENDER),
        (400, "AccountSuspendedException", Fate.THIS_SENDER),
        (403, "AccessDeniedException", Fate.THIS_SENDER),
        (401, "NotAuthorized", Fate.THIS_SENDER),
        (400, "RequestAbortedException", Fate.UNKNOWN),
        (500, "InternalServiceErrorException", Fate.UNKNOWN),
        (500, "TooManyRequestsException", Fate.UNKNOWN),
        (503, "", Fate.UNKNOWN),
    ],
)
def test_a_refusal_of_ses_means_one_thing_and_is_never_tried_again_by_the_sdk(
    status: int, code: str, fate: Fate
) -> None:
    assert fate_and_calls(lambda *_: refusal(MAIL, status, code)) == (fate, 1)


@pytest.mark.parametrize(
    "error, fate",
    [
        (EndpointConnectionError(endpoint_url=URL), Fate.LATER),
        (ConnectTimeoutError(endpoint_url=URL), Fate.LATER),
        (NoCredentialsError(), Fate.LATER),
        (ReadTimeoutError(endpoint_url=URL), Fate.UNKNOWN),
        (ConnectionClosedError(endpoint_url=URL), Fate.UNKNOWN),
        (SSLError(endpoint_url=URL, error=EOFError()), Fate.UNKNOWN),
        (HTTPClientError(error="reset"), Fate.UNKNOWN),
    ],
)
def test_a_line_that_breaks_leaves_a_mail_unknown_once_bytes_may_have_left(
    error: BotoCoreError, fate: Fate
) -> None:
    def broken(*_: object) -> object:
        raise error

    assert fate_and_calls(broken) == (fate, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("body", ["", "{}", '{"MessageId', "<html>", '{"MessageId": null}'])
def test_an_answer_that_says_nothing_leaves_a_mail_unknown(body: str) -> None:
    assert fate_and_calls(lambda *_: answer(200, body)) == (Fate.UNKNOWN, 1)


def test_what_the_sdk_itself_refuses_has_not_left() -> None:
    with pytest.raises(SendError) as failure:
        send(sender=None)

    assert failure.value.fate is Fate.THIS_RECIPIENT
