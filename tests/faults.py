"""What AWS may do to a call instead of answering it: one table, and the wire that does it.

The wire is cut below the SDK: requests are signed, refusals are bytes of the service's protocol, so
that botocore's retries and PynamoDB's reading of errors are the real ones. moto answers above
this level; whatever goes through here speaks to ministack (docs/decisions/0101).
"""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from mmap import mmap
from typing import Any, Final

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

TABLE, BYTES, QUEUE, MAIL = "dynamodb", "s3", "sqs", "sesv2"

_WRITES: Final = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
_BATCHES: Final = frozenset({"BatchGetItem", "BatchWriteItem", "SendMessageBatch"})

Send = Callable[[], AWSResponse]
"""Sends the request for good, and returns what AWS answers."""
Answers = Callable[[AWSPreparedRequest, Send], AWSResponse]
"""Answers a request in AWS's place; may raise what a broken line raises."""


@dataclass(frozen=True, slots=True)
class Call:
    """What the SDK was asked for; it may make several requests of it."""

    number: int
    service: str
    operation: str
    asked: Mapping[str, Any]

    @property
    def has_condition(self) -> bool:
        """Whether it may be refused for what stands there."""
        return self.operation in _WRITES and _has_condition(self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way in which AWS fails; `code_by_service` names the services that know it."""

    code_by_service: Mapping[str, str]
    status: int = 0
    """Of the HTTP answer; 0: there is none, the line is dead."""
    is_done: bool = False
    """Whether AWS does what it was asked all the same."""
    lasts: bool = False
    """Once (the SDK's next try goes well), or for all calls of the service until the work ends."""
    is_cut: bool = False
    """Whether the answer breaks off in the middle of its bytes."""
    only: Collection[str] = ()
    """The operations that it happens to; none: to all of the services."""
    is_of_condition: bool = False
    """Whether it happens only to writes that have a condition."""

    def hits(self, call: Call) -> bool:
        """Whether this can happen to a call."""
        has_reason = call.has_condition or not self.is_of_condition
        return has_reason and self.may_hit(call.service, call.operation)

    def may_hit(self, service: str, operation: str) -> bool:
        """Whether this can happen to such calls, as far as that tells."""
        return service in self.code_by_service and (not self.only or operation in self.only)


_SLOW: Final = {
    TABLE: "ProvisionedThroughputExceededException",
    BYTES: "SlowDown",
    QUEUE: "RequestThrottled",
}
_BROKEN: Final = {TABLE: "InternalServerError", BYTES: "InternalError", QUEUE: "InternalFailure"}
_SILENT: Final = dict.fromkeys((TABLE, BYTES, QUEUE), "")
_CONFLICT: Final = {TABLE: "TransactionConflict"}
_REFUSED: Final = {TABLE: "ConditionalCheckFailed"}
_MAIL_BROKEN: Final = {MAIL: "InternalServiceErrorException"}


FAULTS: Final[Mapping[str, Fault]] = {
    "slow": Fault(code_by_service=_SLOW, status=400),
    "slow for long": Fault(code_by_service=_SLOW, status=400, lasts=True),
    "broken": Fault(code_by_service=_BROKEN, status=500),
    "broken for long": Fault(code_by_service=_BROKEN, status=500, lasts=True),
    "broken though done": Fault(code_by_service=_BROKEN, status=500, is_done=True),
    "out of reach": Fault(code_by_service=_SILENT, lasts=True),
    "answer lost": Fault(code_by_service=_SILENT, is_done=True),
    "answers lost": Fault(code_by_service=_SILENT, is_done=True, lasts=True),
    "conflict": Fault(code_by_service=_CONFLICT, status=400, only=_WRITES),
    "conflicts": Fault(code_by_service=_CONFLICT, status=400, lasts=True, only=_WRITES),
    "refused": Fault(
        code_by_service=_REFUSED, status=400, only=_WRITES - {"PutItem"}, is_of_condition=True
    ),
    "put off": Fault(code_by_service={TABLE: "", QUEUE: ""}, status=200, only=_BATCHES),
    "cut short": Fault(code_by_service={BYTES: ""}, only=("GetObject",), is_cut=True),
    "mail: too many": Fault(code_by_service={MAIL: "TooManyRequestsException"}, status=429),
    "mail: rejected": Fault(code_by_service={MAIL: "MessageRejected"}, status=400),
    "mail: broken": Fault(code_by_service=_MAIL_BROKEN, status=500),
    "mail: broken though sent": Fault(code_by_service=_MAIL_BROKEN, status=500, is_done=True),
    "mail: out of reach": Fault(code_by_service={MAIL: ""}),
    "mail: answer lost": Fault(code_by_service={MAIL: ""}, is_done=True),
}
"""Every kind of failure by its name.

A row that is put if it is absent is never refused for nothing: that it is there would be a lie.
"""


@dataclass(slots=True)
class Breaker:
    """Stands between a function and AWS, and lets a call fail: that of a number, or of a name.

    It is a guard of the SDK's calls (it counts them) and an end of the wire (it breaks their
    requests). What it has struck can be read from the process that forked its own.
    """

    fault: Fault
    at: int | str
    calls: int = 0
    _last: Call | None = None
    _service: str = ""
    _struck: mmap = field(default_factory=lambda: mmap(-1, 1))

    @property
    def has_struck(self) -> bool:
        """Whether any request has failed."""
        return bool(self._struck[0])

    def __call__(
        self,
        call: Callable[..., Any],
        client: BaseClient,
        operation: str,
        asked: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - AWS's answers
        """Count a call, then let its requests come over the wire."""
        if not self.calls:
            cut_wire(self.answer)
        service = client.meta.service_model.service_name
        self._last = Call(self.calls, service, operation, asked)
        if self.at in {self.calls, operation}:
            self._service = service
        self.calls += 1
        return call(client, operation, asked)

    def answer(self, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        """Answer a request of the last call: as AWS does, unless it is struck."""
        call = self._last
        if call is None or not self._is_struck(call):
            return send()
        self._struck[0] = 1
        if self.fault.is_cut:
            return _half(send())
        if self.fault.is_done:
            send()
        if self.fault.status:
            return refusal_of(call, self.fault)
        lost = ReadTimeoutError if self.fault.is_done else ConnectTimeoutError
        raise lost(endpoint_url=request.url)

    def _is_struck(self, call: Call) -> bool:
        if call.service != self._service or not self.fault.hits(call):
            return False
        is_here = self.at in {call.number, call.operation}
        return self.fault.lasts or (is_here and not self.has_struck)


def cut_wire(answers: Answers) -> Callable[[], None]:
    """Let `answers` answer all requests of this process, and nobody sleep between two tries.

    Returns what mends the wire.
    """
    send, sleep = Endpoint._send, time.sleep  # type: ignore[attr-defined]

    def sent(endpoint: Endpoint, request: AWSPreparedRequest) -> AWSResponse:
        return answers(request, lambda: send(endpoint, request))

    def mend() -> None:
        Endpoint._send, time.sleep = send, sleep  # type: ignore[attr-defined]

    Endpoint._send = sent  # type: ignore[attr-defined]
    time.sleep = lambda _: None
    return mend


@contextmanager
def over_the_wire(answers: Answers) -> Iterator[None]:
    """Let `answers` answer all requests within the block."""
    mend = cut_wire(answers)
    try:
        yield
    finally:
        mend()


def answer(status: int, body: str | bytes, headers: Mapping[str, str] | None = None) -> AWSResponse:
    """Return an answer as it comes over the wire."""
    said = body.encode() if isinstance(body, str) else body
    told: Any = headers or {}  # the stubs want a class that botocore itself does not
    return AWSResponse("https://aws.test/", status, told, _Body(said))


def _half(whole: AWSResponse) -> AWSResponse:
    told, headers = whole.raw.read(), dict(whole.headers)
    return answer(whole.status_code, told[: len(told) // 2], headers)


def refusal(service: str, status: int, code: str, **told: object) -> AWSResponse:
    """Spell a refusal as the service does; `told` is what DynamoDB says besides."""
    match service:
        case "s3":
            return answer(503 if code == "SlowDown" else status, _XML.format(code=code))
        case "sesv2":
            return answer(status, '{"message": "no"}', {"x-amzn-ErrorType": code})
        case _:
            return answer(status, json.dumps({**told, "message": "no", "__type": f"aws#{code}"}))


_OK: Final = 200
_XML: Final = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>"


def refusal_of(call: Call, fault: Fault) -> AWSResponse:
    """Spell what a fault says to a call; a transaction says it of every write that it can hit."""
    code = fault.code_by_service[call.service]
    if fault.status == _OK:
        return answer(_OK, json.dumps(_put_off(call)))
    if code not in _REASONS:
        return refusal(call.service, fault.status, code)
    if call.operation != "TransactWriteItems":
        return refusal(call.service, fault.status, f"{code}Exception")
    is_hit = _REASONS[code]
    reasons = [{"Code": code if is_hit(each) else "None"} for each in call.asked["TransactItems"]]
    return refusal(TABLE, fault.status, "TransactionCanceledException", CancellationReasons=reasons)


def _put_off(call: Call) -> Mapping[str, object]:
    """Say that of a batch nothing was done yet, which is no refusal."""
    match call.operation:
        case "SendMessageBatch":
            failed = [{"Id": each["Id"], "Code": "Busy"} for each in call.asked["Entries"]]
            return {"Successful": [], "Failed": failed}
        case "BatchGetItem":
            return {"Responses": {}, "UnprocessedKeys": call.asked["RequestItems"]}
        case _:
            return {"UnprocessedItems": call.asked["RequestItems"]}


def _has_condition(asked: Mapping[str, Any]) -> bool:
    return "ConditionExpression" in json.dumps(asked, default=str)


_REASONS: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    "TransactionConflict": lambda _: True,
    "ConditionalCheckFailed": _has_condition,
}
"""Why one write of a transaction may cancel it, and which writes may."""


class _Body(BytesIO):
    """What botocore reads an answer from."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()
