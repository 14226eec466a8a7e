"""Counts what becomes of a tenant's mails, and stops its sending before SES stops everybody's."""

from collections.abc import Collection
from typing import Final

from chalicelib.domain.sequences import breaker
from chalicelib.domain.sequences.ledger import MailStatus
from chalicelib.services.decisions import Bench
from chalicelib.storage.breakers import BreakerStore

_COUNTED: Final = frozenset({MailStatus.SENT, MailStatus.BOUNCED, MailStatus.COMPLAINED})
_BAD: Final = frozenset({MailStatus.BOUNCED, MailStatus.COMPLAINED})


def count(statuses: Collection[MailStatus], *, event_id: str, bench: Bench) -> bool:
    """Count a mail's new statuses once, and say whether that stopped the tenant's sending."""
    counted = _COUNTED.intersection(statuses)
    if not counted:
        return False
    store, now = BreakerStore(bench.stores.tenant_id), bench.now()
    store.count(counted, event_id=event_id, now=now)
    if not counted & _BAD:
        return False
    why = breaker.fault_of(store.health(now.date()))
    return why is not None and store.trip(why, now)
