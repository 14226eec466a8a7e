"""What was amiss with a mail, noted while it is read; reading itself never fails."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Defects:
    """Notes defects, each once, in the order in which they were met."""

    def __init__(self) -> None:
        """Begin with nothing amiss."""
        self._notes: dict[str, None] = {}

    def note(self, name: str) -> None:
        """Remember that `name` was amiss."""
        self._notes[name] = None

    def guard(self, name: str, read: Callable[[], T], *, otherwise: T) -> T:
        """Return what `read` returns, or `otherwise` and a note if it raises.

        Our readers are total by construction; this is for the day on which one is not. A mail with
        a defect can be repaired, a mail that stopped the door is lost.
        """
        try:
            return read()
        except Exception:  # noqa: BLE001 - whatever a stranger's bytes do to us, the mail is kept
            self.note(name)
            return otherwise

    @property
    def names(self) -> tuple[str, ...]:
        """What was noted."""
        return tuple(self._notes)
