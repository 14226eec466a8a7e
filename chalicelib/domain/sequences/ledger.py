"""What was sent, or may have been, at one step of one enrollment.

SES has no idempotency key, so the ledger is ours: a row says `sending` before the one call and what
became of it after. Word from SES only ever moves a row up (R17).
"""

from collections.abc import Mapping
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


def passed(before: str, after: str) -> list[MailStatus]:
    """Return the statuses gained between two: a click proves an opening, too."""
    old, new = RUNG[MailStatus(before)], RUNG[MailStatus(after)]
    if MailStatus(after) not in _LADDER:
        return [MailStatus(after)] if new > old else []
    return [status for status in _LADDER if old < RUNG[status] <= new]


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
        """Return the entry on at least this rung; never lower than it was."""
        return self if RUNG[status] <= RUNG[self.status] else replace(self, status=status)


def merged(known: LedgerEntry, ours: LedgerEntry) -> LedgerEntry:
    """Join what SES told meanwhile (`known`) with what a worker knows of its attempt (`ours`).

    A mail that SES says it sent was sent, whatever we believe; statuses only rise. Where SES told
    of another attempt before, two mails went out.
    """
    if known.state is SendState.SENT and known.wire_id not in {None, ours.wire_id}:
        return replace(known, is_duplicate=known.is_duplicate or ours.wire_id is not None)
    higher = max(known.status, ours.status, key=RUNG.__getitem__)
    return replace(
        ours,
        status=higher,
        is_duplicate=known.is_duplicate,
        machine_opened_at=known.machine_opened_at,
    )
