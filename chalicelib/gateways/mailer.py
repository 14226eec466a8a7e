"""Sends a message (SES), and says of every failure what it means for the mail."""

import time
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.parsers import ResponseParserError

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client


class Fate(StrEnum):
    """What became of a mail that SES did not plainly take."""

    LATER = "later"
    """Not sent; the same mail will do later (throttle, no connection)."""
    THIS_RECIPIENT = "this_recipient"
    """Not sent, and never will be to this recipient or with this content."""
    THIS_SENDER = "this_sender"
    """Not sent; the sender's identity or account is at fault."""
    UNKNOWN = "unknown"
    """Bytes left, no answer came: it may have been sent."""


class SendError(Exception):
    """SES did not plainly take the mail; `fate` says what is known."""

    def __init__(self, fate: Fate, code: str) -> None:
        """Keep the fate and the vendor's code."""
        super().__init__(fate, code)
        self.fate = fate
        self.code = code


class Mailer(Protocol):
    """Sends mail, one call for one mail."""

    def send(
        self,
        *,
        mime: bytes,
        sender: str,
        recipients: list[str],
        tags: Mapping[str, str],
        tenant: str | None = None,
    ) -> str:
        """Return the id SES gave the mail, sent as the tenant of SES of this name if there is one.

        Raises `SendError`.
        """
        ...

    def wire_id(self, ses_id: str) -> str:
        """Return the Message-ID that a mail with this SES id bears on the wire."""
        ...


FATE_BY_CODE: Final[Mapping[str, Fate]] = {
    "TooManyRequestsException": Fate.LATER,
    "ThrottlingException": Fate.LATER,
    "Throttling": Fate.LATER,
    "LimitExceededException": Fate.LATER,
    "SendingPausedException": Fate.LATER,
    # Signed too long ago, by a worker that stood still meanwhile; or by keys that are renewed.
    "RequestTimeTooSkewed": Fate.LATER,
    "RequestExpired": Fate.LATER,
    "InvalidSignatureException": Fate.LATER,
    "SignatureDoesNotMatch": Fate.LATER,
    "ExpiredTokenException": Fate.LATER,
    "UnrecognizedClientException": Fate.LATER,
    "InvalidClientTokenId": Fate.LATER,
    # Aborted before a reply: the one refusal that does not say how far SES had come.
    "RequestAbortedException": Fate.UNKNOWN,
    "MessageRejected": Fate.THIS_RECIPIENT,
    "BadRequestException": Fate.THIS_RECIPIENT,
    "NotFoundException": Fate.THIS_SENDER,
    "MailFromDomainNotVerifiedException": Fate.THIS_SENDER,
    "AccountSuspendedException": Fate.THIS_SENDER,
    "AccessDeniedException": Fate.THIS_SENDER,
}
"""Parsed answers of SES v2 `SendEmail`: a 4xx means not sent (architecture, section 4)."""

_FATE_BY_STATUS: Final[Mapping[int, Fate]] = {
    401: Fate.THIS_SENDER,
    403: Fate.THIS_SENDER,
    408: Fate.LATER,
    429: Fate.LATER,
}
"""What a 4xx means whose code we do not know; any other is about this mail."""

_SERVER_FAULT: Final = 500

_NOTHING_LEFT: Final = (
    EndpointConnectionError,
    ConnectTimeoutError,
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
)
"""Failures before the first byte of the mail was out."""


class SesMailer:
    """SES v2, without the SDK's retries: a lost answer must not become a second mail."""

    def __init__(
        self,
        client: "SESV2Client",
        *,
        configuration_set: str,
        region: str,
        every_ms: int = 0,
        has_tenants: bool = False,
    ) -> None:
        """Use `client`, which must be configured with `retries={"total_max_attempts": 1}`.

        `every_ms` is the least time between two calls: as many workers as there may be, each at
        this pace, stay below SES's rate together (docs/decisions/0088). `has_tenants`: whether
        mails name the tenant of SES that they are sent as.
        """
        self._client = client
        self._configuration_set = configuration_set
        self._region = region
        self._every_s = every_ms / 1000
        self._has_tenants = has_tenants
        self._next_at = 0.0

    def send(
        self,
        *,
        mime: bytes,
        sender: str,
        recipients: list[str],
        tags: Mapping[str, str],
        tenant: str | None = None,
    ) -> str:
        """Make exactly one call; whatever is not plainly an answer leaves the mail unknown."""
        self._keep_pace()
        try:
            answer = self._client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": recipients},
                Content={"Raw": {"Data": mime}},
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
                **self._named(tenant),
            )
        except ClientError as error:
            raise _meaning(error) from error
        except _NOTHING_LEFT as error:
            raise SendError(Fate.LATER, type(error).__name__) from error
        except ParamValidationError as error:
            raise SendError(Fate.THIS_RECIPIENT, type(error).__name__) from error
        except (BotoCoreError, ResponseParserError) as error:
            raise SendError(Fate.UNKNOWN, type(error).__name__) from error
        if "MessageId" not in answer:
            raise SendError(Fate.UNKNOWN, "NoMessageId")
        return answer["MessageId"]

    def _named(self, tenant: str | None) -> dict[str, Any]:
        return {"TenantName": tenant} if tenant and self._has_tenants else {}

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            time.sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._every_s

    def wire_id(self, ses_id: str) -> str:
        """Append the domain that SES writes behind its id: us-east-1 has one of its own."""
        host = "email" if self._region == "us-east-1" else self._region
        return f"{ses_id}@{host}.amazonses.com"


def _meaning(error: ClientError) -> SendError:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", _SERVER_FAULT)
    if status >= _SERVER_FAULT:
        return SendError(Fate.UNKNOWN, code)
    by_status = _FATE_BY_STATUS.get(status, Fate.THIS_RECIPIENT)
    return SendError(FATE_BY_CODE.get(code, by_status), code)
