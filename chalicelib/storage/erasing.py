"""Takes a person out of what is kept: bytes in S3, heads of messages, words to search by.

Everything here can be done again and changes nothing then. What stays: that there was a mail, when,
which step sent it, and its wire id, which the ledger and the threads need; not to whom.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.domain.mail.filed import Body, FiledMessage
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.search_words import words_of
from chalicelib.domain.mail.threads import Thread
from chalicelib.domain.sequences.tasks import Task
from chalicelib.storage import keys, mail_keys
from chalicelib.storage.rows.tasks import TaskRow
from chalicelib.storage.rows.threads import MessageRow, ThreadWordRow
from chalicelib.storage.transaction import Transaction

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NOTHING = Body(text="", html="", visible_text="")
_ERASED_MAIL = b"Subject: erased\r\n\r\n"


class ErasureStore:
    """What is taken out of one tenant's files and rows."""

    def __init__(self, tenant_id: TenantId, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `tenant_id` and `bucket`."""
        self._tenant_id = tenant_id
        self._bucket = bucket
        self._s3 = s3

    def empty_message(self, message: FiledMessage, addresses: Collection[str]) -> None:
        """Empty a message: its bytes, its subject, and these addresses in its head."""
        prefix = f"t/{self._tenant_id}/"
        self._delete_under(f"{prefix}raw/{message.key}")
        self._delete_under(f"{prefix}attachments/{message.key}/")
        is_read_out = message.body_key.endswith(".json")
        content = msgspec.json.encode(_NOTHING) if is_read_out else _ERASED_MAIL
        self._s3.put_object(Bucket=self._bucket, Key=message.body_key, Body=content)
        emptied = replace(
            message,
            subject="",
            from_=_without(message.from_, addresses),
            to=_without(message.to, addresses),
            cc=_without(message.cc, addresses),
        )
        if emptied != message:
            with Transaction() as tx:
                tx.put(MessageRow.of(self._tenant_id, emptied))

    def forget_words(self, thread: Thread, messages: Collection[FiledMessage]) -> None:
        """Let a thread no longer be found by the words of its subject and people."""
        people = [each for it in messages for each in (*it.from_, *it.to, *it.cc)]
        subjects = " ".join([thread.subject, *(it.subject for it in messages)])
        for word in words_of(subjects, people):
            pk = mail_keys.thread_words(self._tenant_id, thread.owner_id, word)
            ThreadWordRow(pk, mail_keys.thread_word(word, thread.id)).delete()

    def empty_task(self, task: Task) -> None:
        """Let a task say what its step says: what its user wrote into it is gone."""
        emptied = replace(task, subject=None, body=None, to=())
        if emptied != task:
            refusal = StaleWriteError(kind="task", id=task.id)
            with Transaction() as tx:
                row = TaskRow.of(self._tenant_id, emptied)
                tx.put(row, TaskRow.state == task.state, refusal=refusal)

    def delete_outgoing(self, enrollment_id: EnrollmentId) -> None:
        """Delete every mail that was rendered for an enrollment."""
        self._delete_under(f"t/{self._tenant_id}/outgoing/{enrollment_id}/")

    def forget_address(self, address: str) -> None:
        """Let an address be known by its hash alone, if it is suppressed."""
        from chalicelib.storage.rows.addresses import SuppressionRow  # noqa: PLC0415 - rarely needed

        row = SuppressionRow(keys.address(self._tenant_id, address), keys.SUPPRESSION)
        row.update(
            actions=[SuppressionRow.address.set("erased")], condition=SuppressionRow.pk.exists()
        )

    def _delete_under(self, prefix: str) -> None:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        for page in pages:
            for each in page.get("Contents", []):
                self._s3.delete_object(Bucket=self._bucket, Key=each["Key"])


def _without(people: tuple[Mailbox, ...], addresses: Collection[str]) -> tuple[Mailbox, ...]:
    return tuple(each for each in people if each.address not in addresses)
