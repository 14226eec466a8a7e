"""How keys of automations and of what they did are spelled."""

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import AutomationId, TenantId


def automations(tenant_id: TenantId) -> str:
    """Partition of a tenant's automations: few, and read together for every change of an item."""
    return f"t#{tenant_id}#automations"


def runs(tenant_id: TenantId, automation_id: AutomationId) -> str:
    """Partition of what one automation did, item by item."""
    return f"t#{tenant_id}#automation#{automation_id}"


def run(item: ItemRef) -> str:
    """Sort key of what an automation did last with an item."""
    return f"{item.kind}#{item.id}"
