"""Who is asking: an API token is found by the hash of its secret, and remembered for half a minute.

So a revoked token, a changed role or a suspended tenant takes effect within that time everywhere.
"""

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from chalicelib.domain.crm.tokens import Scope, ScopeMissingError
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import AuthError
from chalicelib.entry import wiring
from chalicelib.services.access import Opened, open_with

if TYPE_CHECKING:
    from chalice.app import Request

REMEMBERED_FOR: Final = timedelta(seconds=30)
MOST_REMEMBERED: Final = 1_000

_LONGEST_SECRET: Final = 200


def caller_of(sent: "Request", *, now: datetime) -> Caller:
    """Return who sent the request, or refuse."""
    secret = _secret(sent)
    digest = sha256(secret.encode()).digest()
    opened = opened_by_digest()
    known = opened.get(digest)
    if known is None or not known[0] <= now < known[0] + REMEMBERED_FOR:
        if len(opened) >= MOST_REMEMBERED:
            opened.clear()
        known = (now, open_with(secret, now=now, tokens=wiring.tokens(), stores=wiring.stores_for))
        opened[digest] = known
    if known[1].is_expired(now):
        raise AuthError
    return known[1].caller


@cache
def opened_by_digest() -> dict[bytes, tuple[datetime, Opened]]:
    """Return what this process remembers: when it looked, and what it found."""
    return {}


def scope_for(method: str) -> Scope:
    """Return the scope a method needs: reading changes nothing, all else writes."""
    return Scope.READ if method in {"GET", "HEAD", "OPTIONS"} else Scope.WRITE


def require_scope(caller: Caller, scope: str) -> None:
    """Insist on a scope of the caller's token."""
    if scope not in caller.scopes:
        raise ScopeMissingError(scope=scope)


def _secret(sent: "Request") -> str:
    scheme, _, bearer = (sent.headers.get("authorization") or "").partition(" ")
    given = bearer if scheme.lower() == "bearer" else sent.headers.get("x-api-token")
    secret = (given or "").strip()
    if not secret or len(secret) > _LONGEST_SECRET:
        raise AuthError
    return secret
