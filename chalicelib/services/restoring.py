"""After a restore: makes the ledger know every mail that SES tells of, before anything is sent.

The table forgot what happened after the restore point; the archive of SES's events did not. A mail
that the ledger knows as sent is never claimed again, so enrollments go on behind it, even those
that have yet to be enrolled anew: their ids are the same.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import EnrollmentId, SequenceId
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.ledger import LEASE_FOR, LedgerEntry, SendState
from chalicelib.services import feedback
from chalicelib.services.decisions import Bench
from chalicelib.services.feedback import Word
from chalicelib.storage.transaction import Transaction

FORGOTTEN = SequenceId("forgotten")
"""The sequence of a mail whose enrollment the restored table does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """What an event says of the mail itself."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    at: datetime


def settle(word: Word, mailed: Mailed, *, bench: Bench) -> bool:
    """Apply one archived event and say whether the ledger had forgotten its mail."""
    head = _find(word.enrollment_id, bench)
    is_forgotten = bench.stores.ledger.find(word.enrollment_id, word.step_id) is None
    if is_forgotten:
        _remember(word, mailed, head, bench)
    if head is None:
        feedback.rise(word, bench=bench)
    else:
        feedback.hear(word, bench=bench)
    return is_forgotten


def _find(enrollment_id: EnrollmentId, bench: Bench) -> Enrollment | None:
    try:
        return bench.stores.enrollments.get(enrollment_id)
    except MissingError:
        return None


def _remember(word: Word, mailed: Mailed, head: Enrollment | None, bench: Bench) -> None:
    """Write the claim that the table forgot; if another run was quicker, that will do."""
    key = bench.stores.outgoing.key_of(word.enrollment_id, word.step_id, word.attempt)
    claim = LedgerEntry(
        enrollment_id=word.enrollment_id,
        sequence_id=head.sequence_id if head else FORGOTTEN,
        flow_version=head.flow_version if head else None,
        step_id=word.step_id,
        state=SendState.SENDING,
        attempt=word.attempt,
        lease_owner="restore",
        lease_until=mailed.at + LEASE_FOR,
        mime_key=key,
        sender=mailed.sender,
        recipients=mailed.recipients,
        subject=mailed.subject[:200],
    )
    try:
        with Transaction() as tx:
            bench.stores.ledger.claim(tx, claim, is_by_hand=False)
    except StaleWriteError:
        return
