"""What a mail to a Reply-To address means for its enrollment: the verdict, acted upon.

What anybody could have written stops nothing for good: a bounce, a complaint or an acceptance must
be proven by what strangers cannot know, else it counts as an answer that a person looks at first.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.settings import settings_in
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import SignalId
from chalicelib.domain.mail.acceptance import Refusal, is_authenticated, is_shared_domain
from chalicelib.domain.mail.message import CalendarAnswer
from chalicelib.domain.mail.returning import reachable_at
from chalicelib.domain.mail.verdicts import Verdict, VerdictKind, decide_verdict
from chalicelib.domain.sequences.enrollment import Enrollment, Status
from chalicelib.domain.sequences.ledger import LedgerEntry
from chalicelib.domain.sequences.signals import (
    ExitReason,
    Heard,
    MailEvent,
    PauseAsked,
    PauseReason,
    Stopped,
)
from chalicelib.gateways.outside import Outside
from chalicelib.services import filing
from chalicelib.services.mailroom import Case

_SOFT_BREAK: Final = re.compile(rb"=\r?\n")
"""Quoted-printable text breaks long lines so, in the midst of an id."""
_TOO_QUICK: Final = timedelta(seconds=10)
"""Nobody reads and answers so fast; a gateway that scans mail does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A mail to a Reply-To address, with all that its reading needs."""

    case: Case
    enrollment: Enrollment
    enrolled: frozenset[str]
    """The addresses of the enrolled person."""
    colleague: User | None
    """The user of ours who wrote it, if it is a copy of our own mail."""


def tell(answer: Answer, refusal: Refusal | None, *, outside: Outside) -> None:
    """Let the enrollment hear of what its mail brought back; a virus is no evidence of anything."""
    from chalicelib.services import progress  # noqa: PLC0415 - a mail that moves nothing needs none

    if refusal is Refusal.VIRUS:
        return
    signal = _signal(answer, verdict_of(answer), has_refusal=refusal is not None)
    if signal is None:
        return
    if isinstance(signal, PauseAsked) and answer.enrollment.status is not Status.ACTIVE:
        return
    if isinstance(signal, Stopped):
        _suppress(answer, signal.reason)
    # Whoever paused it meanwhile had a reason of their own; that one stands.
    with suppress(IllegalMoveError):
        stores = answer.case.stores
        progress.take(answer.enrollment.id, signal, stores=stores, outside=outside)


def verdict_of(answer: Answer) -> Verdict:
    """Say what the mail is; what one of us wrote, or what SES wrote for us, is an own copy."""
    message = answer.case.message
    wire_ids = {each.wire_id for each in _mails(answer)}
    return decide_verdict(
        message,
        received_on=answer.case.receipt.received_at.date(),
        is_ours=answer.colleague is not None or message.message_id in wire_ids - {None},
        is_answer=True,
    )


_Move = Heard | Stopped | PauseAsked


def _signal(answer: Answer, verdict: Verdict, *, has_refusal: bool) -> _Move | None:
    """Name the signal after the message: hearing of it again changes nothing."""
    heard = _heard(answer, has_refusal=has_refusal)
    match verdict.kind:
        case VerdictKind.HUMAN_REPLY:
            return _replied(answer, heard)
        case VerdictKind.BOUNCE_HARD:
            failed = {each.address for each in verdict.failed if each.is_hard}
            if not failed & answer.enrolled:
                return None
            is_proven = _bears_our_mail(answer) or _is_postmaster_of(answer, failed)
            return _stopped(answer, "bounce", ExitReason.BOUNCED) if is_proven else _doubted(heard)
        case VerdictKind.COMPLAINT:
            if not _is_about_us(answer):
                return None
            is_proven = _bears_our_mail(answer)
            stop = _stopped(answer, "complaint", ExitReason.COMPLAINED)
            return stop if is_proven else _doubted(heard)
        case VerdictKind.CALENDAR_ANSWER:
            if verdict.answer is not CalendarAnswer.ACCEPTED:
                return None
            is_booked = heard.is_proven and _is_by_enrolled(answer)
            stop = _stopped(answer, "meeting", ExitReason.MEETING_BOOKED)
            return stop if is_booked else _doubted(heard)
        case VerdictKind.AUTO_REPLY:
            return _away(answer, verdict)
        case (
            VerdictKind.BOUNCE_SOFT
            | VerdictKind.CALENDAR_NOTE
            | VerdictKind.OWN_COPY
            | VerdictKind.FORWARDED
            | VerdictKind.UNRELATED
        ):
            return None
        case _:
            assert_never(verdict.kind)


def _heard(answer: Answer, *, has_refusal: bool) -> Heard:
    case = answer.case
    owner_id = answer.enrollment.owner_id
    return Heard(
        id=SignalId(f"reply-{case.arrival.key}"),
        event=MailEvent.REPLIED,
        step_id=None if has_refusal else filing.answered_step(case, owner_id),
        at=case.receipt.received_at,
        is_proven=is_authenticated(case.message, case.receipt),
        reference=case.arrival.key,
    )


def _doubted(heard: Heard) -> Heard:
    """What may be forged pauses, whoever signed the forgery: their own domain is no evidence."""
    return Heard(
        id=heard.id,
        event=heard.event,
        step_id=None,
        at=heard.at,
        is_proven=False,
        reference=heard.reference,
    )


def _stopped(answer: Answer, what: str, reason: ExitReason) -> Stopped:
    named = SignalId(f"{what}-{answer.case.arrival.key}")
    return Stopped(id=named, reason=reason, at=answer.case.receipt.received_at)


def _replied(answer: Answer, heard: Heard) -> Heard | Stopped | None:
    if _is_gateway(answer):
        return None
    if heard.is_proven and _is_of_organization(answer) and _ends_by_colleagues(answer):
        return _stopped(answer, "organization", ExitReason.ORGANIZATION_REPLIED)
    return heard


def _is_gateway(answer: Answer) -> bool:
    """Tell whether a machine on the way sent it back: at once, and with nothing to say."""
    if answer.case.message.visible_text.strip():
        return False
    at = answer.case.receipt.received_at
    sent = [each.sent_at for each in _mails(answer) if each.sent_at]
    return any(timedelta() <= at - each < _TOO_QUICK for each in sent)


def _is_by_enrolled(answer: Answer) -> bool:
    """Tell whether the enrolled person wrote it, or somebody of the same house for them."""
    return _is_of_organization(answer) or any(
        each.address in answer.enrolled for each in answer.case.message.from_
    )


def _is_of_organization(answer: Answer) -> bool:
    """Tell whether a colleague of the enrolled person wrote it, not the person."""
    senders = [each.address for each in answer.case.message.from_ if each.address]
    if any(each in answer.enrolled for each in senders):
        return False
    houses = {domain_of(each) for each in answer.enrolled}
    if any(domain_of(each) in houses and not is_shared_domain(domain_of(each)) for each in senders):
        return True
    return bool(_organizations(answer, answer.enrolled) & _organizations(answer, senders))


def _organizations(answer: Answer, addresses: Collection[str]) -> set[str]:
    items = answer.case.stores.items
    refs = [
        ItemRef(ItemKind.PERSON, person)
        for each in addresses
        for person in items.persons_with(each)
    ]
    return {each.organization_id for each in items.find_many(refs) if each.organization_id}


def _ends_by_colleagues(answer: Answer) -> bool:
    stores, enrollment = answer.case.stores, answer.enrollment
    if settings_in(stores.tenant.get()).exit_on_colleague_reply:
        return True
    published = stores.sequences.flow_version(enrollment.sequence_id, enrollment.flow_version)
    return published.settings.exit_on_colleague_reply


def _away(answer: Answer, verdict: Verdict) -> PauseAsked | None:
    """Wait until they are back, where they say when; a note without a date stops nothing."""
    if verdict.returns_on is None:
        return None
    tenant = settings_in(answer.case.stores.tenant.get())
    until = reachable_at(
        verdict.returns_on, calendar=tenant.business_calendar, zone=tenant.time_zone
    )
    if until <= answer.case.receipt.received_at:
        return None
    return PauseAsked(reason=PauseReason.OUT_OF_OFFICE, until=until)


def _suppress(answer: Answer, reason: ExitReason) -> None:
    """Mail an address no more that is dead, or whose owner complained."""
    why = {
        ExitReason.BOUNCED: SuppressionReason.BOUNCED,
        ExitReason.COMPLAINED: SuppressionReason.COMPLAINED,
    }.get(reason)
    if why is None:
        return
    for address in sorted(_concerned(answer, reason)):
        answer.case.stores.addresses.suppress(address, why, answer.case.receipt.received_at)


def _concerned(answer: Answer, reason: ExitReason) -> Collection[str]:
    """Return the addresses of the person that a report names; a complaint may name none."""
    message = answer.case.message
    if reason is ExitReason.BOUNCED:
        return answer.enrolled & {each.address for each in message.failed if each.is_hard}
    told = message.complaint.addresses if message.complaint else ()
    return answer.enrolled & set(told) or answer.enrolled


def _is_postmaster_of(answer: Answer, failed: Collection[str]) -> bool:
    """Tell whether the failing address's own house vouches for the report."""
    if not is_authenticated(answer.case.message, answer.case.receipt):
        return False
    houses = {domain_of(each) for each in failed}
    return all(domain_of(each.address) in houses for each in answer.case.message.from_)


def _is_about_us(answer: Answer) -> bool:
    """Tell whether a report is a complaint at all: some say that a mail is no spam."""
    told = answer.case.message.complaint
    return told is None or told.feedback_type not in {"not-spam", "auth-failure"}


def _bears_our_mail(answer: Answer) -> bool:
    """Tell whether a report names a mail of this enrollment, whose Message-ID strangers never saw.

    Real ones return the original or its headers; a report that does not, anybody could have made.
    """
    octets = _SOFT_BREAK.sub(b"", answer.case.arrival.octets)
    return any(each.wire_id and f"<{each.wire_id}>".encode() in octets for each in _mails(answer))


def _mails(answer: Answer) -> list[LedgerEntry]:
    return answer.case.stores.ledger.of_enrollment(answer.enrollment.id)
