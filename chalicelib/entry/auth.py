"""Who is asking: an API token is found by the hash of its secret, and remembered for half a minute.

So a revoked token, a changed role or a suspended tenant takes effect within that time everywhere.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from chalicelib.domain.crm.features import require_feature
from chalicelib.domain.crm.settings import Feature
from chalicelib.domain.crm.tokens import Scope, ScopeMissingError
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import AuthError
from chalicelib.entry import wiring
from chalicelib.services.access import Opened, open_with

if TYPE_CHECKING:
    from chalice.app import Request

REMEMBERED_FOR: Final = timedelta(seconds=30)
MOST_REMEMBERED: Final = 1_000

FEATURE_BY_RESOURCE: Final[Mapping[str, Feature]] = {
    "sequences": Feature.SEQUENCES,
    "sequence-templates": Feature.SEQUENCES,
    "enrollments": Feature.SEQUENCES,
    "email-templates": Feature.EMAIL_TEMPLATES,
    "smart-bcc": Feature.SMART_BCC,
    "automations": Feature.AUTOMATIONS,
    "imports": Feature.IMPORTS,
    "webhooks": Feature.WEBHOOKS,
}
"""Which feature the doors of a resource belong to, by the first word of their path."""

_LONGEST_SECRET: Final = 200


def opened_for(sent: "Request", *, now: datetime) -> Opened:
    """Return what the sender's token opens, or refuse."""
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
    return known[1]


@cache
def opened_by_digest() -> dict[bytes, tuple[datetime, Opened]]:
    """Return what this process remembers: when it looked, and what it found."""
    return {}


def require_resource(method: str, path: str, opened: Opened) -> None:
    """Insist that the tenant has the feature a path belongs to."""
    feature = feature_of(method, path)
    if feature is not None:
        require_feature(feature, opened.lacks)


def feature_of(method: str, path: str) -> Feature | None:
    """Return the feature that a door belongs to; what there is may be read without it."""
    _, _, resource, *_ = (*path.split("/"), "", "")
    return None if scope_for(method) is Scope.READ else FEATURE_BY_RESOURCE.get(resource)


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
