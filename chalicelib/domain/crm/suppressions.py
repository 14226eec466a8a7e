"""Addresses of a tenant that must not be mailed, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.ids import SuppressionId


class SuppressionReason(StrEnum):
    """Why an address must not be mailed."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One address that must not be mailed; the first reason stands."""

    id: SuppressionId
    address: str
    reason: SuppressionReason
    at: datetime
