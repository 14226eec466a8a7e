"""Keeps API tokens: their hash, never their secret."""

from contextlib import suppress
from datetime import datetime

from chalicelib.domain.crm.tokens import ApiToken
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import ApiTokenId, TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.tenants import TokenRow
from chalicelib.storage.transaction import Transaction


class TokenDirectory:
    """Finds a token before its tenant is known: the one look-up that belongs to no tenant."""

    def find(self, secret: str) -> ApiToken | None:
        """Return the token with this secret."""
        try:
            row = TokenRow.get(keys.api_token(secret), keys.HEAD)
        except TokenRow.DoesNotExist:
            return None
        return row.to_domain()

    def mark_used(self, secret: str, token: ApiToken, *, now: datetime) -> None:
        """Write down that a token was used, where it is found and where it is listed."""
        places = (
            (keys.api_token(secret), keys.HEAD),
            (keys.tenant(token.tenant_id), keys.token(token.id)),
        )
        for pk, sk in places:
            # A token that has ended meanwhile must not rise again.
            with suppress(StaleWriteError), Transaction() as tx:
                tx.update(TokenRow(pk, sk), [TokenRow.used_at.set(now)], TokenRow.pk.exists())


class TokenStore:
    """The API tokens of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._pk = keys.tenant(tenant_id)

    def get(self, token_id: ApiTokenId) -> ApiToken:
        """Return one token."""
        return self._row(token_id).to_domain()

    def list_all(self) -> list[ApiToken]:
        """Return every token of the tenant, oldest first; there are few."""
        rows = TokenRow.query(self._pk, TokenRow.sk.startswith(keys.TOKENS), consistent_read=True)
        return sorted((row.to_domain() for row in rows), key=lambda token: token.created_at)

    def add(self, token: ApiToken, *, secret: str) -> None:
        """Keep a new token under the hash of `secret`."""
        found_at = keys.api_token(secret)
        listed = TokenRow.from_domain(token, self._pk, keys.token(token.id))
        listed.found_at = found_at
        with Transaction() as tx:
            tx.put(TokenRow.from_domain(token, found_at, keys.HEAD), TokenRow.pk.does_not_exist())
            tx.put(listed, TokenRow.pk.does_not_exist())

    def remove(self, token_id: ApiTokenId) -> None:
        """End a token; it opens nothing as soon as no process remembers it (30 s)."""
        row = self._row(token_id)
        with Transaction() as tx:
            tx.delete(TokenRow(row.found_at, keys.HEAD))
            tx.delete(row)

    def _row(self, token_id: ApiTokenId) -> TokenRow:
        try:
            return TokenRow.get(self._pk, keys.token(token_id), consistent_read=True)
        except TokenRow.DoesNotExist:
            raise MissingError(kind="token", id=token_id) from None
