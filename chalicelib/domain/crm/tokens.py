"""An API token: whom it opens doors for, and which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.errors import ForbiddenError
from chalicelib.domain.ids import ApiTokenId, TenantId, UserId


class Scope(StrEnum):
    """What a token may do, whatever its user's role allows beyond."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


OPENS: Final[Mapping[Scope, frozenset[Scope]]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.WRITE: frozenset({Scope.READ, Scope.WRITE}),
    Scope.ADMIN: frozenset(Scope),
}
"""Each scope includes the ones below it."""


class ScopeMissingError(ForbiddenError):
    """The token is good, but not for this."""

    code = "scope_missing"
    sentence = "This token lacks the scope `{scope}`; use or make one that has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """What is kept of a token; its secret is not, only the secret's hash."""

    id: ApiTokenId
    tenant_id: TenantId
    user_id: UserId
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    """When it was last used, to the hour."""

    def is_expired(self, now: datetime) -> bool:
        """Whether the token has ended by `now`."""
        return self.expires_at is not None and self.expires_at <= now


def opened_by(scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Return every scope that these include."""
    return frozenset(opened for scope in scopes for opened in OPENS[scope])
