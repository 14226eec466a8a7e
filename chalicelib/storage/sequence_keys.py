"""How keys within a sequence's partition are spelled: what those inside must heed."""

from typing import Final

STATE: Final = "state"
