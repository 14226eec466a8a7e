"""Keeps e-mail templates."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from chalicelib.domain.crm.email_templates import EmailTemplate
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import EmailTemplateId, TenantId
from chalicelib.storage import front_keys, keys
from chalicelib.storage.listing import Listing, list_heads
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.email_templates import EmailTemplateRow
from chalicelib.storage.transaction import Transaction

_KIND = "e-mail template"
_FRESH_FOR_S: Final = 30
_PAGE: Final = 100
_MOST_PAGES: Final = 5


class EmailTemplateStore:
    """The e-mail templates of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def get(self, template_id: EmailTemplateId) -> EmailTemplate:
        """Return one template."""
        template = self.find(template_id)
        if template is None:
            raise MissingError(kind=_KIND, id=template_id)
        return template

    def find(self, template_id: EmailTemplateId) -> EmailTemplate | None:
        """Return one template, if there is such."""
        pk = front_keys.email_template(self._tenant_id, template_id)
        try:
            return EmailTemplateRow.get(pk, keys.HEAD, consistent_read=True).to_domain()
        except EmailTemplateRow.DoesNotExist:
            return None

    def names(self, now: datetime) -> tuple[tuple[EmailTemplateId, str, str], ...]:
        """Return ids, names and languages, read once in half a minute."""
        return _names(Row.Meta.table_name, self._tenant_id, int(now.timestamp()) // _FRESH_FOR_S)

    def list_page(
        self, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[EmailTemplate]:
        """Return templates, oldest first."""
        return list_heads(
            EmailTemplateRow,
            [front_keys.email_templates_list(self._tenant_id)],
            limit=limit,
            cursor=cursor,
            read=EmailTemplateRow.to_domain,
        )

    def save(self, template: EmailTemplate) -> EmailTemplate:
        """Write if nobody has written since `template` was read; audited."""
        row = EmailTemplateRow.from_domain(self._tenant_id, template)
        with Transaction() as tx:
            tx.put(row, refusal=StaleWriteError(kind=_KIND, id=template.id))
        return msgspec.structs.replace(template, version=template.version + 1)

    def remove(self, template: EmailTemplate) -> None:
        """Remove if nobody has written since `template` was read; audited."""
        row = EmailTemplateRow.from_domain(self._tenant_id, template)
        with Transaction() as tx:
            tx.delete(row, refusal=StaleWriteError(kind=_KIND, id=template.id))


@lru_cache(maxsize=64)
def _names(
    _table: str, tenant_id: TenantId, _half_minute: int
) -> tuple[tuple[EmailTemplateId, str, str], ...]:
    """Read the newest list; `_table` tells one test's table from another's, the other ages."""
    store, found, cursor = EmailTemplateStore(tenant_id), list[EmailTemplate](), None
    for _ in range(_MOST_PAGES):
        listing = store.list_page(limit=_PAGE, cursor=cursor)
        found += listing.rows
        cursor = listing.cursor
        if cursor is None:
            break
    return tuple((each.id, each.name, each.language) for each in found)
