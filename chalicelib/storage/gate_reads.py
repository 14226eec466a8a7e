"""What the gates ask before a mail leaves, in as few strong reads as it takes.

Two questions share a partition each, so one query answers both: whether a user is there and has
consented, and whether the tenant may send, owns the sender's domain and lets the sequence run.
Between these rows lie only a few small ones of the same kind.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.crm.sending_domains import SendingDomain
from chalicelib.domain.crm.users import Tenant, User
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import DomainName, SequenceId, TenantId, UserId
from chalicelib.storage import breakers, keys, reading, sequence_keys, switches
from chalicelib.storage.rows.breakers import BreakerRow
from chalicelib.storage.rows.domains import DomainRow
from chalicelib.storage.rows.tenants import TenantRow
from chalicelib.storage.rows.users import UserRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose name a mail would bear, and whether they consented to this sequence."""

    user: User | None
    has_consented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A sequence that is active, and when the latest of its pauses ended."""

    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The tenant, the sender's domain if it is the tenant's, its sequence, and who said stop."""

    tenant: Tenant
    domain: SendingDomain | None
    is_halted: bool
    going: Going | None = None
    """That the sequence is active, if it is."""
    broken_why: str | None = None
    """Why the breaker stopped the tenant's sending, if it did."""

    @property
    def is_switched_off(self) -> bool:
        """Whether nothing may be sent: all tenants, this tenant or the sequence is switched off."""
        is_stopped = self.tenant.is_suspended or not self.tenant.is_sending
        return self.is_halted or is_stopped or self.broken_why is not None


class GateStore:
    """The gates of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def sender(self, user_id: UserId, sequence_id: SequenceId) -> Sender:
        """Return a user with their consent to a sequence."""
        consent = keys.consent(sequence_id)
        raw_by_sk = _rows(keys.user(self._tenant_id, user_id), consent)
        head = raw_by_sk.get(keys.HEAD)
        user = UserRow.from_raw_data(head).to_domain() if head else None
        return Sender(user=user, has_consented=consent in raw_by_sk)

    def house(self, domain: DomainName, sequence_id: SequenceId) -> House:
        """Return the tenant with one of its sending domains and the switches; MissingError."""
        name = keys.sending_domain(domain)
        raw_by_sk = _rows(keys.tenant(self._tenant_id), name)
        if keys.HEAD not in raw_by_sk:
            raise MissingError(kind=keys.TENANT, id=self._tenant_id)
        found, broken = raw_by_sk.get(name), raw_by_sk.get(breakers.BROKEN)
        return House(
            tenant=TenantRow.from_raw_data(raw_by_sk[keys.HEAD]).to_domain(),
            domain=DomainRow.from_raw_data(found).to_domain() if found else None,
            is_halted=switches.halted(sequence_id) in raw_by_sk or switches.is_platform_off(),
            going=_going(raw_by_sk.get(sequence_keys.GOING), sequence_id),
            broken_why=BreakerRow.from_raw_data(broken).why if broken else None,
        )


def _going(raw: reading.Raw | None, sequence_id: SequenceId) -> Going | None:
    said = (raw or {}).get(sequence_keys.going(sequence_id))
    if said is None:
        return None
    is_held_once = said["S"] != sequence_keys.NEVER_HELD
    return Going(held_until=datetime.fromisoformat(said["S"]) if is_held_once else None)


def _rows(pk: str, low: str) -> dict[str, reading.Raw]:
    return {raw["sk"]["S"]: raw for raw in reading.between(pk, low, keys.HEAD)}
