"""Keeps a tenant's own sequence templates."""

import zlib
from collections.abc import Callable, Mapping
from typing import Self

import msgspec
from pynamodb.attributes import (
    BinaryAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import TenantId, UserId
from chalicelib.domain.sequences.own_templates import OwnTemplate
from chalicelib.storage import keys
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.sequences import packed
from chalicelib.storage.transaction import Transaction

_KIND = "sequence template"


class OwnTemplateRow(Row):
    """A template, in a partition of its own."""

    name = UnicodeAttribute()
    item_kind = UnicodeAttribute()
    flow = BinaryAttribute(legacy_encoding=False)
    owner_id = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    version = NumberAttribute()

    @classmethod
    def of(cls, tenant_id: TenantId, it: OwnTemplate) -> Self:
        """Spell the row of its next version."""
        return cls(
            _partition(tenant_id, it.key),
            keys.HEAD,
            list_pk=f"t#{tenant_id}#list#sequence_template",
            list_sk=it.key,
            name=it.name,
            item_kind=it.item_kind.value,
            flow=packed(msgspec.json.encode(it.flow)),
            owner_id=it.owner_id,
            created_at=it.created_at,
            updated_at=it.updated_at,
            version=it.version + 1,
        )

    def to_domain(self) -> OwnTemplate:
        """Read it back."""
        return OwnTemplate(
            key=self.pk.rsplit("#", 1)[-1],
            name=self.name,
            item_kind=ItemKind(self.item_kind),
            flow=msgspec.json.decode(zlib.decompress(self.flow), type=dict[str, object]),
            owner_id=UserId(self.owner_id),
            created_at=self.created_at,
            updated_at=self.updated_at,
            version=int(self.version),
        )


class OwnTemplateStore:
    """The sequence templates of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def find(self, key: str) -> OwnTemplate | None:
        """Return one template, if there is such."""
        try:
            row = OwnTemplateRow.get(
                _partition(self._tenant_id, key), keys.HEAD, consistent_read=True
            )
        except OwnTemplateRow.DoesNotExist:
            return None
        return row.to_domain()

    def get(self, key: str) -> OwnTemplate:
        """Return one template."""
        template = self.find(key)
        if template is None:
            raise MissingError(kind=_KIND, id=key)
        return template

    def list_page(
        self,
        *,
        limit: int,
        cursor: Mapping[str, object] | None,
        keep: Callable[[OwnTemplate], bool] = lambda _: True,
    ) -> Listing[OwnTemplate]:
        """Return templates that `keep` likes, oldest first."""
        return list_heads(
            OwnTemplateRow,
            [f"t#{self._tenant_id}#list#sequence_template"],
            limit=limit,
            cursor=cursor,
            read=OwnTemplateRow.to_domain,
            keep=keep,
        )

    def save(self, template: OwnTemplate) -> OwnTemplate:
        """Write if nobody has written since `template` was read."""
        is_new = template.version == 0
        unchanged = OwnTemplateRow.version == template.version
        with Transaction() as tx:
            tx.put(
                OwnTemplateRow.of(self._tenant_id, template),
                OwnTemplateRow.pk.does_not_exist() if is_new else unchanged,
                refusal=StaleWriteError(kind=_KIND, id=template.key),
            )
        return msgspec.structs.replace(template, version=template.version + 1)

    def remove(self, template: OwnTemplate) -> None:
        """Forget a template, unless somebody has written it since it was read."""
        with Transaction() as tx:
            tx.delete(
                OwnTemplateRow.of(self._tenant_id, template),
                OwnTemplateRow.version == template.version,
                refusal=StaleWriteError(kind=_KIND, id=template.key),
            )


def _partition(tenant_id: TenantId, key: str) -> str:
    return f"t#{tenant_id}#sequence_template#{key}"
