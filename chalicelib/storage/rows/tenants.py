"""The rows of a tenant's own partition: the tenant and its API tokens."""

from typing import Self

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.domain.crm.tokens import ApiToken, Scope
from chalicelib.domain.crm.users import Plan, Tenant
from chalicelib.domain.ids import ApiTokenId, TenantId, UserId
from chalicelib.storage import keys, tenant_keys
from chalicelib.storage.rows.base import Row


class TenantRow(Row):
    """The tenant itself."""

    tenant_id = UnicodeAttribute()
    name = UnicodeAttribute()
    is_sending = BooleanAttribute()
    is_suspended = BooleanAttribute()
    plan = UnicodeAttribute(null=True)
    settings = JSONAttribute()
    created_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def from_domain(cls, tenant: Tenant) -> Self:
        """Write the tenant down; without a version the row must not exist yet."""
        row = cls(
            keys.tenant(tenant.id),
            keys.HEAD,
            tenant_id=tenant.id,
            name=tenant.name,
            is_sending=tenant.is_sending,
            is_suspended=tenant.is_suspended,
            plan=tenant.plan.value,
            settings=dict(tenant.settings),
            created_at=tenant.created_at,
            list_pk=tenant_keys.TENANTS,
            list_sk=tenant.id,
        )
        if tenant.version:
            row.version = tenant.version
        return row

    def to_domain(self) -> Tenant:
        """Read the tenant."""
        return Tenant(
            id=TenantId(self.tenant_id),
            name=self.name,
            is_sending=self.is_sending,
            is_suspended=self.is_suspended,
            plan=Plan(self.plan or Plan.GROWTH),
            settings=self.settings,
            created_at=self.created_at,
            version=int(self.version),
        )


class TokenRow(Row):
    """An API token: once under its secret's hash, to be found; once at its tenant, to be listed.

    The second one keeps the key of the first in `found_at`, so that ending a token removes both.
    """

    tenant_id = UnicodeAttribute()
    token_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    name = UnicodeAttribute()
    scopes = JSONAttribute()
    created_at = UTCDateTimeAttribute()
    valid_until = UTCDateTimeAttribute(null=True)
    found_at = UnicodeAttribute(null=True)
    used_at = UTCDateTimeAttribute(null=True)

    @classmethod
    def from_domain(cls, token: ApiToken, pk: str, sk: str) -> Self:
        """Write the token down at one of its two places."""
        return cls(
            pk,
            sk,
            tenant_id=token.tenant_id,
            token_id=token.id,
            user_id=token.user_id,
            name=token.name,
            scopes=sorted(token.scopes),
            created_at=token.created_at,
            valid_until=token.expires_at,
        )

    def to_domain(self) -> ApiToken:
        """Read the token."""
        return ApiToken(
            id=ApiTokenId(self.token_id),
            tenant_id=TenantId(self.tenant_id),
            user_id=UserId(self.user_id),
            name=self.name,
            scopes=frozenset(Scope(scope) for scope in self.scopes),
            created_at=self.created_at,
            expires_at=self.valid_until,
            used_at=self.used_at,
        )
