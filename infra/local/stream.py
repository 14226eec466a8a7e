"""Reads the table's stream and hands it on, from where the last run stopped.

The position is written after the function has answered, so a crash repeats a batch and loses none.
A record that fails ten times goes, as a position, to the queue `stream-dead`; the rest goes on.
"""

import json
import logging
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.local.files import write
from infra.local.house import StreamDoor
from infra.local.lambda_events import Context, stream_event
from infra.local.queues import failures_in
from infra.local.resources import STREAM_DEAD, Aws, stream_arn
from infra.local.settings import LocalSettings, queue_name, queue_url

AGAIN_S: Final = 1.0
MOST_TRIES: Final = 10

log = logging.getLogger("sekvens.local")


class StreamJob:
    """One reader of the stream."""

    def __init__(
        self,
        door: StreamDoor,
        *,
        settings: LocalSettings,
        aws: Aws,
        lead: Callable[[], timedelta],
    ) -> None:
        """Serve `door`; `lead` gives records the time of the virtual clock."""
        self._door = door
        self._aws = aws
        self._lead = lead
        self._arn = stream_arn(aws)
        self._dead = queue_url(settings, queue_name(STREAM_DEAD))
        self._file = settings.data / f"stream-{door.name}"
        self._iterator: str | None = None
        self._failed: tuple[str, int] = ("", 0)
        self._again_at: float | None = None

    @property
    def name(self) -> str:
        """Name the function."""
        return self._door.name

    def work(self) -> bool:
        """Hand on one batch."""
        if self.wait_s() is not None:
            return False
        records, after = self._read()
        if not records:
            self._iterator = after
            return False
        broken = self._call(records)
        done = records if broken is None else records[:broken]
        if done:
            write(self._file, done[-1]["dynamodb"]["SequenceNumber"])
        if broken is None:
            self._iterator = after
        else:
            self._iterator = None
            self._note_failure(records[broken])
        return True

    def wait_s(self) -> float | None:
        """Return the time to the next try of a failed record."""
        left = None if self._again_at is None else self._again_at - time.monotonic()
        if left is not None and left <= 0:
            self._again_at = left = None
        return left

    def _read(self) -> tuple[list[Any], str | None]:
        iterator = self._iterator or self._start()
        try:
            answer = self._aws.streams.get_records(
                ShardIterator=iterator, Limit=self._door.batch_size
            )
        except ClientError:
            # Fifteen minutes old, or trimmed: the written position says where we are.
            answer = self._aws.streams.get_records(
                ShardIterator=self._start(), Limit=self._door.batch_size
            )
        return answer["Records"], answer.get("NextShardIterator")

    def _start(self) -> str:
        stream = self._aws.streams.describe_stream(StreamArn=self._arn)["StreamDescription"]
        asked = {"StreamArn": self._arn, "ShardId": stream["Shards"][0]["ShardId"]}
        try:
            answer = self._aws.streams.get_shard_iterator(
                **asked,
                ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                SequenceNumber=self._file.read_text(),
            )
        except (ClientError, FileNotFoundError):
            answer = self._aws.streams.get_shard_iterator(**asked, ShardIteratorType="TRIM_HORIZON")
        return str(answer["ShardIterator"])

    def _call(self, records: list[Any]) -> int | None:
        """Call the function; return the place of the first record that failed."""
        context = Context(function=self.name, aws_request_id=str(uuid.uuid4()))
        try:
            answer = self._door.handle(stream_event(self._arn, records, lead=self._lead()), context)
        except Exception:
            log.exception("%s raised; the batch comes again", self.name)
            return 0
        failed = failures_in(answer)
        places = [
            place
            for place, record in enumerate(records)
            if record["dynamodb"]["SequenceNumber"] in failed
        ]
        return min(places, default=0) if failed else None

    def _note_failure(self, record: Any) -> None:  # noqa: ANN401 - as boto3 gave it
        number = record["dynamodb"]["SequenceNumber"]
        tries = self._failed[1] + 1 if self._failed[0] == number else 1
        self._failed = (number, tries)
        if tries < MOST_TRIES:
            self._again_at = time.monotonic() + AGAIN_S
            return
        position = {"shardId": "local", "startSequenceNumber": number, "streamArn": self._arn}
        body = json.dumps(
            {"requestContext": {"approximateInvokeCount": tries}, "DDBStreamBatchInfo": position}
        )
        self._aws.sqs.send_message(QueueUrl=self._dead, MessageBody=body)
        log.error("%s: record %s failed %d times and is passed over", self.name, number, tries)
        write(self._file, number)
