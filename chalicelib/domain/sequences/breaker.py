"""When a tenant's mail does so badly that no more of it may leave (R47).

SES reviews an account at 5 % bounces or 0.1 % complaints, whoever of its tenants caused them; ours
stops the one tenant before that. Small numbers prove nothing.
"""

from dataclasses import dataclass
from typing import Final

DAYS: Final = 7
LEAST_SENT: Final = 1_000
LEAST_BOUNCED: Final = 20
LEAST_COMPLAINED: Final = 3
_MOST_BOUNCED: Final = 0.04
_MOST_COMPLAINED: Final = 0.000_8


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What became of the mails of some days."""

    sent: int = 0
    bounced: int = 0
    complained: int = 0


def fault_of(health: Health) -> str | None:
    """Say why sending must stop, or None."""
    if health.sent < LEAST_SENT:
        return None
    told = f"of {health.sent} mails in {DAYS} days"
    if health.bounced >= max(LEAST_BOUNCED, _MOST_BOUNCED * health.sent):
        return f"{health.bounced} {told} bounced ({health.bounced / health.sent:.1%})"
    if health.complained >= max(LEAST_COMPLAINED, _MOST_COMPLAINED * health.sent):
        share = health.complained / health.sent
        return f"{health.complained} {told} were called spam ({share:.2%})"
    return None
