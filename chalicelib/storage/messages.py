"""Keeps messages: their heads in their thread's partition, their bodies and files in S3."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import EnrollmentId, MessageKey, TenantId, ThreadId
from chalicelib.domain.mail.filed import AttachmentHead, Body, FiledMessage
from chalicelib.domain.mail.message import Attachment
from chalicelib.storage import keys, reading, sent_threads
from chalicelib.storage.ledger import LedgerStore
from chalicelib.storage.listing import Listing
from chalicelib.storage.rows.threads import AbsorbedRow, MessageRow

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_URL_LIVES_S: Final = 60


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the messages of a thread lie: in partitions of threads, and in the ledger."""

    partitions: list[str]
    enrollments: list[EnrollmentId]
    ledger: LedgerStore

    def sent(self) -> Iterator[FiledMessage]:
        """Yield what the enrollments of the thread sent."""
        for enrollment_id in self.enrollments:
            for entry in self.ledger.of_enrollment(enrollment_id):
                message = sent_threads.message_of(entry)
                if message is not None:
                    yield message


class MessageStore:
    """The messages of one tenant; its bytes lie under the tenant's prefix."""

    def __init__(self, tenant_id: TenantId, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `tenant_id` and `bucket`."""
        self._tenant_id = tenant_id
        self._bucket = bucket
        self._s3 = s3

    def keep_raw(self, key: MessageKey, raw: bytes) -> str:
        """Keep the tenant's own copy of a mail as it was received."""
        return self._put(f"raw/{key}", raw, "message/rfc822")

    def keep_attachments(
        self, key: MessageKey, attachments: tuple[Attachment, ...]
    ) -> tuple[AttachmentHead, ...]:
        """Keep the files that came with a message."""
        return tuple(
            AttachmentHead(
                id=str(at),
                name=each.name or f"attachment-{at}",
                size=len(each.content),
                content_type=each.content_type,
                # What a browser might run is never served as what it says it is.
                key=self._put(f"attachments/{key}/{at}", each.content, "application/octet-stream"),
            )
            for at, each in enumerate(attachments, start=1)
        )

    def keep_body(self, key: MessageKey, body: Body) -> str:
        """Keep what people read of a message."""
        return self._put(f"bodies/{key}.json", msgspec.json.encode(body), "application/json")

    def read_body(self, body_key: str) -> Body:
        """Return what was kept by `keep_body`."""
        return msgspec.json.decode(self.read(body_key), type=Body)

    def find_body(self, key: MessageKey) -> Body | None:
        """Return how a message was read, whether or not it was filed."""
        try:
            return self.read_body(f"{self._prefix}bodies/{key}.json")
        except self._s3.exceptions.NoSuchKey:
            return None

    def read(self, key: str) -> bytes:
        """Return bytes of this tenant, by the key under which they lie."""
        if not key.startswith(self._prefix):
            raise MissingError(kind="file", id=key)
        return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def url_of(self, attachment: AttachmentHead) -> str:
        """Return an address from which the file can be loaded, as a file, for a minute."""
        name = attachment.name.encode("ascii", "replace").decode().replace('"', "'")
        return self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": attachment.key,
                "ResponseContentDisposition": f'attachment; filename="{name}"',
                "ResponseContentType": "application/octet-stream",
            },
            ExpiresIn=_URL_LIVES_S,
        )

    def get(self, thread_id: ThreadId, key: MessageKey) -> FiledMessage:
        """Return one message of a thread, or of one that merged into it."""
        places = self._places(thread_id)
        for partition in places.partitions:
            rows = MessageRow.query(
                partition,
                MessageRow.sk.startswith(keys.MESSAGES),
                filter_condition=MessageRow.key == key,
                consistent_read=True,
            )
            for row in rows:
                return row.to_domain()
        for message in places.sent():
            if message.key == key:
                return message
        raise MissingError(kind="message", id=key)

    def list_page(
        self, thread_id: ThreadId, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[FiledMessage]:
        """Return messages of a thread and of those that merged into it, oldest first."""
        after = str(cursor["sk"]) if cursor else keys.MESSAGES
        places = self._places(thread_id)
        found = {sk: each for each in places.sent() if (sk := _sort_key(each)) > f"{after} "}
        for partition in places.partitions:
            # What was erased has a row of its own, which counts before the ledger's.
            rows = self._rows(partition, after, limit + 1)
            found |= {row.sk: row.to_domain() for row in rows}
        page = [found[sk] for sk in sorted(found)[:limit]]
        more = self.cursor_behind(page[-1]) if len(found) > limit else None
        return Listing(rows=page, cursor=more)

    def cursor_behind(self, message: FiledMessage) -> dict[str, str]:
        """Return where a page begins that follows this message."""
        return {"sk": _sort_key(message)}

    def _rows(self, partition: str, after: str, limit: int) -> Iterator[MessageRow]:
        condition = MessageRow.sk.between(f"{after} ", f"{keys.MESSAGES}~")
        yield from MessageRow.query(partition, condition, limit=limit, consistent_read=True)

    def _places(self, thread_id: ThreadId) -> "_Places":
        """Return where the messages of a thread lie, and of all that merged into it."""
        found = [thread_id]
        enrolled: dict[str, None] = {}
        for each in found:
            pk = keys.thread(self._tenant_id, each)
            for raw in reading.between(pk, keys.ABSORBED, keys.HEAD):
                if raw["sk"]["S"].startswith(keys.ABSORBED):
                    found.append(ThreadId(AbsorbedRow.from_raw_data(raw).thread_id))
                elif raw["sk"]["S"] == keys.HEAD and "enrollment_id" in raw:
                    enrolled[raw["enrollment_id"]["S"]] = None
        return _Places(
            partitions=[keys.thread(self._tenant_id, each) for each in found],
            enrollments=[EnrollmentId(each) for each in enrolled],
            ledger=LedgerStore(self._tenant_id),
        )

    @property
    def _prefix(self) -> str:
        return f"t/{self._tenant_id}/"

    def _put(self, name: str, content: bytes, content_type: str) -> str:
        key = f"{self._prefix}{name}"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)
        return key


def _sort_key(message: FiledMessage) -> str:
    return keys.thread_message(message.sent_at, message.key)
