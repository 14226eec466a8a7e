"""The row of a custom field, in its tenant's partition."""

from typing import Self

from pynamodb.attributes import (
    JSONAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)

from chalicelib.domain.crm.custom_fields import CustomField, FieldType
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row

FIELDS = "field#"


class CustomFieldRow(Row):
    """One field of the tenant's own."""

    kind = UnicodeAttribute()
    key = UnicodeAttribute()
    name = UnicodeAttribute()
    type = UnicodeAttribute()
    options = JSONAttribute(null=True)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, field: CustomField) -> Self:
        """Write the field down; without a version the row must not exist yet."""
        row = cls(
            keys.tenant(tenant_id),
            f"{FIELDS}{field.id}",
            kind=field.kind.value,
            key=field.key,
            name=field.name,
            type=field.type.value,
            options=list(field.options) or None,
            created_at=field.created_at,
            updated_at=field.updated_at,
        )
        if field.version:
            row.version = field.version
        return row

    def to_domain(self) -> CustomField:
        """Read the field."""
        return CustomField(
            kind=ItemKind(self.kind),
            key=self.key,
            name=self.name,
            type=FieldType(self.type),
            options=tuple(self.options or ()),
            created_at=self.created_at,
            updated_at=self.updated_at,
            version=int(self.version),
        )
