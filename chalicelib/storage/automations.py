"""Keeps automations, and what they did last with each item."""

from collections.abc import Mapping

import msgspec

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import AutomationId, TenantId
from chalicelib.domain.sequences.automations import Automation, Run
from chalicelib.storage import automation_keys, reading
from chalicelib.storage.listing import Listing
from chalicelib.storage.rows.automations import AutomationRow, RunRow
from chalicelib.storage.transaction import Transaction

_KIND = "automation"


class AutomationStore:
    """The automations of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def all(self) -> list[Automation]:
        """Return every automation, oldest first."""
        raws = reading.between(automation_keys.automations(self._tenant_id), " ", "~")
        return [AutomationRow.from_raw_data(raw).to_domain() for raw in raws]

    def get(self, automation_id: AutomationId) -> Automation:
        """Return one automation; raises MissingError."""
        pk = automation_keys.automations(self._tenant_id)
        try:
            return AutomationRow.get(pk, automation_id, consistent_read=True).to_domain()
        except AutomationRow.DoesNotExist:
            raise MissingError(kind=_KIND, id=automation_id) from None

    def save(self, automation: Automation) -> Automation:
        """Write if nobody has written since it was read.

        In a transaction, for its repetition after a lost answer knows that it happened.
        """
        row = AutomationRow.from_domain(self._tenant_id, automation)
        with Transaction() as tx:
            tx.put(row, refusal=StaleWriteError(kind=_KIND, id=automation.id))
        return msgspec.structs.replace(automation, version=int(row.version))

    def remove(self, automation: Automation) -> None:
        """Remove if nobody has written since it was read."""
        row = AutomationRow.from_domain(self._tenant_id, automation)
        is_unmoved = AutomationRow.version == automation.version
        with Transaction() as tx:
            tx.delete(row, is_unmoved, refusal=StaleWriteError(kind=_KIND, id=automation.id))

    def last_run(self, automation_id: AutomationId, item: ItemRef) -> Run | None:
        """Return what an automation did last with an item."""
        pk = automation_keys.runs(self._tenant_id, automation_id)
        try:
            return RunRow.get(pk, automation_keys.run(item), consistent_read=True).to_domain()
        except RunRow.DoesNotExist:
            return None

    def note(
        self, tx: Transaction, automation_id: AutomationId, run: Run, *, before: Run | None
    ) -> None:
        """Add what an automation does now; StaleWriteError if another has done it meanwhile."""
        row = RunRow.from_domain(self._tenant_id, automation_id, run)
        is_first = RunRow.pk.does_not_exist()
        is_unmoved = is_first if before is None else RunRow.event_id == before.event_id
        tx.put(row, is_unmoved, refusal=StaleWriteError(kind=_KIND, id=automation_id))

    def runs(
        self, automation_id: AutomationId, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[Run]:
        """Return what an automation did last with each item, by item."""
        pk = automation_keys.runs(self._tenant_id, automation_id)
        after = "" if cursor is None else str(cursor.get("after", ""))
        raws = reading.first(pk, after=after, limit=limit + 1)
        rows = [RunRow.from_raw_data(raw) for raw in raws[:limit]]
        more = {"after": rows[-1].sk} if len(raws) > limit else None
        return Listing(rows=[row.to_domain() for row in rows], cursor=more)
