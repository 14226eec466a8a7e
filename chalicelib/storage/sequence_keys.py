"""How keys within a sequence's partition are spelled: its state, its figures by scope."""

from datetime import date
from typing import Final

from chalicelib.domain.ids import SequenceId
from chalicelib.storage.spelling import digest

STATE: Final = "state"
GOING: Final = "going"
"""Sort key, in the tenant's partition, of the row that names the sequences which go."""
NEVER_HELD: Final = "-"
TOOK: Final = "figtook#"
_SHORT: Final = 12


def going(sequence_id: SequenceId) -> str:
    """Attribute of that row for one sequence: short, for up to 250 stand side by side."""
    return digest(sequence_id)[:_SHORT]


def figures_of_day(day: date, key: str) -> str:
    """Sort key of what happened at a step on one day."""
    return f"figday#{day}#{key}"


def figures_of_version(flow_version: int, key: str) -> str:
    """Sort key of what happened at a step of one flow version."""
    return f"figversion#{flow_version:06d}#{key}"


def took(key: str, bucket: int) -> str:
    """Sort key of how many left a step after about so long."""
    return f"{TOOK}{key}#{bucket:03d}"
