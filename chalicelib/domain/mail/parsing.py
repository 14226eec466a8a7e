"""Bytes in, Message with its defects out; never raises.

Nothing here trusts a mail to be one: every step has a bound (see `budget.py`) and an answer for
what cannot be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Final

from chalicelib.domain.mail.addresses import parse_addresses
from chalicelib.domain.mail.bodies import Bodies, read_bodies
from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.bounce_prose import named_in_prose
from chalicelib.domain.mail.budget import BUDGET, Budget
from chalicelib.domain.mail.classify import Classified, classify
from chalicelib.domain.mail.dates import parse_date
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.enclosed import read_enclosed
from chalicelib.domain.mail.headers import Headers
from chalicelib.domain.mail.message import FailedRecipient, Forwarded, Mailbox, Message, MessageKind
from chalicelib.domain.mail.parts import Part, PartReader
from chalicelib.domain.mail.reply_token import quoted_tokens
from chalicelib.domain.mail.visible import Visible, read_visible
from chalicelib.domain.mail.wire_ids import parse_wire_ids

_BY_MACHINES: Final = frozenset({MessageKind.BOUNCE, MessageKind.FEEDBACK})
"""Nobody wrote them: there is nothing new in them and nothing forwarded."""
_MOST_HIDDEN: Final = 10


@dataclass(frozen=True, slots=True)
class _New:
    """What is new in a mail, and what is in it that is not."""

    visible: Visible
    forwarded: Forwarded | None = None


def parse_message(raw: bytes, *, budget: Budget = BUDGET) -> Message:
    """Read a mail as it was received."""
    defects = Defects()
    root = read_root(raw, budget=budget, defects=defects)
    message = message_of(root, budget=budget, defects=defects)
    if message.kind not in _BY_MACHINES:
        return message
    failed = message.failed
    if message.kind is MessageKind.BOUNCE and not failed:
        failed = _named_in_words(message, raw, defects)
    tokens = quoted_tokens(raw, *_hidden(root))
    return replace(message, failed=failed, quoted_tokens=tokens, defects=defects.names)


def _named_in_words(message: Message, raw: bytes, defects: Defects) -> tuple[FailedRecipient, ...]:
    """Return whom a bounce in words is about."""
    ours = [each.address for each in message.recipients]
    nobody: tuple[FailedRecipient, ...] = ()
    return defects.guard(
        "prose_unreadable",
        lambda: named_in_prose(message.text, raw, ours=ours),
        otherwise=nobody,
    )


def _hidden(root: Part) -> Iterator[bytes]:
    """Yield what stands in a mail in letters of base64."""
    coded = (part for part in root.walk() if part.is_base64 and not part.children)
    return (part.content for part in islice(coded, _MOST_HIDDEN))


def read_root(raw: bytes, *, budget: Budget, defects: Defects) -> Part:
    """Read the tree of parts; what lies beyond the budget is cut off."""
    if len(raw) > budget.octets:
        defects.note("too_large")
        raw = raw[: budget.octets]
    raw = raw.lstrip()
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    read = partial(PartReader(budget, defects).read, raw)
    return defects.guard("unreadable", read, otherwise=Part(headers=Headers(), body=raw))


def message_of(root: Part, *, budget: Budget, defects: Defects) -> Message:
    """Say what the parts of a mail mean."""
    head = _head_of(root.headers, budget, defects)
    bodies = defects.guard(
        "bodies_unreadable",
        lambda: read_bodies(root, budget=budget, defects=defects),
        otherwise=Bodies(),
    )
    text = defects.guard("text_unreadable", lambda: bodies.text, otherwise="")
    told = defects.guard(
        "kind_unreadable",
        lambda: classify(root, sender=head.from_, subject=head.subject, text=text),
        otherwise=Classified(kind=MessageKind.PLAIN),
    )
    new = defects.guard(
        "text_not_split",
        lambda: _read_new(root, bodies, text=text, subject=head.subject, kind=told.kind),
        otherwise=_New(Visible(text)),
    )
    return replace(
        head,
        text=text,
        html="\n".join(bodies.html),
        attachments=tuple(bodies.attachments),
        kind=told.kind,
        kind_signals=told.signals,
        failed=told.failed,
        calendar=told.calendar,
        complaint=told.complaint,
        visible_text=new.visible.text,
        signature=new.visible.signature,
        forwarded=new.forwarded,
        defects=defects.names,
    )


def _head_of(headers: Headers, budget: Budget, defects: Defects) -> Message:
    """Return the message as far as its headers tell it."""
    own_ids = parse_wire_ids(headers.first("message-id"), most=1)
    return Message(
        from_=_addresses(headers, "from", budget, defects),
        to=_addresses(headers, "to", budget, defects),
        cc=_addresses(headers, "cc", budget, defects),
        subject=headers.decoded("subject"),
        dated_at=parse_date(headers.first("date")),
        message_id=own_ids[0] if own_ids else None,
        in_reply_to=parse_wire_ids(headers.first("in-reply-to"), most=budget.ids),
        references=parse_wire_ids(headers.first("references"), most=budget.ids),
        authentication_results=headers.first("authentication-results"),
    )


def _read_new(root: Part, bodies: Bodies, *, text: str, subject: str, kind: MessageKind) -> _New:
    if kind in _BY_MACHINES:
        return _New(Visible(text))
    body = Body(text, is_html=not any(each.strip() for each in bodies.plain))
    return _New(read_visible(body), read_enclosed(root, body=body, subject=subject))


def _addresses(
    headers: Headers, name: str, budget: Budget, defects: Defects
) -> tuple[Mailbox, ...]:
    written = ", ".join(headers.all(name))
    found = parse_addresses(written, most=budget.addresses + 1)
    if len(found) > budget.addresses:
        defects.note("too_many_addresses")
    return found[: budget.addresses]
