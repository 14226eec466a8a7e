"""The row of an e-mail template."""

from typing import Self

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.domain.crm.email_templates import EmailTemplate
from chalicelib.domain.ids import EmailTemplateId, TenantId, UserId
from chalicelib.storage import front_keys, keys
from chalicelib.storage.rows.base import Row


class EmailTemplateRow(Row):
    """A template, in a partition of its own."""

    template_id = UnicodeAttribute()
    name = UnicodeAttribute()
    language = UnicodeAttribute()
    subject = UnicodeAttribute()
    body = UnicodeAttribute()
    owner_id = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, template: EmailTemplate) -> Self:
        """Write it down; without a version the row must not exist yet."""
        row = cls(
            front_keys.email_template(tenant_id, template.id),
            keys.HEAD,
            list_pk=front_keys.email_templates_list(tenant_id),
            list_sk=template.id,
            template_id=template.id,
            name=template.name,
            language=template.language,
            subject=template.subject,
            body=template.body,
            owner_id=template.owner_id,
            created_at=template.created_at,
            updated_at=template.updated_at,
        )
        if template.version:
            row.version = template.version
        return row

    def to_domain(self) -> EmailTemplate:
        """Read it."""
        return EmailTemplate(
            id=EmailTemplateId(self.template_id),
            name=self.name,
            language=self.language,
            subject=self.subject,
            body=self.body,
            owner_id=UserId(self.owner_id),
            created_at=self.created_at,
            updated_at=self.updated_at,
            version=int(self.version),
        )
