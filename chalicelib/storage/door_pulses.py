"""Keeps when each door last took something from its queue, and how old that was; no tenant's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.storage import budget_keys, keys
from chalicelib.storage.rows.budgets import DoorRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPulse:
    """A sign of life: `lag` is how long what was taken had waited."""

    at: datetime
    lag: timedelta


def note(door: str, pulse: DoorPulse) -> None:
    """Write a sign of life over the one before."""
    lag_s = int(pulse.lag.total_seconds())
    row = DoorRow(pk=budget_keys.door(door), sk=keys.HEAD, at=pulse.at.isoformat(), lag_s=lag_s)
    row.save()


def latest(door: str) -> DoorPulse | None:
    """Return the last sign of life."""
    try:
        row = DoorRow.get(budget_keys.door(door), keys.HEAD)
    except DoorRow.DoesNotExist:
        return None
    return DoorPulse(at=datetime.fromisoformat(row.at), lag=timedelta(seconds=int(row.lag_s)))
