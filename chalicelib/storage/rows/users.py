"""The rows of users: the user, and one row for each address of theirs."""

from typing import Self

import msgspec
from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.domain.crm.users import Role, User
from chalicelib.domain.crm.working_time import TimeOff, WorkingHours
from chalicelib.domain.ids import TenantId, UserId
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row


class UserRow(Row):
    """A user, in a partition of their own."""

    user_id = UnicodeAttribute()
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    business_unit = UnicodeAttribute(null=True)
    time_zone = UnicodeAttribute()
    country = UnicodeAttribute(null=True)
    working_hours = JSONAttribute(null=True)
    time_off = JSONAttribute(null=True)
    signature = UnicodeAttribute()
    link_emails = BooleanAttribute()
    is_active = BooleanAttribute()
    confirmed_addresses = JSONAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, user: User) -> Self:
        """Write the user down; without a version the row must not exist yet."""
        row = cls(
            keys.user(tenant_id, user.id),
            keys.HEAD,
            list_pk=keys.users_list(tenant_id),
            list_sk=user.id,
            user_id=user.id,
            name=user.name,
            email=user.email,
            role=user.role.value,
            business_unit=user.business_unit,
            time_zone=user.time_zone,
            country=user.country,
            working_hours=msgspec.to_builtins(user.working_hours),
            time_off=msgspec.to_builtins(user.time_off) or None,
            signature=user.signature,
            link_emails=user.link_emails,
            is_active=user.is_active,
            confirmed_addresses=list(user.confirmed_addresses),
            created_at=user.created_at,
            updated_at=user.updated_at,
        )
        if user.version:
            row.version = user.version
        return row

    def to_domain(self) -> User:
        """Read the user."""
        return User(
            id=UserId(self.user_id),
            name=self.name,
            email=self.email,
            role=Role(self.role),
            business_unit=self.business_unit,
            time_zone=self.time_zone,
            country=self.country,
            working_hours=msgspec.convert(self.working_hours, WorkingHours | None),
            time_off=msgspec.convert(self.time_off or (), tuple[TimeOff, ...]),
            signature=self.signature,
            link_emails=self.link_emails,
            is_active=self.is_active,
            confirmed_addresses=tuple(self.confirmed_addresses),
            created_at=self.created_at,
            updated_at=self.updated_at,
            version=int(self.version),
        )


class UserAddressRow(Row):
    """Whose address it is; one user per address, so that mail has one owner."""

    user_id = UnicodeAttribute()
