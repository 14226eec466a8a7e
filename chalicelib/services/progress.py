"""What time, people and answers do: take a signal, decide, write the decision with its effects.

Whoever writes first wins; whoever comes second reads again and decides anew. That is the whole of
concurrency here: the head's version is the one point where everything meets.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences import doubt, holds, memory, parking
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import FlowVersion
from chalicelib.domain.sequences.effects import Record, SendMail, SettleMail
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.ledger import UNKNOWN_FOR, LedgerEntry, SendState
from chalicelib.domain.sequences.signals import (
    Heard,
    MailPostponed,
    MailUnknown,
    SequenceWentOn,
    Signal,
    Stopped,
    TimeCame,
)
from chalicelib.domain.sequences.walk import Decision
from chalicelib.gateways.outside import Outside
from chalicelib.services import budget, delivery, doubts, gates, outlook, places, timing
from chalicelib.services.decisions import Bench, Extra, keep, lines_of
from chalicelib.storage.enrollments import Standing
from chalicelib.storage.stores import Stores

_TRIES: Final = 8


def take(
    enrollment_id: EnrollmentId,
    signal: Signal,
    *,
    stores: Stores,
    outside: Outside,
    extra: Extra | None = None,
) -> Enrollment:
    """Apply `signal` and return the enrollment as it now stands.

    `extra` adds writes that must happen with the signal or not at all.
    A stored signal (Heard, Stopped) that was taken before changes nothing. Raises MissingError,
    IllegalMoveError, or ThrottledError when others write faster than we can decide.
    """
    bench = Bench(stores=stores, outside=outside)
    _, after = _applied(enrollment_id, signal, bench, extra)
    return after


def wake(enrollment_id: EnrollmentId, token: int, *, bench: Bench) -> Enrollment | None:
    """Do what is due; None if somebody did it already, for a message may come more than once."""
    before, after = _applied(enrollment_id, TimeCame(token=token), bench, None)
    return after if before.token == token and after.token != token else None


def _applied(
    enrollment_id: EnrollmentId, signal: Signal, bench: Bench, extra: Extra | None
) -> tuple[Enrollment, Enrollment]:
    """Return the enrollment as it was found, and as it now stands."""
    for _ in range(_TRIES):
        standing = bench.stores.enrollments.stand(enrollment_id)
        try:
            return standing.enrollment, _once(standing, signal, bench, extra)
        except StaleWriteError:
            continue
    raise ThrottledError(retry_after=1)


def _once(standing: Standing, signal: Signal, bench: Bench, extra: Extra | None) -> Enrollment:
    before = standing.enrollment
    stored = signal if isinstance(signal, Heard | Stopped) else None
    if stored is not None and (standing.has(stored.id) or before.is_over):
        return before
    if isinstance(signal, TimeCame) and (before.is_over or signal.token != before.token):
        return before  # an old wake-up: nothing need be read to know that
    published = bench.stores.sequences.flow_version(before.sequence_id, before.flow_version)
    facts = facts_of(published, standing, signal)
    facts = timing.informed(facts, before, signal, published.settings, bench=bench)
    facts = outlook.informed(facts, before, published, bench=bench)
    if isinstance(signal, TimeCame):
        place = places.for_pending(before, published.settings, bench=bench)
        if place is not None:
            facts, extra = replace(facts, place_at=place.at), place.take
    decision = _decided(before, signal, published, facts, bench)
    if isinstance(decision, Enrollment):
        return decision
    for effect in decision.effects:
        if isinstance(effect, SettleMail):
            return _settle(before, effect.step_id, published, facts, bench)
    changes = decision.effects or decision.enrollment != before
    if stored is None and extra is None and not changes:
        return before
    forgotten = memory.superfluous(standing.heard, stored) if stored else None
    return keep(before, decision, bench=bench, stored=stored, forgotten=forgotten, extra=extra)


def _decided(
    before: Enrollment, signal: Signal, published: FlowVersion, facts: Facts, bench: Bench
) -> Decision | Enrollment:
    """Decide; a mail whose time has come is sent, and what stands then is returned."""
    came = parking.tried(before, bench.now()) if isinstance(signal, TimeCame) else before
    if isinstance(signal, TimeCame) and delivery.is_near(before):
        # The gates of a mail tell strongly that its sequence runs: it need not be asked before.
        decision = decide(came, published.flow, signal, bench.now(), facts)
        mailed = _mail(
            before, decision, published, facts, bench, heeded_until=holds.counted_from(before)
        )
        if mailed is not None:
            return mailed
    if isinstance(signal, TimeCame | SequenceWentOn):
        facts = replace(facts, state=bench.stores.sequences.state(before.sequence_id))
    decision = decide(came, published.flow, signal, bench.now(), facts)
    if not isinstance(signal, TimeCame):
        return decision  # only a door that time opened talks to SES; others leave it ready for it
    mailed = _mail(before, decision, published, facts, bench, heeded_until=None)
    return decision if mailed is None else mailed


def facts_of(published: FlowVersion, standing: Standing, signal: Signal | None = None) -> Facts:
    """Return what the engine must know besides the enrollment."""
    heard = standing.heard
    if isinstance(signal, Heard):
        heard = (*heard, signal)
    settings = published.settings
    return Facts(
        exit_on_reply=settings.exit_on_reply,
        heard=heard,
        failed_to_manual=settings.failed_automatic_to_manual,
    )


def _mail(
    before: Enrollment,
    decision: Decision,
    published: FlowVersion,
    facts: Facts,
    bench: Bench,
    *,
    heeded_until: datetime | None,
) -> Enrollment | None:
    """Send the mail that the decision asks for, or take what a gate says instead.

    None if it asks for no mail, or if its sequence must be heeded first.
    """
    asked = (each.step_id for each in decision.effects if isinstance(each, SendMail))
    step_id = next(asked, None)
    if step_id is None:
        return None
    ready = delivery.prepare(
        decision.enrollment, step_id, published, heeded_until=heeded_until, bench=bench
    )
    if isinstance(ready, gates.Unheeded):
        return None
    if not isinstance(ready, delivery.Ready):
        return keep(before, _on(decision, ready, published, facts, bench), bench=bench)
    return _send(before, decision, ready, published, facts, bench)


def _send(  # noqa: PLR0917 - the protocol of architecture, section 4, needs all of it
    before: Enrollment,
    decision: Decision,
    ready: delivery.Ready,
    published: FlowVersion,
    facts: Facts,
    bench: Bench,
) -> Enrollment:
    """Claim, call once, write what came of it."""
    step_id = ready.entry.step_id
    try:
        leased = keep(
            before,
            _claiming(ready.leased, decision, before),
            bench=bench,
            extra=lambda tx: bench.stores.ledger.claim(
                tx, ready.entry, is_by_hand=before.approved_by is not None
            ),
        )
    except StaleWriteError:
        budget.forgo(ready.entry, bench=bench)
        settled = delivery.known_as_sent(before, step_id, bench=bench)
        if settled is None:
            return _still_unknown(before, step_id, published, facts, bench)
        return _conclude(before, settled, published, facts, bench)
    result = delivery.call_once(ready, bench=bench)
    concluded = _conclude(leased, result, published, facts, bench)
    budget.settle(result.entry, bench=bench)
    return concluded


def _still_unknown(
    before: Enrollment, step_id: StepId, published: FlowVersion, facts: Facts, bench: Bench
) -> Enrollment:
    """Ask again: what may have gone out goes out a second time by a person's hand alone.

    Raises StaleWriteError where the claim failed for anything else.
    """
    entry = bench.stores.ledger.find(before.id, step_id)
    is_unknown = entry is not None and entry.state is SendState.UNKNOWN
    if not is_unknown or before.step_id != step_id or before.approved_by is not None:
        raise StaleWriteError(kind="enrollment", id=before.id)
    signal = MailUnknown(step_id=step_id)
    return keep(before, decide(before, published.flow, signal, bench.now(), facts), bench=bench)


def _claiming(leased: Enrollment, decision: Decision, before: Enrollment) -> Decision:
    """Return the claim; its lines wait on the lease for what comes of it."""
    lines = lines_of(decision, before)
    lease = None if leased.lease is None else replace(leased.lease, lines=lines)
    effects = tuple(each for each in decision.effects if not isinstance(each, Record))
    return Decision(replace(leased, lease=lease), effects)


def _on(
    decision: Decision, signal: Signal, published: FlowVersion, facts: Facts, bench: Bench
) -> Decision:
    """Decide on `signal` on top of `decision`, as one change."""
    effects = tuple(each for each in decision.effects if not isinstance(each, SendMail))
    further = decide(decision.enrollment, published.flow, signal, bench.now(), facts)
    return Decision(further.enrollment, (*effects, *further.effects))


def _conclude(
    leased: Enrollment,
    result: delivery.Result,
    published: FlowVersion,
    facts: Facts,
    bench: Bench,
) -> Enrollment:
    """Write what became of the call, together with the move it causes if nobody moved meanwhile."""
    if result.signal is None:
        decision = Decision(delivery.awaiting_word(leased, result.entry)).fenced(leased)
    else:
        decision = decide(leased, published.flow, result.signal, bench.now(), facts)
    try:
        # A flow with two mails in a row stands ready for the second afterwards: one call a time.
        return keep(
            leased,
            decision,
            bench=bench,
            sent=delivery.mail_of(leased, result.entry),
            extra=lambda tx: bench.stores.ledger.revise(tx, result.claimed, result.entry),
        )
    except StaleWriteError:
        # Somebody stopped or paused the enrollment, or SES was quicker than we: the ledger is
        # written for itself, and the move is decided on what stands there now.
        delivery.note(leased, result.entry, bench=bench)
        if result.signal is None:
            return bench.stores.enrollments.get(leased.id)
        return take(leased.id, result.signal, stores=bench.stores, outside=bench.outside)


def _settle(
    before: Enrollment, step_id: StepId, published: FlowVersion, facts: Facts, bench: Bench
) -> Enrollment:
    """A worker never came back: let the ledger say what is known (architecture, section 4)."""
    entry = bench.stores.ledger.find(before.id, step_id)
    now = bench.now()
    if entry is None or entry.state in {SendState.FAILED, SendState.WITHDRAWN}:
        signal: Signal = MailPostponed(
            step_id=step_id, until=now + timedelta(seconds=1), why="the try before was given up"
        )
        return keep(before, decide(before, published.flow, signal, now, facts), bench=bench)
    sent = delivery.as_sent(entry) if entry.state is SendState.SENT else None
    if sent is not None:
        return _conclude(before, sent, published, facts, bench)
    if now < entry.lease_until + UNKNOWN_FOR:
        unknown = replace(entry, state=SendState.UNKNOWN)
        return _conclude(before, delivery.Result(entry, unknown, None), published, facts, bench)
    if doubts.may_send_again(entry, bench=bench):
        return _once_more(before, entry, published, facts, bench)
    signal = MailUnknown(step_id=step_id)
    return keep(before, decide(before, published.flow, signal, now, facts), bench=bench)


def _once_more(
    before: Enrollment,
    entry: LedgerEntry,
    published: FlowVersion,
    facts: Facts,
    bench: Bench,
) -> Enrollment:
    """Give the attempt up and stand ready for the next; word of it still keeps the next back."""
    given_up = replace(entry, state=SendState.WITHDRAWN, code=doubt.GIVEN_UP)
    why = "sent again: no word came of the last attempt, though word of later mails did"
    signal = MailPostponed(step_id=entry.step_id, until=bench.now(), why=why)
    return keep(
        before,
        decide(before, published.flow, signal, bench.now(), facts),
        bench=bench,
        extra=lambda tx: bench.stores.ledger.revise(tx, entry, given_up),
    )
