"""What the production reader makes of each mail, in the words of the scoring program."""

from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from benchmarks.mail.corpus import Corpus, Entry
from chalicelib.domain.ids import ThreadId, UserId
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.message import Forwarded, Mailbox, Message
from chalicelib.domain.mail.parsing import parse_message
from chalicelib.domain.mail.threads import Link, Thread, decide_thread

Json = dict[str, Any]
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


def predictions(corpus: Corpus) -> Json:
    """Return what is made of every mail, and the threads of every set."""
    told: Json = {}
    messages: dict[str, Message] = {}
    for entry in corpus.mails():
        told[entry.path] = prediction(entry, messages)
    told["_threads"] = {
        name: _groups([messages[path] for path in paths if path in messages])
        for name, paths in corpus.thread_sets.items()
    }
    return told


def prediction(entry: Entry, messages: dict[str, Message]) -> Json:
    """Read one mail; a reader that raises has lost it, and that is what is written down."""
    began = perf_counter()
    try:
        message = parse_message(entry.raw)
    except Exception as error:  # noqa: BLE001 - the figure this is all about
        return {"error": repr(error)}
    milliseconds = (perf_counter() - began) * 1000
    messages[entry.path] = message
    return _said(message, entry) | {"ms": round(milliseconds, 3)}


def _said(message: Message, entry: Entry) -> Json:
    inside = message.forwarded
    return {
        "kind": message.kind.value,
        "message_id": message.message_id,
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "subject": message.subject,
        "from": _addresses(message.from_),
        "to": _addresses(message.to),
        "text": message.text,
        "reply_text": _reply(message, entry),
        "forwarded": _forwarded(inside) if inside else None,
        "text_top": inside.text_above if inside else "",
        "failed_recipients": [each.address for each in message.failed],
    }


def _reply(message: Message, entry: Entry) -> str:
    """The new text, with its signature where the source of the mail counts it as text."""
    if entry.told.get("signature_convention") == "stripped" or not message.signature:
        return message.visible_text
    return f"{message.visible_text}\n\n{message.signature}"


def _forwarded(inside: Forwarded) -> Json:
    return {
        "from": _person(inside.from_) if inside.from_ else None,
        "to": [_person(each) for each in inside.to],
        "cc": [_person(each) for each in inside.cc],
        "subject": inside.subject,
        "date": inside.date,
        "body": inside.body,
    }


def _addresses(mailboxes: tuple[Mailbox, ...]) -> list[str]:
    """Who has no address (`MAILER-DAEMON <>`) is left out."""
    return [each.address for each in mailboxes if each.address]


def _person(mailbox: Mailbox) -> Json:
    return {"address": mailbox.address or None, "name": mailbox.name or None}


def _groups(messages: list[Message]) -> list[list[str]]:
    """Join the messages one at a time, as intake does: by pointers from ids to threads."""
    pointers: dict[str, Thread] = {}
    for place, message in enumerate(messages):
        ids = [*([message.message_id] if message.message_id else []), *message.ancestors]
        joining = decide_thread([pointers[each] for each in ids if each in pointers])
        thread = joining.into or _thread(place)
        gone = {each.id for each in joining.absorbed}
        pointers = {known: thread if at.id in gone else at for known, at in pointers.items()}
        pointers |= dict.fromkeys(ids, thread)
    groups: dict[str, set[str]] = {}
    for message in messages:
        if message.message_id:
            groups.setdefault(pointers[message.message_id].id, set()).add(message.message_id)
    return [sorted(group) for group in groups.values()]


def _thread(place: int) -> Thread:
    return Thread(
        id=ThreadId(f"{place:06}"),
        owner_id=UserId("reader"),
        subject="",
        started_at=_THEN,
        last_message_at=_THEN,
        link=Link(reason=Reason.KEPT),
    )
