"""Hands ids to the next door (SQS); never objects, for they would be stale when read."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.ids import EnrollmentId, TenantId

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MOST_IN_A_BATCH: Final = 10
DEAD: Final = "-dead"
"""What follows a queue's name in that of the queue of what was given up."""
_HELD: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An enrollment that somebody must look at; the token fences old messages."""

    tenant_id: TenantId
    enrollment_id: EnrollmentId
    token: int
    at: datetime | None = None
    """When it fell due, for the figure of how late it is done."""
    delay_s: int = 0


class Queues(Protocol):
    """Where work is handed on."""

    def send_due(self, dues: Collection[Due]) -> None:
        """Hand enrollments to `advance`; raises QueueRefusedError."""
        ...

    def send(
        self, queue: str, bodies: Collection[str], *, tenant_id: TenantId | None = None
    ) -> None:
        """Hand JSON texts to another door's queue, by its plain name (`sweep`, `tally` …).

        Those of one tenant, if it is named, do not make others' wait.
        """
        ...

    def waiting(self, queue: str) -> int:
        """Return about how many messages lie in a queue and wait for its door."""
        ...

    def held(self, queue: str) -> int:
        """Return about how many messages a queue holds, those at work or delayed included."""
        ...


class SqsQueues:
    """Queues on SQS."""

    def __init__(self, client: "SQSClient", url_by_name: dict[str, str]) -> None:
        """Use `client`; `url_by_name` holds a URL per plain queue name."""
        self._client = client
        self._url_by_name = url_by_name

    def send_due(self, dues: Collection[Due]) -> None:
        """Send in tens; a refused entry raises, the sweep will find it again.

        The group makes a standard queue fair: who has much waiting does not make others wait.
        """
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {
                "Id": str(number),
                "MessageBody": _text(each),
                "DelaySeconds": each.delay_s,
                "MessageGroupId": each.tenant_id,
            }
            for number, each in enumerate(dues)
        ]
        self._send_batches("due", entries)

    def send(
        self, queue: str, bodies: Collection[str], *, tenant_id: TenantId | None = None
    ) -> None:
        """Send in tens; in the tenant's group, as what is due."""
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)
        ]
        if tenant_id is not None:
            for each in entries:
                each["MessageGroupId"] = tenant_id
        self._send_batches(queue, entries)

    def waiting(self, queue: str) -> int:
        """Ask SQS; what a door holds at this moment does not count."""
        answer = self._client.get_queue_attributes(
            QueueUrl=self._url_by_name[queue], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def held(self, queue: str) -> int:
        """Ask SQS; `<name>-dead` is the dead-letter queue of `<name>`."""
        name = queue.removesuffix(DEAD)
        answer = self._client.get_queue_attributes(
            QueueUrl=f"{self._url_by_name[name]}{queue[len(name) :]}", AttributeNames=_HELD
        )
        return sum(int(answer["Attributes"][each]) for each in _HELD)

    def _send_batches(
        self, queue: str, entries: "Sequence[SendMessageBatchRequestEntryTypeDef]"
    ) -> None:
        for start in range(0, len(entries), MOST_IN_A_BATCH):
            try:
                answer = self._client.send_message_batch(
                    QueueUrl=self._url_by_name[queue],
                    Entries=entries[start : start + MOST_IN_A_BATCH],
                )
            except (BotoCoreError, ClientError) as error:
                raise QueueRefusedError(queue, [type(error).__name__]) from error
            if answer.get("Failed"):
                raise QueueRefusedError(queue, [each["Code"] for each in answer["Failed"]])


def _text(due: Due) -> str:
    body = {"t": due.tenant_id, "e": due.enrollment_id, "n": due.token}
    return json.dumps(body if due.at is None else {**body, "a": int(due.at.timestamp())})


class QueueRefusedError(Exception):
    """SQS did not take every entry of a batch; a door must fail and be called again."""
