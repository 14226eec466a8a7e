"""Keeps what became of a tenant's mails by day, and whether that stopped its sending."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import TenantId
from chalicelib.domain.sequences.breaker import DAYS, Health
from chalicelib.domain.sequences.ledger import MailStatus
from chalicelib.storage import keys, reading
from chalicelib.storage.rows.breakers import BreakerRow, HealthRow
from chalicelib.storage.rows.figures import TalliedRow
from chalicelib.storage.transaction import Transaction

BROKEN: Final = "halted"
"""Sort key, in the tenant's partition: before those of halted sequences, where the gates read."""
_HEALTH: Final = "health#"
_REMEMBERED_FOR: Final = timedelta(days=7)
_ATTRIBUTE: Final = {
    MailStatus.SENT: HealthRow.sent,
    MailStatus.BOUNCED: HealthRow.bounced,
    MailStatus.COMPLAINED: HealthRow.complained,
}


class _ToldBeforeError(StateError):
    """The change was counted before, or the breaker is open."""

    sentence = "This was told before."


class BreakerStore:
    """The breaker of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def count(self, statuses: Collection[MailStatus], *, event_id: str, now: datetime) -> None:
        """Count what a mail became, once however often it is told."""
        marker = TalliedRow(
            pk=keys.tallied(self._tenant_id, f"health-{event_id}"),
            sk=keys.HEAD,
            expires_at=int((now + _REMEMBERED_FOR).timestamp()),
        )
        actions = [_ATTRIBUTE[each].add(1) for each in statuses]
        kept_until = datetime.combine(now.date(), time(), UTC) + 5 * _REMEMBERED_FOR
        row = HealthRow(pk=self._days(), sk=now.date().isoformat())
        try:
            with Transaction() as tx:
                tx.put(marker, TalliedRow.pk.does_not_exist(), refusal=_ToldBeforeError())
                expiry = HealthRow.expires_at.set(int(kept_until.timestamp()))
                tx.update(row, [*actions, expiry])
        except _ToldBeforeError:
            return

    def health(self, today: date) -> Health:
        """Return what became of the mails of the last days, today included."""
        since = (today - timedelta(days=DAYS - 1)).isoformat()
        raws = reading.between(self._days(), since, f"{today.isoformat()}~")
        rows = [HealthRow.from_raw_data(raw) for raw in raws]
        return Health(
            sent=sum(int(row.sent or 0) for row in rows),
            bounced=sum(int(row.bounced or 0) for row in rows),
            complained=sum(int(row.complained or 0) for row in rows),
        )

    def trip(self, why: str, now: datetime) -> bool:
        """Stop all sending; whether it was not stopped before: the first reason stands."""
        row = BreakerRow(keys.tenant(self._tenant_id), BROKEN, why=why, at=now.isoformat())
        try:
            with Transaction() as tx:
                # For its repetition after a lost answer, which tells again that it was not stopped.
                tx.put(row, BreakerRow.pk.does_not_exist(), refusal=_ToldBeforeError())
        except _ToldBeforeError:
            return False
        return True

    def mend(self, today: date) -> None:
        """Let mail leave again, and forget what became of mails up to today."""
        for raw in reading.between(self._days(), "0", f"{today.isoformat()}~"):
            HealthRow.from_raw_data(raw).delete()
        BreakerRow(keys.tenant(self._tenant_id), BROKEN).delete()

    def _days(self) -> str:
        return f"{keys.tenant(self._tenant_id)}#{_HEALTH}"
