"""Bytes in, Message with its defects out; never raises.

Nothing here trusts a mail to be one: every step has a bound (see `budget.py`) and an answer for
what cannot be read.
"""

from functools import partial

from chalicelib.domain.mail.addresses import parse_addresses
from chalicelib.domain.mail.bodies import Bodies, read_bodies
from chalicelib.domain.mail.budget import BUDGET, Budget
from chalicelib.domain.mail.classify import Classified, classify
from chalicelib.domain.mail.dates import parse_date
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.forwards import forwarded_senders
from chalicelib.domain.mail.headers import Headers
from chalicelib.domain.mail.message import Mailbox, Message, MessageKind
from chalicelib.domain.mail.parts import Part, PartReader
from chalicelib.domain.mail.wire_ids import parse_wire_ids


def parse_message(raw: bytes, *, budget: Budget = BUDGET) -> Message:
    """Read a mail as it was received."""
    defects = Defects()
    root = read_root(raw, budget=budget, defects=defects)
    return message_of(root, budget=budget, defects=defects)


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
    headers = root.headers
    sender = _addresses(headers, "from", budget, defects)
    subject = headers.decoded("subject")
    bodies = defects.guard(
        "bodies_unreadable",
        lambda: read_bodies(root, budget=budget, defects=defects),
        otherwise=Bodies(),
    )
    told = defects.guard(
        "kind_unreadable",
        lambda: classify(root, sender=sender, subject=subject),
        otherwise=Classified(kind=MessageKind.PLAIN),
    )
    text = defects.guard("text_unreadable", lambda: bodies.text, otherwise="")
    own_ids = parse_wire_ids(headers.first("message-id"), most=1)
    return Message(
        from_=sender,
        to=_addresses(headers, "to", budget, defects),
        cc=_addresses(headers, "cc", budget, defects),
        subject=subject,
        dated_at=parse_date(headers.first("date")),
        message_id=own_ids[0] if own_ids else None,
        in_reply_to=parse_wire_ids(headers.first("in-reply-to"), most=budget.ids),
        references=parse_wire_ids(headers.first("references"), most=budget.ids),
        text=text,
        html="\n".join(bodies.html),
        attachments=tuple(bodies.attachments),
        kind=told.kind,
        kind_signals=told.signals,
        failed=told.failed,
        authentication_results=headers.first("authentication-results"),
        forwarded_from=forwarded_senders(root, text),
        defects=defects.names,
    )


def _addresses(
    headers: Headers, name: str, budget: Budget, defects: Defects
) -> tuple[Mailbox, ...]:
    written = ", ".join(headers.all(name))
    found = parse_addresses(written, most=budget.addresses + 1)
    if len(found) > budget.addresses:
        defects.note("too_many_addresses")
    return found[: budget.addresses]
