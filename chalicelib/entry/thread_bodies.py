"""The shapes in which threads and messages go out."""

from collections.abc import Collection, Sequence

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.mail.filed import Body, FiledMessage
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.threads import Thread
from chalicelib.services.threads import OpenMessage
from chalicelib.storage.stores import Stores


def show_threads(threads: Sequence[Thread], stores: Stores) -> list[dict[str, object]]:
    """Show threads, with the titles of what can be chosen."""
    titles = titles_of([ref for each in threads for ref in each.link.candidates], stores)
    return [_thread(each, titles) for each in threads]


def titles_of(refs: Collection[ItemRef], stores: Stores) -> dict[ItemRef, str]:
    """Return the titles of items; one that is gone has none."""
    return {each.ref: each.title for each in stores.items.find_many(list(dict.fromkeys(refs)))}


def _thread(thread: Thread, titles: dict[ItemRef, str]) -> dict[str, object]:
    link = thread.link
    return {
        "id": thread.id,
        "subject": thread.subject,
        "owner_id": thread.owner_id,
        "folder": thread.folder,
        "started_at": thread.started_at,
        "last_message_at": thread.last_message_at,
        "message_count": thread.message_count,
        "item": link.item,
        "reason": link.reason,
        "needs_choice": link.needs_choice,
        "candidates": [
            {"kind": each.kind, "id": each.id, "title": titles.get(each, "")}
            for each in link.candidates
        ],
        "persons": thread.persons,
        "organizations": thread.organizations,
        "duplicate_of": thread.duplicate_of,
        "shared": thread.is_shared,
        "read": thread.is_read,
        "archived": thread.is_archived,
    }


def show_explanation(thread: Thread) -> dict[str, object]:
    """Show why a thread is linked as it is."""
    return {
        "decision": thread.link.item,
        "reason": thread.link.reason,
        "considered": [
            {"kind": each.ref.kind, "id": each.ref.id, "why_not": each.why_not or None}
            for each in thread.link.considered
        ]
        + [
            {"kind": each.kind, "id": each.id, "why_not": Reason.REJECTED_BEFORE}
            for each in thread.link.rejected
        ],
    }


def show_message(opened: OpenMessage, stores: Stores) -> dict[str, object]:
    """Show a message with what there is to read; its files can be loaded for a minute."""
    message, body = opened.message, opened.body
    senders = _mailboxes(body.from_ or message.from_)
    return {
        "id": message.key,
        "message_id": message.wire_id,
        "direction": message.direction,
        "from": senders[0] if senders else None,
        "to": _mailboxes(body.to or message.to),
        "cc": _mailboxes(body.cc or message.cc),
        "subject": message.subject,
        "sent_at": message.sent_at,
        "text": body.text,
        "html": body.html,
        "visible_text": body.visible_text,
        "kind": message.kind,
        "attachments": [
            {
                "id": each.id,
                "name": each.name,
                "size": each.size,
                "content_type": each.content_type,
                "url": None if body.has_virus else stores.messages.url_of(each),
            }
            for each in body.attachments
        ],
        "defects": _defects(message, body),
    }


def _mailboxes(mailboxes: Sequence[Mailbox]) -> list[dict[str, str]]:
    return [{"address": each.address, "name": each.name} for each in mailboxes]


def _defects(message: FiledMessage, body: Body) -> list[str]:
    own = ["same_id_other_content"] if message.is_same_id_other_content else []
    return [*own, *body.defects]
