"""How keys of day counters are spelled: mails sent, enrollments begun; and of the doors' pulses."""

from datetime import date
from typing import Final

from chalicelib.domain.ids import TenantId

PLACES: Final = "places#"


def budget(tenant_id: TenantId, scope: str) -> str:
    """Partition of the mails of one scope (`tenant`, `sender#<user>`), a row a day."""
    return f"t#{tenant_id}#budget#{scope}"


def on_day(day: date) -> str:
    """Sort key of one day."""
    return day.isoformat()


def places(day: date) -> str:
    """Sort key, in a sequence's partition, of the enrollments that begin on one day."""
    return f"{PLACES}{day.isoformat()}"


def door(name: str) -> str:
    """Partition of the pulse of one door; belongs to no tenant."""
    return f"door#{name}"
