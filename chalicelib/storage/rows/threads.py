"""The rows of threads: the thread, its messages, what it absorbed, and what points to it."""

from datetime import datetime
from typing import Any, Self

import msgspec
from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, TenantId, ThreadId, UserId
from chalicelib.domain.mail.filed import FiledMessage
from chalicelib.domain.mail.threads import Link, Thread
from chalicelib.storage import keys, mail_keys, spelling
from chalicelib.storage.rows.base import Row


class ThreadRow(Row):
    """A thread, in a partition of its own; about half a kilobyte, bodies lie elsewhere."""

    owner_id = UnicodeAttribute()
    subject = UnicodeAttribute()
    started_at = UnicodeAttribute()
    last_message_at = UnicodeAttribute()
    received = NumberAttribute(default=0)
    sent = UnicodeSetAttribute(null=True)
    has_incoming = BooleanAttribute(null=True)
    link = JSONAttribute()
    persons = JSONAttribute(null=True)
    organizations = JSONAttribute(null=True)
    enrollment_id = UnicodeAttribute(null=True)
    enrolled = JSONAttribute(null=True)
    duplicate_of = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    is_shared = BooleanAttribute(null=True)
    is_read = BooleanAttribute(null=True)
    is_archived = BooleanAttribute(null=True)
    version = NumberAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, it: Thread) -> Self:
        """Translate a thread; its version is the one to be written."""
        row = cls(
            keys.thread(tenant_id, it.id),
            keys.HEAD,
            owner_id=it.owner_id,
            subject=it.subject,
            started_at=spelling.instant(it.started_at),
            last_message_at=spelling.instant(it.last_message_at),
            received=it.received,
            sent=set(it.sent) or None,
            has_incoming=it.has_incoming or None,
            link=compact(it.link),
            persons=list(it.persons) or None,
            organizations=list(it.organizations) or None,
            enrollment_id=it.enrollment_id,
            enrolled=compact(it.enrolled) if it.enrolled else None,
            duplicate_of=it.duplicate_of,
            merged_into=it.merged_into,
            is_shared=it.is_shared or None,
            is_read=it.is_read or None,
            is_archived=it.is_archived or None,
            version=it.version,
        )
        if it.merged_into is None:
            row.list_pk = mail_keys.folder(tenant_id, it.owner_id, it.folder)
            row.list_sk = f"{spelling.instant(it.last_message_at)}#{it.id}"
        return row

    def to_domain(self) -> Thread:
        """Translate back."""
        return Thread(
            id=ThreadId(self.pk.rpartition("#")[2]),
            owner_id=UserId(self.owner_id),
            subject=self.subject,
            started_at=datetime.fromisoformat(self.started_at),
            last_message_at=datetime.fromisoformat(self.last_message_at),
            received=int(self.received),
            sent=frozenset(self.sent or ()),
            has_incoming=bool(self.has_incoming),
            link=msgspec.convert(self.link, Link),
            persons=tuple(ItemId(each) for each in self.persons or ()),
            organizations=tuple(ItemId(each) for each in self.organizations or ()),
            enrollment_id=EnrollmentId(self.enrollment_id) if self.enrollment_id else None,
            enrolled=msgspec.convert(self.enrolled, ItemRef) if self.enrolled else None,
            duplicate_of=ThreadId(self.duplicate_of) if self.duplicate_of else None,
            merged_into=ThreadId(self.merged_into) if self.merged_into else None,
            is_shared=bool(self.is_shared),
            is_read=bool(self.is_read),
            is_archived=bool(self.is_archived),
            version=int(self.version),
        )


class MessageRow(Row):
    """The head of a message, in its thread's partition."""

    key = UnicodeAttribute()
    what = JSONAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, it: FiledMessage) -> Self:
        """Translate the head of a message; long lists of addresses lie beside its bodies."""
        return cls(
            keys.thread(tenant_id, it.thread_id),
            keys.thread_message(it.sent_at, it.key),
            key=it.key,
            what=compact(it, without=("key", "thread_id")),
        )

    def to_domain(self) -> FiledMessage:
        """Translate back."""
        thread_id = self.pk.rpartition("#")[2]
        return msgspec.convert({**self.what, "key": self.key, "thread_id": thread_id}, FiledMessage)


class PointerRow(Row):
    """Where a Message-ID leads; without a message it is a ghost: named, but not yet here."""

    thread_id = UnicodeAttribute()
    message_key = UnicodeAttribute(null=True)
    step_id = UnicodeAttribute(null=True)


class KnownMessageRow(Row):
    """That a message is filed in an owner's thread, and which delivery brought it first."""

    thread_id = UnicodeAttribute()
    delivery_id = UnicodeAttribute()


class AbsorbedRow(Row):
    """A thread that merged into the one in whose partition this row stands."""

    thread_id = UnicodeAttribute()


class LinkRow(Row):
    """Lists a thread under something that it is linked to, or among those to choose for."""


class ThreadWordRow(Row):
    """A word that an owner's thread is found by."""

    thread_id = UnicodeAttribute()


class SubjectRow(Row):
    """A thread that began with the subject of the partition."""

    thread_id = UnicodeAttribute()


def compact(it: object, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a dataclass as JSON can hold it, without what is empty anyway."""
    return {
        name: value
        for name, value in msgspec.to_builtins(it).items()
        if name not in without and value not in (None, "", (), [], False)
    }
