"""Domains a tenant sends from, proven by DNS."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import DomainName


class DomainStatus(StrEnum):
    """Whether DNS proves the domain. Mail from an unproven one waits as a draft."""

    PENDING = "pending"
    VERIFIED = "verified"
    FAILED = "failed"


class DomainTakenError(StateError):
    """One tenant each: somebody else has this domain."""

    code = "domain_taken"
    sentence = "The domain {domain} is in use elsewhere; ask the operator if it is yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord:
    """What the tenant puts into its DNS."""

    type: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingDomain:
    """A domain of the tenant's, and how far its proof has come."""

    name: DomainName
    status: DomainStatus = DomainStatus.PENDING
    records: tuple[DnsRecord, ...] = ()
    is_in_ses_tenant: bool = False
    """Whether the tenant's own tenant of SES may use it: its mails then name that tenant."""
    created_at: datetime
    checked_at: datetime
