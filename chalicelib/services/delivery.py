"""Sends one mail exactly once; what cannot be known is a state, not a guess.

The order of things is the protocol of architecture, section 4: gates, bytes to S3, one transaction
that claims head and ledger, one call without retries, one transaction that writes what came of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from chalicelib.domain.crm.items import LINKABLE
from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.domain.ids import StepId, TenantId, WireId
from chalicelib.domain.mail.filed import SentMail
from chalicelib.domain.sequences import ledger
from chalicelib.domain.sequences.definition import EmailStep, FlowVersion
from chalicelib.domain.sequences.enrollment import Enrollment, Lease, Phase, Status
from chalicelib.domain.sequences.ledger import (
    LEASE_FOR,
    UNKNOWN_FOR,
    LedgerEntry,
    MailStatus,
    SendState,
)
from chalicelib.domain.sequences.signals import (
    FailureReason,
    MailHeld,
    MailPostponed,
    MailRefused,
    MailSent,
    Signal,
)
from chalicelib.domain.sequences.steps import version_of
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services import budget, gates, intake_lag, letters
from chalicelib.services.decisions import Bench
from chalicelib.storage.transaction import Transaction

_AGAIN_AFTER: Final = timedelta(minutes=1)
_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A mail that passed every gate: its bytes are kept, its claim is ready to be written."""

    leased: Enrollment
    entry: LedgerEntry
    mime: bytes
    tenant: TenantId | None = None
    """The tenant of SES that it is sent as, if there is one (decision 0091)."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the ledger must say of the attempt, and the signal that follows (none: unknown).

    `claimed` is the row as it is thought to stand: word from SES may have changed it since.
    """

    claimed: LedgerEntry
    entry: LedgerEntry
    signal: Signal | None


def is_near(enrollment: Enrollment) -> bool:
    """Whether a mail is what comes next, if nothing happens."""
    is_mail_next = enrollment.mail_ahead is not None or enrollment.approved_by is not None
    is_moving = enrollment.status is Status.ACTIVE
    return is_mail_next and is_moving and enrollment.phase in {Phase.READY, Phase.WAITING}


def prepare(
    enrollment: Enrollment,
    step_id: StepId,
    published: FlowVersion,
    *,
    heeded_until: datetime | None,
    bench: Bench,
) -> Ready | Signal | gates.Unheeded:
    """Pass the gates and render, or return the signal that says why not. Nothing is claimed yet."""
    step = published.flow.by_id()[step_id]
    if not isinstance(step, EmailStep):
        raise TypeError(step)
    by_hand = enrollment.approved_by is not None or enrollment.edited == step_id
    written = bench.stores.tasks.find(enrollment.id, step_id) if by_hand else None
    passed = gates.pass_all(
        enrollment, step_id, draft=written, heeded_until=heeded_until, bench=bench
    )
    if not isinstance(passed, gates.Passed):
        return passed
    behind = intake_lag.held_back(enrollment, step_id, bench=bench)
    if behind is not None:
        return behind
    letter = letters.write(enrollment, step, passed, written, bench=bench)
    if not isinstance(letter, letters.Letter):
        return letter
    draft = letter.draft
    shares = budget.reserve(enrollment, step, draft.to, published.settings, bench=bench)
    if isinstance(shares, MailPostponed):
        return shares
    ready = _claim(enrollment, step_id, letter, passed, bench=bench)
    return replace(ready, entry=replace(ready.entry, shares=shares))


def _claim(
    enrollment: Enrollment,
    step_id: StepId,
    letter: letters.Letter,
    passed: gates.Passed,
    *,
    bench: Bench,
) -> Ready:
    attempt, addressee = enrollment.tries + 1, passed.addressee
    draft, mime = letter.draft, letter.mime
    now = bench.now()
    lease = Lease(owner=bench.outside.mint.secret(16), until=now + LEASE_FOR, attempt=attempt)
    entry = LedgerEntry(
        enrollment_id=enrollment.id,
        sequence_id=enrollment.sequence_id,
        flow_version=enrollment.flow_version,
        step_id=step_id,
        state=SendState.SENDING,
        attempt=attempt,
        lease_owner=lease.owner,
        lease_until=lease.until,
        mime_key=bench.stores.outgoing.put(enrollment.id, step_id, attempt, mime),
        sender=draft.sender,
        recipients=draft.to,
        subject=draft.subject[:200],
        version=version_of(enrollment, step_id),
        person_id=addressee.person_id,
        organization_id=addressee.organization_id,
    )
    leased = replace(
        enrollment,
        phase=Phase.SENDING,
        lease=lease,
        tries=attempt,
        person_id=addressee.person_id if enrollment.item.kind in LINKABLE else None,
    )
    tenant = bench.stores.tenant_id if passed.is_in_ses_tenant else None
    return Ready(leased=leased, entry=entry, mime=mime, tenant=tenant)


def call_once(ready: Ready, *, bench: Bench) -> Result:
    """Make the one call, and say what it means."""
    entry = ready.entry
    now = bench.now()
    if entry.lease_until - now < LEASE_FOR / 2:
        # We stood still for so long that somebody may think we are gone; nothing has left yet.
        withdrawn = replace(entry, state=SendState.WITHDRAWN)
        return Result(entry, withdrawn, _later(entry, bench, "too late"))
    tags = {
        "tenant": bench.stores.tenant_id,
        "enrollment": entry.enrollment_id,
        "step": entry.step_id,
        "attempt": str(entry.attempt),
    }
    try:
        ses_id = bench.outside.mailer.send(
            mime=ready.mime,
            sender=entry.sender,
            recipients=list(entry.recipients),
            tags=tags,
            tenant=ready.tenant,
        )
    except SendError as error:
        return _failed(entry, error, bench)
    wire_id = WireId(bench.outside.mailer.wire_id(ses_id))
    sent_at = bench.now()
    sent = replace(entry, state=SendState.SENT, wire_id=wire_id, sent_at=sent_at)
    signal = MailSent(step_id=entry.step_id, wire_id=wire_id, sent_at=sent_at)
    return Result(entry, sent.risen(MailStatus.SENT), signal)


def _failed(entry: LedgerEntry, error: SendError, bench: Bench) -> Result:
    """Map a failure to what it means for the mail (R16): later, this recipient, sender, unknown."""
    refused: Signal
    match error.fate:
        case Fate.UNKNOWN:
            unknown = replace(entry, state=SendState.UNKNOWN, code=error.code)
            return Result(entry, unknown, None)
        case Fate.LATER:
            withdrawn = replace(entry, state=SendState.WITHDRAWN, code=error.code)
            return Result(entry, withdrawn, _later(entry, bench, error.code))
        case Fate.THIS_RECIPIENT:
            refused = MailRefused(step_id=entry.step_id, reason=FailureReason.SEND_REJECTED)
        case Fate.THIS_SENDER:
            why = f"the mail service refuses this sender ({error.code})"
            refused = MailHeld(step_id=entry.step_id, why=why)
        case _:
            assert_never(error.fate)
    return Result(entry, replace(entry, state=SendState.FAILED, code=error.code), refused)


def _later(entry: LedgerEntry, bench: Bench, why: str) -> MailPostponed:
    until = bench.now() + _AGAIN_AFTER
    return MailPostponed(step_id=entry.step_id, until=until, why=f"tried again: {why}")


def awaiting_word(leased: Enrollment, entry: LedgerEntry) -> Enrollment:
    """Nobody knows whether it went out: stand until SES tells, or the policy must decide."""
    return replace(
        leased,
        phase=Phase.UNKNOWN,
        lease=None,
        due_at=entry.lease_until + UNKNOWN_FOR,
        why_then="waiting for word from the mail service about a mail that may have gone out",
    )


def known_as_sent(enrollment: Enrollment, step_id: StepId, *, bench: Bench) -> Result | None:
    """Return the result of an earlier attempt that SES has told of meanwhile, if there is one."""
    known = bench.stores.ledger.find(enrollment.id, step_id)
    return None if known is None else as_sent(known)


def as_sent(known: LedgerEntry) -> Result | None:
    """Return the result that the ledger already holds, if it knows the mail as sent."""
    if known.wire_id is None or known.sent_at is None:
        return None
    signal = MailSent(step_id=known.step_id, wire_id=known.wire_id, sent_at=known.sent_at)
    return Result(known, known, signal)


def note(enrollment: Enrollment, entry: LedgerEntry, *, bench: Bench) -> None:
    """Write what became of the attempt for itself, keeping any word from SES that came first."""
    for _ in range(_TRIES):
        known = bench.stores.ledger.find(entry.enrollment_id, entry.step_id)
        if known is None or known.attempt != entry.attempt:
            return  # another attempt has the row: this one was settled before it began
        merged = ledger.merged(known, entry)
        try:
            with Transaction() as tx:
                if merged != known:
                    bench.stores.ledger.revise(tx, known, merged)
                sent = mail_of(enrollment, merged)
                if sent is not None:
                    bench.stores.threads.put_sent(tx, sent)
        except StaleWriteError:
            continue
        return
    raise ThrottledError(retry_after=1)


def mail_of(enrollment: Enrollment, entry: LedgerEntry) -> SentMail | None:
    """Return the mail that joins its thread, if it went out."""
    if entry.state is not SendState.SENT:
        return None
    if entry.wire_id is None or entry.sent_at is None:
        raise ValueError(entry)
    return SentMail(
        enrollment_id=enrollment.id,
        owner_id=enrollment.owner_id,
        item=enrollment.item,
        wire_id=entry.wire_id,
        recipients=entry.recipients,
        subject=entry.subject,
        raw_key=entry.mime_key,
        sent_at=entry.sent_at,
        sender=entry.sender,
        step_id=entry.step_id,
        person_id=entry.person_id,
        organization_id=entry.organization_id,
        is_first=enrollment.wire_ids[:1] in {(), (entry.wire_id,)},
    )
