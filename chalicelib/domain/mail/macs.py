"""Short keyed codes for what travels in addresses, in letters that no mail client mangles."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

MacKeys = Sequence[tuple[str, bytes]]
"""(key id, key), newest first: the first signs, all verify, for ever."""

BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"
_BITS: Final = 5


def base32(octets: bytes, characters: int) -> str:
    """Spell the first bits of `octets` in lower-case base32, five a character."""
    number = int.from_bytes(octets)
    spare = len(octets) * 8 - characters * _BITS
    return "".join(
        BASE32[(number >> (spare + _BITS * place)) & 31] for place in range(characters - 1, -1, -1)
    )


def code(key: bytes, *, purpose: str, text: str, characters: int) -> str:
    """Return the code that only a holder of `key` can put behind `text`.

    The purpose is part of what is signed: a code made for one kind of address opens no other.
    """
    signed = f"{purpose}\x00{text}".encode()
    return base32(hmac.digest(key, signed, sha256), characters)


def is_code(claimed: str, keys: MacKeys, *, key_id: str, purpose: str, text: str) -> bool:
    """Tell whether `claimed` is the code of `text` under the key of that id."""
    return any(
        known == key_id
        and hmac.compare_digest(
            claimed.encode(),
            code(key, purpose=purpose, text=text, characters=len(claimed)).encode(),
        )
        for known, key in keys
    )
