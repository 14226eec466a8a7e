"""How many signals of one kind an enrollment remembers.

Conditions ask whether something came, and when first; never how often. So of the same kind of
signal about the same mail the first is kept, with the latest; what lies between may go.
"""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.ids import SignalId
from chalicelib.domain.sequences.signals import Heard, Stopped

MOST_ALIKE: Final = 20
"""More than this many answers to one mail tell nothing that fewer do not."""


def superfluous(heard: Sequence[Heard], new: Heard | Stopped) -> SignalId | None:
    """Return which signal may be forgotten when `new` is stored, if there are too many like it."""
    if isinstance(new, Stopped):
        return None
    alike = sorted((each for each in heard if _kind(each) == _kind(new)), key=lambda one: one.at)
    return alike[1].id if len(alike) >= MOST_ALIKE else None


def _kind(signal: Heard) -> tuple[object, ...]:
    return signal.event, signal.step_id, signal.is_proven, signal.is_machine
