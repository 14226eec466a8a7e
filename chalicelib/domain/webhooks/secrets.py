"""A webhook's secret: how it is sealed for keeping, and how it signs.

Sealed with a key that is derived from the deployment's MAC keys: the secret is hidden under a pad
that HMAC-SHA256 draws from a nonce used once, and a tag proves that nobody changed it, or moved it
to another webhook (docs/decisions/0075).
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Final

from chalicelib.domain.errors import DomainError

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_CHARACTERS: Final = 48
"""Of base32: 240 bits."""
NONCE_CHARACTERS: Final = 26
"""Of base32: 130 bits, so that none comes twice."""

Keys = tuple[tuple[str, bytes], ...]
"""(key id, key), newest first: the first seals, all open."""

_TAG_BYTES: Final = 16


class SealBrokenError(DomainError):
    """A sealed secret was changed, moved, or its key is gone."""

    code = "seal_broken"
    sentence = "The secret of this webhook cannot be opened; delete the webhook and make another."


def seal(secret: str, *, of: str, nonce: str, keys: Keys) -> str:
    """Hide `secret` for keeping; `of` is what it belongs to and opens for."""
    key_id, key = keys[0]
    hidden = _padded(secret.encode(), nonce, key)
    tag = _tag(key, key_id, nonce, of, hidden)
    return f"{key_id}.{nonce}.{urlsafe_b64encode(hidden + tag).decode()}"


def open_sealed(sealed: str, *, of: str, keys: Keys) -> str:
    """Return the secret; raises SealBrokenError."""
    key_id, _, rest = sealed.partition(".")
    nonce, _, text = rest.partition(".")
    key = dict(keys).get(key_id)
    if key is None:
        raise SealBrokenError
    raw = urlsafe_b64decode(text)
    hidden, tag = raw[:-_TAG_BYTES], raw[-_TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(key, key_id, nonce, of, hidden)):
        raise SealBrokenError
    return _padded(hidden, nonce, key).decode()


def signature(secret: str, body: str, *, at: int) -> str:
    """Return the header `sekvens-signature`; `at` in epoch seconds of the world's clock."""
    signed = f"{at}.{body}".encode()
    return f"t={at},v1={hmac.new(secret.encode(), signed, sha256).hexdigest()}"


def _padded(text: bytes, nonce: str, key: bytes) -> bytes:
    """Hide or show: the pad is as long as the text."""
    ours = _derived(key, "pad")
    blocks = range(-(-len(text) // sha256().digest_size))
    pad = b"".join(hmac.digest(ours, f"{nonce}.{block}".encode(), "sha256") for block in blocks)
    return bytes(one ^ other for one, other in zip(text, pad, strict=False))


def _tag(key: bytes, key_id: str, nonce: str, of: str, hidden: bytes) -> bytes:
    told = f"{key_id}.{nonce}.{of}.".encode() + hidden
    return hmac.digest(_derived(key, "tag"), told, "sha256")[:_TAG_BYTES]


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"webhook-secret-{purpose}".encode(), "sha256")
