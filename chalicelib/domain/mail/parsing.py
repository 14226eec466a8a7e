"""Bytes in, Message with its defects out; never raises.

Nothing here trusts a mail to be one: every step has a bound (see `budget.py`) and an answer for
what cannot be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from chalicelib.domain.mail.addresses import parse_addresses
from chalicelib.domain.mail.bodies import Bodies, Text, read_bodies
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the parts below the headers say."""

    bodies: Bodies
    text: str
    told: Classified
    visible: Visible
    forwarded: Forwarded | None


def parse_message(raw: bytes, *, budget: Budget = BUDGET) -> Message:
    """Read a mail as it was received."""
    defects = Defects()
    root = _read_root(raw, budget=budget, defects=defects)
    headers = root.headers
    senders, to, cc = (_addresses(headers, name, budget, defects) for name in ("from", "to", "cc"))
    subject = headers.decoded("subject")
    said = _read_bodies(root, senders, subject, budget, defects)
    told = said.told
    is_by_machine = told.kind in _BY_MACHINES
    is_in_words = told.kind is MessageKind.BOUNCE and not told.failed
    return Message(
        from_=senders,
        to=to,
        cc=cc,
        subject=subject,
        dated_at=parse_date(headers.first("date")),
        message_id=next(iter(parse_wire_ids(headers.first("message-id"), most=1)), None),
        in_reply_to=parse_wire_ids(headers.first("in-reply-to"), most=budget.ids),
        references=parse_wire_ids(headers.first("references"), most=budget.ids),
        text=said.text,
        html="\n".join(said.bodies.html),
        attachments=tuple(said.bodies.attachments),
        kind=told.kind,
        kind_signals=told.signals,
        failed=_named_in_words(said.text, raw, (*to, *cc), defects) if is_in_words else told.failed,
        calendar=told.calendar,
        complaint=told.complaint,
        quoted_tokens=quoted_tokens(raw, *_hidden(root)) if is_by_machine else (),
        authentication_results=headers.first("authentication-results"),
        visible_text=said.visible.text,
        signature=said.visible.signature,
        forwarded=said.forwarded,
        defects=defects.names,
    )


def _named_in_words(
    text: str, raw: bytes, recipients: tuple[Mailbox, ...], defects: Defects
) -> tuple[FailedRecipient, ...]:
    """Return whom a bounce in words is about."""
    ours = [each.address for each in recipients]
    nobody: tuple[FailedRecipient, ...] = ()
    return defects.guard(
        "prose_unreadable", lambda: named_in_prose(text, raw, ours=ours), otherwise=nobody
    )


def _hidden(root: Part) -> Iterator[bytes]:
    """Yield what stands in a mail in letters of base64."""
    coded = (part for part in root.walk() if not part.children and part.is_base64)
    return (part.content for part in islice(coded, _MOST_HIDDEN))


def _read_root(raw: bytes, *, budget: Budget, defects: Defects) -> Part:
    """Read the tree of parts; what lies beyond the budget is cut off."""
    if len(raw) > budget.octets:
        defects.note("too_large")
        raw = raw[: budget.octets]
    raw = raw.lstrip()
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    read = partial(PartReader(budget, defects).read, raw)
    return defects.guard("unreadable", read, otherwise=Part(headers=Headers(), body=raw))


def _read_bodies(
    root: Part, senders: tuple[Mailbox, ...], subject: str, budget: Budget, defects: Defects
) -> _Said:
    bodies = defects.guard(
        "bodies_unreadable",
        lambda: read_bodies(root, budget=budget, defects=defects),
        otherwise=Bodies(),
    )
    read = defects.guard("text_unreadable", bodies.read, otherwise=Text(""))
    text = read.said
    told = defects.guard(
        "kind_unreadable",
        lambda: classify(root, sender=senders, subject=subject, text=text),
        otherwise=Classified(kind=MessageKind.PLAIN),
    )
    nothing: tuple[Visible, Forwarded | None] = (Visible(text), None)
    visible, forwarded = nothing
    if told.kind not in _BY_MACHINES:
        visible, forwarded = defects.guard(
            "text_not_split",
            lambda: _read_new(root, read, subject=subject),
            otherwise=nothing,
        )
    return _Said(bodies=bodies, text=text, told=told, visible=visible, forwarded=forwarded)


def _read_new(root: Part, read: Text, *, subject: str) -> tuple[Visible, Forwarded | None]:
    body = Body(read.said, is_html=read.is_html, marks=read.marks)
    return read_visible(body), read_enclosed(root, body=body, subject=subject)


def _addresses(
    headers: Headers, name: str, budget: Budget, defects: Defects
) -> tuple[Mailbox, ...]:
    written = ", ".join(headers.all(name))
    found = parse_addresses(written, most=budget.addresses + 1)
    if len(found) > budget.addresses:
        defects.note("too_many_addresses")
    return found[: budget.addresses]
