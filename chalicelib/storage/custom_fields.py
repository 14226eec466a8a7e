"""Keeps the tenant's own fields; there are few, so one query reads those of a kind."""

from dataclasses import replace

from chalicelib.domain.crm.custom_fields import CustomField
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.custom_fields import FIELDS, CustomFieldRow
from chalicelib.storage.transaction import Transaction


class CustomFieldStore:
    """The custom fields of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def of(self, kind: ItemKind | None = None) -> list[CustomField]:
        """Return the fields of a kind, or of all kinds, by their keys."""
        prefix = FIELDS if kind is None else f"{FIELDS}{kind}."
        rows = CustomFieldRow.query(
            keys.tenant(self._tenant_id),
            CustomFieldRow.sk.startswith(prefix),
            consistent_read=True,
        )
        return [row.to_domain() for row in rows]

    def get(self, field_id: str) -> CustomField:
        """Return one field."""
        pk = keys.tenant(self._tenant_id)
        try:
            row = CustomFieldRow.get(pk, f"{FIELDS}{field_id}", consistent_read=True)
        except CustomFieldRow.DoesNotExist:
            raise MissingError(kind="custom_field", id=field_id) from None
        return row.to_domain()

    def save(self, field: CustomField) -> CustomField:
        """Write if nobody has written since `field` was read."""
        with Transaction() as tx:
            row = CustomFieldRow.from_domain(self._tenant_id, field)
            tx.put(row, refusal=StaleWriteError(kind="custom_field", id=field.id))
        return replace(field, version=field.version + 1)

    def delete(self, field: CustomField) -> None:
        """Forget a field, unless somebody has written it since it was read."""
        with Transaction() as tx:
            row = CustomFieldRow.from_domain(self._tenant_id, field)
            tx.delete(row, refusal=StaleWriteError(kind="custom_field", id=field.id))
