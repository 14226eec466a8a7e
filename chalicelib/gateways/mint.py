"""New identifiers and secrets; the only source of randomness."""

import secrets
from datetime import datetime
from typing import Final, Protocol

_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"


class Mint(Protocol):
    """Makes what nobody can guess."""

    def new_id(self, now: datetime) -> str:
        """Return 26 characters that sort by time."""
        ...

    def secret(self, characters: int) -> str:
        """Return random lower-case base32, five bits a character."""
        ...


class RandomMint:
    """Draws from the operating system."""

    def new_id(self, now: datetime) -> str:
        """Return a ULID in lower case: 48 bits of milliseconds, 80 bits of chance."""
        number = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
        return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))

    def secret(self, characters: int) -> str:
        """Return `characters` random letters of lower-case base32."""
        return "".join(secrets.choice(_BASE32) for _ in range(characters))
