"""Who may come in: what an API token opens, and the making and ending of tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from chalicelib.domain.crm.features import Lack, lacks_of
from chalicelib.domain.crm.settings import Feature
from chalicelib.domain.crm.tokens import ApiToken, opened_by
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import AuthError, ForbiddenError
from chalicelib.domain.ids import TenantId
from chalicelib.storage.stores import Stores

_USED_TO_THE: Final = timedelta(hours=1)
"""How exactly the last use of a token is known; so it costs next to nothing."""


class FindsTokens(Protocol):
    """Finds a token before its tenant is known."""

    def find(self, secret: str) -> ApiToken | None:
        """Return the token with this secret."""
        ...

    def mark_used(self, secret: str, token: ApiToken, *, now: datetime) -> None:
        """Write down that it was used."""
        ...


class TenantSuspendedError(ForbiddenError):
    """The operator has closed this tenant."""

    code = "tenant_suspended"
    sentence = "This tenant is suspended; ask the operator of the service."


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a token opens, and until when."""

    caller: Caller
    expires_at: datetime | None
    lacks: Mapping[Feature, Lack]
    """The features that the tenant does not have, and why."""

    def is_expired(self, now: datetime) -> bool:
        """Whether the token has ended by `now`."""
        return self.expires_at is not None and self.expires_at <= now


def open_with(
    secret: str, *, now: datetime, tokens: FindsTokens, stores: Callable[[TenantId], Stores]
) -> Opened:
    """Return what `secret` opens; refuse an unknown, ended or orphaned one alike."""
    token = tokens.find(secret)
    if token is None or token.is_expired(now):
        raise AuthError
    kept = stores(token.tenant_id)
    user = kept.users.find(token.user_id)
    if user is None or not user.is_active:
        raise AuthError
    tenant = kept.tenant.get()
    if tenant.is_suspended:
        raise TenantSuspendedError
    if token.used_at is None or not token.used_at <= now < token.used_at + _USED_TO_THE:
        tokens.mark_used(secret, token, now=now)
    caller = Caller(
        tenant_id=token.tenant_id,
        user_id=user.id,
        role=user.role,
        token_id=token.id,
        scopes=opened_by(token.scopes),
    )
    return Opened(caller=caller, expires_at=token.expires_at, lacks=lacks_of(tenant))
