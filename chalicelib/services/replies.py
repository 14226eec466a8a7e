"""Mail to an enrollment's Reply-To address: filed in its thread, and heard by the enrollment.

Evidence that somebody answered may stop a sequence even where it does not suffice to show the mail:
a follow-up to somebody who answered costs more than a pause.
"""

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.crm.users import User
from chalicelib.domain.ids import SignalId
from chalicelib.domain.mail.acceptance import (
    Refusal,
    is_authenticated,
    refuse_own_mail,
    refuse_reply,
)
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.message import Direction, MessageKind
from chalicelib.domain.mail.reply_token import ReplyToken
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import ExitReason, Heard, MailEvent, Stopped
from chalicelib.gateways.outside import Outside
from chalicelib.services import counterparts, filing
from chalicelib.services.mailroom import Case, Settled

_SOFT_BREAK: Final = re.compile(rb"=\r?\n")
"""Quoted-printable text breaks long lines so, in the midst of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A mail to a Reply-To address, with all that its reading needs."""

    case: Case
    enrollment: Enrollment
    enrolled: frozenset[str]
    """The addresses of the enrolled person."""
    colleague: User | None
    """The user of ours who wrote it, if it is a copy of our own mail."""


def take_in(case: Case, token: ReplyToken, *, outside: Outside) -> Settled:
    """Tell the enrollment of an answer, then file it; raises MissingError where there is none.

    First things first: were it not to be filed, the next mail would still not go out.
    """
    enrollment = case.stores.enrollments.get(token.enrollment_id)
    answer = _Answer(
        case=case,
        enrollment=enrollment,
        enrolled=_addresses_of(enrollment.item, case),
        colleague=_colleague(case),
    )
    refusal = _refuse(answer)
    _tell(answer, refusal, outside=outside)
    if refusal is not None:
        case.stores.messages.keep_raw(case.arrival.key, case.arrival.octets)
        return Settled(outcome=Outcome.QUARANTINED, reason=refusal)
    filed = filing.file(case, _purpose(answer, outside=outside))
    outcome = Outcome.DUPLICATE if filed.is_duplicate else Outcome.STORED
    return Settled(outcome=outcome, thread_id=filed.thread_id)


def _addresses_of(ref: ItemRef, case: Case) -> frozenset[str]:
    """Return the addresses of the person that an item is about."""
    items = case.stores.items
    item: Item | None = items.find(ref)
    if item is not None and item.person_id is not None and ref.kind is not ItemKind.PERSON:
        item = items.find(ItemRef(ItemKind.PERSON, item.person_id))
    return frozenset(each.address for each in item.emails) if item else frozenset()


def _colleague(case: Case) -> User | None:
    senders = (case.stores.users.find_by_address(each.address) for each in case.message.from_)
    return next((user for user in senders if user), None)


def _refuse(answer: _Answer) -> Refusal | None:
    """A bounce comes from some machine that nobody knows; it is shown if it names our recipient."""
    message, receipt = answer.case.message, answer.case.receipt
    if answer.colleague is not None:
        confirmed = answer.colleague.confirmed_addresses
        return refuse_own_mail(message, receipt, confirmed=confirmed)
    bounced = frozenset(each.address for each in message.failed)
    refusal = refuse_reply(message, receipt, participants=answer.enrolled)
    return None if refusal is Refusal.STRANGER_IN_THREAD and bounced & answer.enrolled else refusal


def _purpose(answer: _Answer, *, outside: Outside) -> filing.Purpose:
    case, enrollment = answer.case, answer.enrollment
    message = case.message
    everybody = counterparts.outsiders(
        (*message.from_, *message.recipients),
        stores=case.stores,
        inbound_domain=outside.inbound_domain,
    )
    return filing.Purpose(
        owner=case.stores.users.get(enrollment.owner_id),
        direction=Direction.OUTGOING if answer.colleague else Direction.INCOMING,
        counterparts=counterparts.match(
            dict.fromkeys((*sorted(answer.enrolled), *everybody)), stores=case.stores
        ),
        enrolled=filing.Enrolled(id=enrollment.id, item=enrollment.item),
    )


def _tell(answer: _Answer, refusal: Refusal | None, *, outside: Outside) -> None:
    """Let the enrollment hear of a person's answer, or of an address that cannot be reached.

    Own copies, automatic answers and calendars are no answers; a virus is no evidence of one. A
    bounce that nobody vouches for is like an answer of that kind: a person looks at it first.
    """
    from chalicelib.services import progress  # noqa: PLC0415 - a mail that moves nothing needs none

    signal = _signal(answer, refusal)
    if signal is not None:
        stores = answer.case.stores
        progress.take(answer.enrollment.id, signal, stores=stores, outside=outside)


def _signal(answer: _Answer, refusal: Refusal | None) -> Heard | Stopped | None:
    """Name the signal after the message: hearing of it again changes nothing."""
    message, receipt, key = answer.case.message, answer.case.receipt, answer.case.arrival.key
    is_failed = any(each.is_hard and each.address in answer.enrolled for each in message.failed)
    is_bounce = message.kind is MessageKind.BOUNCE and is_failed
    is_proven = is_authenticated(message, receipt)
    if refusal is Refusal.VIRUS or answer.colleague is not None:
        return None
    if is_bounce and (is_proven or _bears_our_mail(answer)):
        return Stopped(
            id=SignalId(f"bounce-{key}"), reason=ExitReason.BOUNCED, at=receipt.received_at
        )
    if message.kind is not MessageKind.PLAIN and not is_bounce:
        return None
    return Heard(
        id=SignalId(f"reply-{key}"),
        event=MailEvent.REPLIED,
        step_id=None if refusal else filing.answered_step(answer.case, answer.enrollment.owner_id),
        at=receipt.received_at,
        is_proven=is_proven,
        reference=key,
    )


def _bears_our_mail(answer: _Answer) -> bool:
    """Tell whether a bounce names a mail of this enrollment, whose Message-ID strangers never saw.

    Real ones return the original or its headers; a bounce that does not, anybody could have made.
    """
    octets = _SOFT_BREAK.sub(b"", answer.case.arrival.octets)
    entries = answer.case.stores.ledger.of_enrollment(answer.enrollment.id)
    return any(each.wire_id and f"<{each.wire_id}>".encode() in octets for each in entries)
