"""Reads a mail out for keeping: its bytes, bodies and files to S3, its head for the thread."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.ids import ThreadId
from chalicelib.domain.mail.filed import AttachmentHead, Body, FiledMessage
from chalicelib.domain.mail.message import Direction, Mailbox
from chalicelib.domain.mail.newcomers import is_mailing
from chalicelib.domain.mail.receipt import Verdict
from chalicelib.services.mailroom import Case

LONGEST_SUBJECT: Final = 200
_MOST_IN_HEAD: Final = 5
"""Addresses of a header that lists show; all of them lie with the bodies."""
_LONGEST_NAME: Final = 60


def keep_bytes(case: Case) -> str:
    """Keep the tenant's own copy of the mail, its files and its bodies, under its own name."""
    messages, key = case.stores.messages, case.arrival.key
    messages.keep_raw(key, case.arrival.octets)
    attachments = messages.keep_attachments(key, case.message.attachments)
    return messages.keep_body(key, read_out(case, attachments))


def keep_apart(case: Case) -> None:
    """Keep the bytes of a mail that is not filed, and how we read it, to compare with later."""
    messages, key = case.stores.messages, case.arrival.key
    known = messages.find_body(key)
    if known is not None and not known.is_kept_apart:
        return  # another delivery of the same mail was filed
    messages.keep_raw(key, case.arrival.octets)
    messages.keep_body(key, replace(read_out(case, ()), is_kept_apart=True))


def read_out(case: Case, attachments: tuple[AttachmentHead, ...]) -> Body:
    """Return what people read of a mail."""
    message = case.message
    return Body(
        text=message.text,
        html=message.html,
        visible_text=message.visible_text,
        from_=message.from_,
        to=message.to,
        cc=message.cc,
        attachments=attachments,
        kind_signals=message.kind_signals,
        defects=message.defects,
        has_virus=case.receipt.virus is Verdict.FAIL,
    )


def head_of(case: Case, body_key: str, thread_id: ThreadId, direction: Direction) -> FiledMessage:
    """Return what stands in the thread; it stays under a kilobyte whoever wrote the mail."""
    message = case.message
    return FiledMessage(
        key=case.arrival.key,
        thread_id=thread_id,
        wire_id=message.message_id,
        direction=direction,
        kind=message.kind,
        from_=_first(message.from_),
        to=_first(message.to),
        cc=_first(message.cc),
        subject=message.subject[:LONGEST_SUBJECT],
        sent_at=case.sent_at,
        received_at=case.receipt.received_at,
        body_key=body_key,
        is_mailing=is_mailing(case.arrival.octets),
    )


def _first(mailboxes: tuple[Mailbox, ...]) -> tuple[Mailbox, ...]:
    return tuple(
        Mailbox(each.address, each.name[:_LONGEST_NAME]) for each in mailboxes[:_MOST_IN_HEAD]
    )
