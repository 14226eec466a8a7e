"""What was sent, or may have been, at one step of one enrollment.

SES has no idempotency key, so the ledger is ours: a row says `sending` before the one call and what
became of it after. Word from SES only ever moves a row up (R17).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.ids import EnrollmentId, ItemId, SequenceId, StepId, WireId

LEASE_FOR: Final = timedelta(seconds=120)
"""Longer than the function's time-out (60 s) and SES's time-outs (13 s) together."""
UNKNOWN_FOR: Final = timedelta(minutes=30)
"""How long after the lease's end word from SES is awaited before the policy decides."""


class SendState(StrEnum):
    """Whether the mail went out."""

    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class MailStatus(StrEnum):
    """What SES told of a sent mail; later rungs include the earlier ones."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


RUNG: Final[Mapping[MailStatus, int]] = MappingProxyType(
    {status: rung for rung, status in enumerate(MailStatus)}
)

_LADDER: Final = (MailStatus.SENT, MailStatus.DELIVERED, MailStatus.OPENED, MailStatus.CLICKED)


def proven_by(status: MailStatus) -> frozenset[MailStatus]:
    """Return what a status proves: a click an opening, and everything that it was sent."""
    if status is MailStatus.QUEUED:
        return frozenset()
    below = _LADDER[: RUNG[status]] if status in _LADDER else _LADDER[:1]
    return frozenset({*below, status})


def gained(
    before: str, beside_before: Collection[str], after: str, beside_after: Collection[str]
) -> list[MailStatus]:
    """Return the statuses that a mail has gained, lowest first, in whatever order word came."""
    old = _rungs(MailStatus(before), map(MailStatus, beside_before))
    new = _rungs(MailStatus(after), map(MailStatus, beside_after))
    return sorted(new - old, key=RUNG.__getitem__)


def passed(before: str, after: str) -> list[MailStatus]:
    """Return the statuses gained between two."""
    return gained(before, (), after, ())


def _rungs(status: MailStatus, beside: Iterable[MailStatus]) -> frozenset[MailStatus]:
    return proven_by(status).union(*map(proven_by, beside))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One mail of one step: its latest attempt and all that is known of it."""

    enrollment_id: EnrollmentId
    sequence_id: SequenceId
    step_id: StepId
    state: SendState
    attempt: int
    lease_owner: str
    lease_until: datetime
    mime_key: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    person_id: ItemId | None = None
    organization_id: ItemId | None = None
    wire_id: WireId | None = None
    sent_at: datetime | None = None
    status: MailStatus = MailStatus.QUEUED
    beside: tuple[MailStatus, ...] = ()
    """What else SES told that the status does not prove: delivered, though it bounced later."""
    revision: int = 0
    """How often the row was written since its claim: whoever comes second decides anew."""
    code: str | None = None
    is_duplicate: bool = False
    version: str | None = None
    """Which version of an A/B test it is."""
    flow_version: int | None = None
    machine_opened_at: datetime | None = None
    """When a program fetched it before anybody read it; that is no opening."""
    shares: tuple[str, ...] = ()
    """What it takes of the day's allowances; given back if it certainly did not go out."""

    def risen(self, status: MailStatus) -> "LedgerEntry":
        """Return the entry on at least this rung: never lower, and nothing is forgotten."""
        highest = max(self.status, status, key=RUNG.__getitem__)
        told = _rungs(status, (self.status, *self.beside))
        beside = tuple(sorted(told - proven_by(highest), key=RUNG.__getitem__))
        if (highest, beside) == (self.status, self.beside):
            return self
        return replace(self, status=highest, beside=beside)


def merged(known: LedgerEntry, ours: LedgerEntry) -> LedgerEntry:
    """Join what SES told meanwhile (`known`) with what a worker knows of its attempt (`ours`).

    A mail that SES says it sent was sent, whatever we believe; statuses only rise. Where SES told
    of another attempt before, two mails went out.
    """
    if known.state is SendState.SENT and known.wire_id not in {None, ours.wire_id}:
        return replace(known, is_duplicate=known.is_duplicate or ours.wire_id is not None)
    risen = ours.risen(known.status)
    for each in known.beside:
        risen = risen.risen(each)
    return replace(
        risen,
        is_duplicate=known.is_duplicate,
        machine_opened_at=known.machine_opened_at,
    )
