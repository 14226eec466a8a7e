"""How addresses that must not be mailed are shown."""

from typing import TypedDict

from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.entry.shapes.answers import Instant


class Suppression(TypedDict):
    """An address that must not be mailed, and why."""

    id: str
    address: str
    reason: SuppressionReason
    created_at: Instant
