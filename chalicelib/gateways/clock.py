"""Now, in UTC; the only reader of a clock.

On a laptop the clock can be ahead of the world: its lead stands in a file that all processes share.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The world's clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


class LeadingClock:
    """The world's clock plus a lead, in seconds, that stands in a file."""

    def __init__(self, lead_file: Path) -> None:
        """Read the lead from `lead_file` at every question; no file means no lead."""
        self._lead_file = lead_file

    def now(self) -> datetime:
        """Return the present instant plus the lead."""
        try:
            lead_s = float(self._lead_file.read_text())
        except FileNotFoundError:
            lead_s = 0.0
        return datetime.now(UTC) + timedelta(seconds=lead_s)
