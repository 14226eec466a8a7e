"""How names and instants are spelled in keys: short, sortable, and the same every time."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"


def digest(*parts: str) -> str:
    """Name something by its parts: 26 base32 characters, 130 bits."""
    number = int.from_bytes(sha256("\x00".join(parts).encode()).digest()[:17]) >> 6
    return "".join(_BASE32[(number >> shift) & 31] for shift in range(125, -1, -5))


def spread(of: str, shards: int) -> int:
    """Choose one of `shards` by hash: the same one every time."""
    return int.from_bytes(sha256(of.encode()).digest()[:4]) % shards


def instant(when: datetime) -> str:
    """Spell an instant so that texts sort as times do."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
