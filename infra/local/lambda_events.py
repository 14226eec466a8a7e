"""Events and context as Lambda gives them to a function; pure, but for the context's clock."""

import base64
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from infra.local.settings import ACCOUNT, PREFIX, REGION, queue_arn

API_TIMEOUT_S: Final = 29.0
EVENT_TIMEOUT_S: Final = 60.0


@dataclass(slots=True, kw_only=True)
class Context:
    """What Lambda tells a function about its call."""

    function: str
    aws_request_id: str
    timeout_s: float = EVENT_TIMEOUT_S
    memory_limit_in_mb: int = 512
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None
    _began: float = field(default_factory=time.monotonic)

    @property
    def function_name(self) -> str:
        """The name Chalice would give the function."""
        return f"{PREFIX}-{self.function}"

    @property
    def invoked_function_arn(self) -> str:
        """The function's ARN."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where Lambda would log."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """Which stream of it."""
        return "local"

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left of the time-out, in wall time."""
        left = self.timeout_s - (time.monotonic() - self._began)
        return max(0, int(left * 1000))


def queue_event(queue: str, messages: Collection[Mapping[str, Any]]) -> dict[str, Any]:
    """Turn an answer of ReceiveMessage into an event: one record, with its own id, per message."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": dict(message.get("Attributes", {})),
                "messageAttributes": {
                    name: _message_attribute(value)
                    for name, value in message.get("MessageAttributes", {}).items()
                },
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn(queue),
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def schedule_event(rule: str, event_id: str, at: datetime) -> dict[str, Any]:
    """Return what EventBridge sends when a schedule comes round."""
    return {
        "version": "0",
        "id": event_id,
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{PREFIX}-{rule}"],
        "detail": {},
    }


def stream_event(
    stream: str, records: Collection[Mapping[str, Any]], *, lead: timedelta
) -> dict[str, Any]:
    """Turn records of GetRecords into an event; boto3 has made dates and bytes of them."""
    return {
        "Records": [
            {
                "eventID": record["eventID"],
                "eventName": record["eventName"],
                "eventVersion": record["eventVersion"],
                "eventSource": "aws:dynamodb",
                "awsRegion": REGION,
                "dynamodb": _change(record["dynamodb"], lead),
                "eventSourceARN": stream,
            }
            for record in records
        ]
    }


def _change(change: Mapping[str, Any], lead: timedelta) -> dict[str, Any]:
    created = change["ApproximateCreationDateTime"] + lead
    images = {
        name: _plain(change[name]) for name in ("Keys", "NewImage", "OldImage") if name in change
    }
    return {**change, **images, "ApproximateCreationDateTime": int(created.timestamp())}


def _plain(value: Any) -> Any:  # noqa: ANN401 - DynamoDB's JSON, nested at will
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case list() | set():
            return [_plain(each) for each in value]
        case _:
            return value


def _message_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"dataType": value["DataType"], "stringListValues": [], "binaryListValues": []}
    if "StringValue" in value:
        shown["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shown["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return shown
