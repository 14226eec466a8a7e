"""Polls one queue and calls its function, as Lambda's event source mapping does.

Messages that the function names in `batchItemFailures` come again, and only they; if it raises,
all do. After five receives SQS moves a message to the dead-letter queue. Lambda would wait the
queue's visibility time-out between tries; here it is a second, or nobody could watch it happen.
"""

import json
import logging
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from infra.local.house import QueueDoor
from infra.local.lambda_events import Context, queue_event
from infra.local.settings import LocalSettings, queue_name, queue_url

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

AGAIN_S: Final = 1
_MARGIN_S: Final = 0.05
"""The emulator's second may end a little after ours."""
MOST_AT_ONCE: Final = 10

log = logging.getLogger("sekvens.local")


class QueueJob:
    """Receives, calls, deletes."""

    def __init__(self, door: QueueDoor, *, settings: LocalSettings, sqs: "SQSClient") -> None:
        """Serve `door`."""
        self.queue = queue_name(door.queue)
        self._door = door
        self._url = queue_url(settings, self.queue)
        self._sqs = sqs
        self._again_at: list[float] = []

    @property
    def name(self) -> str:
        """Name the function."""
        return self._door.name

    def work(self) -> bool:
        """Handle one batch."""
        now = time.monotonic()
        self._again_at = [at for at in self._again_at if at > now]
        messages: list[Any] = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self._door.batch_size, MOST_AT_ONCE),
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not messages:
            return False
        failed = self._call(messages)
        done = [each for each in messages if each["MessageId"] not in failed]
        if done:
            self._sqs.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]}
                    for at, each in enumerate(done)
                ],
            )
        for each in messages:
            if each["MessageId"] in failed:
                self._try_again(each)
        return True

    def wait_s(self) -> float | None:
        """Return the time to the next try of a failed message."""
        if not self._again_at:
            return None
        return max(0.01, min(self._again_at) - time.monotonic())

    def _call(self, messages: list[Any]) -> set[str]:
        """Call the function; return the ids of messages that must come again."""
        everything = {each["MessageId"] for each in messages}
        context = Context(function=self.name, aws_request_id=str(uuid.uuid4()))
        try:
            answer = self._door.handle(queue_event(self.queue, messages), context)
        except Exception:
            log.exception("%s raised; all %d messages come again", self.name, len(messages))
            return everything
        failed = failures_in(answer)
        if not failed <= everything:
            log.error("%s names unknown failures; as on Lambda all messages come again", self.name)
            return everything
        return failed

    def _try_again(self, message: Any) -> None:  # noqa: ANN401 - as boto3 gave it
        received = int(message.get("Attributes", {}).get("ApproximateReceiveCount", "1"))
        log.warning("%s: message %s failed, try %d", self.name, message["MessageId"], received)
        self._sqs.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=AGAIN_S
        )
        self._again_at.append(time.monotonic() + AGAIN_S + _MARGIN_S)


def failures_in(answer: object) -> set[str]:
    """Read `{"batchItemFailures": [{"itemIdentifier": id}]}`; anything else means all went well."""
    if not isinstance(answer, dict):
        return set()
    # Lambda takes the answer through JSON.
    plain = json.loads(json.dumps(answer))
    return {str(each["itemIdentifier"]) for each in plain.get("batchItemFailures") or ()}
