"""When a mail that may have gone out may go out again without asking anybody (R2).

Silence alone is not evidence. But where word of later mails has come in meanwhile, nothing waits
unread and nothing was given up, the word of this mail would be here if there were any.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.crm.settings import UnknownSendPolicy
from chalicelib.domain.sequences.ledger import LedgerEntry

MOST_ATTEMPTS: Final = 3
"""A mail that stays unknown however often it is sent needs a person."""
FRESH_FOR: Final = timedelta(minutes=1)
"""How long word from SES may have waited where its feedback counts as alive."""
GIVEN_UP: Final = "unanswered"
"""The code of an attempt of which no word came though all other word did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """How the way by which word from SES comes stands now.

    `mailed_at` is when the latest mail was taken by SES of whose sending word has come in;
    `pulse_at` and `lag` are the door's last sign of life.
    """

    mailed_at: datetime | None
    waiting: int
    given_up: int
    pulse_at: datetime | None
    lag: timedelta

    def is_alive(self, since: datetime, now: datetime) -> bool:
        """Whether word of a mail that left by `since` would have come in."""
        if self.mailed_at is None or self.mailed_at <= since or self.given_up:
            return False
        if self.waiting == 0:
            return True
        is_awake = self.pulse_at is not None and now - self.pulse_at <= FRESH_FOR
        return is_awake and self.lag < FRESH_FOR


def may_send_again(
    entry: LedgerEntry, policy: UnknownSendPolicy, feedback: Feedback, now: datetime
) -> bool:
    """Whether the tenant wants it, and no word means that it was not sent."""
    if policy is not UnknownSendPolicy.RESEND or entry.attempt >= MOST_ATTEMPTS:
        return False
    return feedback.is_alive(entry.lease_until, now)
