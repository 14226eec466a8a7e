"""How much mail is taken at once: by one address, by one tenant, from one correspondent.

What is beyond is parked, never dropped: a person releases it, or sees that a machine ran wild.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.domain.errors import DomainError


class FloodError(DomainError):
    """More mail at one address, or of one tenant, than people write."""

    code = "too_many_mails"
    sentence = "More mail came at once than is taken; it waits to be released."


class LoopError(DomainError):
    """One correspondent answers and answers: two machines are talking."""

    code = "mail_loop"
    sentence = "One correspondent sends mail after mail; it waits to be released."


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many mails within so long."""

    most: int
    within: timedelta


PER_ADDRESS: Final = Allowance(300, timedelta(minutes=10))
PER_TENANT: Final = Allowance(3_000, timedelta(minutes=10))
PER_CORRESPONDENT: Final = Allowance(20, timedelta(minutes=120))
"""Of answers only: a user copies us on as many mails as they write."""
