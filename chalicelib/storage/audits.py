"""Keeps the audit: who changed what, newest first; it is written by `auditing`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.crm.audits import AuditEntry
from chalicelib.domain.ids import TenantId, UserId
from chalicelib.storage import reading, spelling
from chalicelib.storage.audit_keys import audit_list, audited
from chalicelib.storage.listing import MOST_LOOKS, Listing
from chalicelib.storage.rows.audits import AuditRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries somebody wants to see."""

    kind: str | None = None
    of: str | None = None
    by: UserId | None = None
    since: datetime | None = None

    def takes(self, entry: AuditEntry) -> bool:
        """Whether the entry is wanted; `since` is asked of the table itself."""
        return (
            self.kind in {None, entry.kind}
            and self.of in {None, entry.of}
            and self.by in {None, entry.by}
        )


class AuditStore:
    """The audit of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def list_page(
        self, wanted: AuditFilter, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[AuditEntry]:
        """Return entries, newest first; of one thing they lie together."""
        low = spelling.instant(wanted.since) if wanted.since else ""
        if wanted.kind is not None and wanted.of is not None:
            return self._of_one(wanted, low, limit=limit, cursor=cursor)
        kept: list[AuditEntry] = []
        at = None if cursor is None else {name: str(where) for name, where in cursor.items()}
        for _ in range(MOST_LOOKS):
            places, at = reading.listed(
                [audit_list(self._tenant_id)],
                limit=limit - len(kept),
                cursor=at,
                low=low,
                is_newest_first=True,
            )
            found = [AuditRow.from_raw_data(raw).to_domain() for raw in reading.many(places)]
            kept.extend(entry for entry in found if wanted.takes(entry))
            if at is None or len(kept) == limit:
                break
        return Listing(rows=kept, cursor=at)

    def _of_one(
        self, wanted: AuditFilter, low: str, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[AuditEntry]:
        pk = audited(self._tenant_id, str(wanted.kind), str(wanted.of))
        before = f"{cursor['before']}" if cursor else "~"
        if low > before:
            return Listing(rows=[], cursor=None)
        rows = AuditRow.query(
            pk,
            AuditRow.sk.between(low or "0", before),
            scan_index_forward=False,
            consistent_read=True,
        )
        kept: list[AuditEntry] = []
        for row in rows:
            entry = row.to_domain()
            if entry.id == before or not wanted.takes(entry):
                continue
            if len(kept) == limit:
                return Listing(rows=kept, cursor={"before": kept[-1].id})
            kept.append(entry)
        return Listing(rows=kept, cursor=None)
