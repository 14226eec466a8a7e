"""Where a list goes on: opaque, signed, and good for one tenant's one list only."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import msgspec

from chalicelib.domain.errors import MalformedError

Keys = tuple[tuple[str, bytes], ...]

_MAC_BYTES: Final = 16


def write_cursor(position: Mapping[str, object], *, scope: str, keys: Keys) -> str:
    """Seal `position`; `scope` names tenant and list."""
    key_id, key = keys[0]
    payload = key_id.encode() + msgspec.json.encode(position)
    return urlsafe_b64encode(_mac(payload, scope, key) + payload).rstrip(b"=").decode()


def read_cursor(text: str, *, scope: str, keys: Keys) -> dict[str, object]:
    """Open a cursor that `write_cursor` sealed for the same scope; refuse any other."""
    sealed = _decode(text)
    mac, payload = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
    key = dict(keys).get(payload[:1].decode("latin-1"))
    if key is None or not hmac.compare_digest(mac, _mac(payload, scope, key)):
        raise _not_ours()
    return msgspec.json.decode(payload[1:], type=dict[str, object])


def _decode(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except ValueError:
        raise _not_ours() from None


def _mac(payload: bytes, scope: str, key: bytes) -> bytes:
    message = b"\x00".join((b"cursor", scope.encode(), payload))
    return hmac.digest(key, message, sha256)[:_MAC_BYTES]


def _not_ours() -> MalformedError:
    return MalformedError(reason="the cursor is not one that this list gave; start without one")
