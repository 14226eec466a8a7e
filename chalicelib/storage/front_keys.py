"""Keys of what stands beside items and sequences: e-mail templates, suppressions, permits."""

from chalicelib.domain.ids import ApiTokenId, EmailTemplateId, SuppressionId, TenantId


def email_template(tenant_id: TenantId, template_id: EmailTemplateId) -> str:
    """Partition of one e-mail template."""
    return f"t#{tenant_id}#email_template#{template_id}"


def email_templates_list(tenant_id: TenantId) -> str:
    """List partition of a tenant's e-mail templates."""
    return f"t#{tenant_id}#list#email_template"


def suppressed(tenant_id: TenantId, suppression_id: SuppressionId) -> str:
    """Partition of a suppressed address: the one of the address itself."""
    return f"t#{tenant_id}#address#{suppression_id}"


def suppressions_list(tenant_id: TenantId) -> str:
    """List partition of a tenant's suppressed addresses."""
    return f"t#{tenant_id}#list#suppression"


def permits(tenant_id: TenantId, token_id: ApiTokenId, window: int) -> str:
    """Partition of what one token has asked for in one window of time."""
    return f"t#{tenant_id}#permits#{token_id}#{window}"
