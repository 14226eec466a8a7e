"""What SES tells of a mail: the ledger rises, addresses are suppressed, enrollments hear of it.

Word may come twice, late or out of order; a status only ever rises (R17), and a Send event of a
mail that nobody was sure of settles it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.errors import MissingError, StaleWriteError, ThrottledError
from chalicelib.domain.ids import EnrollmentId, SignalId, StepId, WireId
from chalicelib.domain.sequences.enrollment import Phase
from chalicelib.domain.sequences.ledger import LedgerEntry, MailStatus, SendState
from chalicelib.domain.sequences.machine_readers import is_machine
from chalicelib.domain.sequences.signals import (
    ExitReason,
    Heard,
    MailEvent,
    Stopped,
)
from chalicelib.services import delivery, progress
from chalicelib.services.decisions import Bench
from chalicelib.storage.soft_bounces import SoftBounceStore
from chalicelib.storage.transaction import Transaction

MOST_SOFT_BOUNCES: Final = 3
"""So many mails within the time that is counted, and the address is mailed no more."""
_TRIES: Final = 5

_AWAITING = frozenset({Phase.UNKNOWN, Phase.ASKED, Phase.READY})


class Told(StrEnum):
    """What an event says."""

    SEND = "Send"
    DELIVERY = "Delivery"
    HARD_BOUNCE = "HardBounce"
    SOFT_BOUNCE = "SoftBounce"
    COMPLAINT = "Complaint"
    OPEN = "Open"
    CLICK = "Click"
    REJECT = "Reject"
    OTHER = "Other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One event of SES about one attempt at one step."""

    enrollment_id: EnrollmentId
    step_id: StepId
    attempt: int
    wire_id: WireId
    told: Told
    addresses: Collection[str]
    at: datetime
    mailed_at: datetime | None = None
    """When SES took the mail: every event of it tells that, whichever comes first."""
    agent: str = ""
    """What the program that opened it says of itself."""
    reader_address: str = ""
    """From where it was opened."""


RUNG_BY_WORD = {
    Told.SEND: MailStatus.SENT,
    Told.DELIVERY: MailStatus.DELIVERED,
    Told.OPEN: MailStatus.OPENED,
    Told.CLICK: MailStatus.CLICKED,
    Told.HARD_BOUNCE: MailStatus.BOUNCED,
    Told.SOFT_BOUNCE: MailStatus.SENT,
    Told.COMPLAINT: MailStatus.COMPLAINED,
    Told.REJECT: MailStatus.BOUNCED,
    Told.OTHER: MailStatus.QUEUED,
}
_EVENT_BY_WORD = {Told.OPEN: MailEvent.OPENED, Told.CLICK: MailEvent.CLICKED}
_EXIT_BY_WORD = {
    Told.HARD_BOUNCE: ExitReason.BOUNCED,
    Told.REJECT: ExitReason.BOUNCED,
    Told.COMPLAINT: ExitReason.COMPLAINED,
}
_SUPPRESSION_BY_WORD = {
    Told.HARD_BOUNCE: SuppressionReason.BOUNCED,
    Told.REJECT: SuppressionReason.BOUNCED,
    Told.COMPLAINT: SuppressionReason.COMPLAINED,
}


def hear(word: Word, *, bench: Bench) -> bool:
    """Apply one event, and say whether it tells of a second mail of the same step.

    Applying it again changes nothing. Raises MissingError for no such mail.
    """
    known, entry = rise(word, bench=bench)
    _tell_enrollment(word, known, entry, bench)
    for address in word.addresses:
        _suppress(normalized(address), word, bench)
    return word.told is Told.SEND and entry.wire_id != word.wire_id


def _tell_enrollment(word: Word, known: LedgerEntry, entry: LedgerEntry, bench: Bench) -> None:
    if word.told in _EVENT_BY_WORD:
        _tell_if_tracked(word, entry, bench)
    if entry.state is SendState.SENT:
        _tell_if_awaited(entry, bench, is_news=known.state is not SendState.SENT)
    if word.told not in _EXIT_BY_WORD:
        return
    exit_reason = _EXIT_BY_WORD[word.told]
    stop = Stopped(
        id=SignalId(f"{exit_reason}-{word.step_id}-{word.attempt}"), reason=exit_reason, at=word.at
    )
    progress.take(word.enrollment_id, stop, stores=bench.stores, outside=bench.outside)


def _suppress(address: str, word: Word, bench: Bench) -> None:
    """Mail an address no more: at once, or after several mails that bounced for a time."""
    reason = _SUPPRESSION_BY_WORD.get(word.told)
    if word.told is Told.SOFT_BOUNCE:
        mail = f"{word.enrollment_id}/{word.step_id}"
        if (
            SoftBounceStore(bench.stores.tenant_id).count(address, mail, word.at)
            >= MOST_SOFT_BOUNCES
        ):
            reason = SuppressionReason.BOUNCED
    if reason is not None:
        bench.stores.addresses.suppress(address, reason, word.at)


def rise(word: Word, *, bench: Bench) -> tuple[LedgerEntry, LedgerEntry]:
    """Write what the event adds to the ledger, if anything; return the row before and after."""
    for _ in range(_TRIES):
        known = bench.stores.ledger.find(word.enrollment_id, word.step_id)
        if known is None:
            raise MissingError(kind="mail", id=f"{word.enrollment_id}/{word.step_id}")
        after = _after(known, word)
        if after == known:
            return known, known
        try:
            with Transaction() as tx:
                bench.stores.ledger.revise(tx, known, after)
        except StaleWriteError:
            continue
        return known, after
    raise ThrottledError(retry_after=1)


def _after(known: LedgerEntry, word: Word) -> LedgerEntry:
    """Any event of any attempt proves that the mail went out; another wire id, that two did."""
    if word.told is Told.OTHER:
        return known
    if known.wire_id is not None and known.wire_id != word.wire_id:
        return replace(known, is_duplicate=True)
    proven = replace(
        known,
        state=SendState.SENT,
        wire_id=word.wire_id,
        sent_at=known.sent_at or word.mailed_at or word.at,
    )
    if _is_machine(word, known):
        first_at = min(known.machine_opened_at or word.at, word.at)
        return replace(proven, machine_opened_at=first_at)
    return proven.risen(RUNG_BY_WORD[word.told])


def _is_machine(word: Word, entry: LedgerEntry) -> bool:
    if word.told not in _EVENT_BY_WORD:
        return False
    since_sent = None if entry.sent_at is None else word.at - entry.sent_at
    return is_machine(agent=word.agent, address=word.reader_address, since_sent=since_sent)


def _tell_if_tracked(word: Word, entry: LedgerEntry, bench: Bench) -> None:
    """Store what the reader did for the conditions that ask, once for every mail and kind.

    Only where the author asked to be told; and what a program did is nobody's doing.
    """
    head = bench.stores.enrollments.get(word.enrollment_id)
    if head.is_over or _is_machine(word, entry) or entry.wire_id != word.wire_id:
        return
    published = bench.stores.sequences.flow_version(head.sequence_id, head.flow_version)
    event = _EVENT_BY_WORD[word.told]
    settings = published.settings
    is_asked = settings.track_opens if event is MailEvent.OPENED else settings.track_clicks
    if not is_asked:
        return
    heard = Heard(
        id=SignalId(f"{event}-{word.step_id}"), event=event, step_id=word.step_id, at=word.at
    )
    progress.take(word.enrollment_id, heard, stores=bench.stores, outside=bench.outside)


def _tell_if_awaited(entry: LedgerEntry, bench: Bench, *, is_news: bool) -> None:
    """Move an enrollment that waits for word of this very mail; its thread gets the mail too.

    While a worker holds the lease it will write the result itself, and one that is over moves no
    more; but the mail belongs into its thread all the same, for that worker may be dead.
    """
    sent = delivery.as_sent(entry)
    if sent is None or sent.signal is None:
        return
    head = bench.stores.enrollments.get(entry.enrollment_id)
    stands_here = not head.is_over and head.step_id == entry.step_id
    is_awaited = stands_here and head.phase in _AWAITING
    if is_news or is_awaited:
        delivery.note(head, entry, bench=bench)
    if is_awaited:
        progress.take(entry.enrollment_id, sent.signal, stores=bench.stores, outside=bench.outside)
