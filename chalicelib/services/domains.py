"""Sending domains: claim one, put its records into DNS, and ask how far the proof has come."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.crm.addresses import is_domain, normalized
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.sending_domains import DomainStatus, SendingDomain
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import DomainName
from chalicelib.gateways.identities import Identities
from chalicelib.gateways.ses_tenants import SesTenants
from chalicelib.storage.stores import Stores


def add(
    name: str,
    *,
    caller: Caller,
    stores: Stores,
    identities: Identities,
    ses_tenants: SesTenants,
    now: datetime,
) -> SendingDomain:
    """Claim a domain and say what must stand in its DNS; again, and its proof is checked."""
    require(caller, Right.MANAGE_DOMAINS)
    domain = _read(name)
    stores.domains.claim(domain)
    known = stores.domains.find(domain)
    if known is not None:
        status = identities.status(domain)
        checked = replace(known, status=status, checked_at=now)
        return join(checked, stores=stores, ses_tenants=ses_tenants)
    records = identities.begin(domain)
    begun = SendingDomain(name=domain, records=records, created_at=now, checked_at=now)
    return join(begun, stores=stores, ses_tenants=ses_tenants)


def join(domain: SendingDomain, *, stores: Stores, ses_tenants: SesTenants) -> SendingDomain:
    """Keep a domain; where the deployment has tenants of SES, the tenant's may use it from now on.

    SES is asked first and the row says so last: until then mails go out as they did before.
    """
    is_in = domain.is_in_ses_tenant or ses_tenants.join(stores.tenant_id, domain.name)
    return stores.domains.save(replace(domain, is_in_ses_tenant=is_in))


def vouch(name: str, *, stores: Stores, now: datetime) -> SendingDomain:
    """Take a domain as proven on the operator's word: on a laptop there is no DNS to ask."""
    domain = _read(name)
    stores.domains.claim(domain)
    known = stores.domains.find(domain)
    verified = known or SendingDomain(name=domain, created_at=now, checked_at=now)
    return stores.domains.save(replace(verified, status=DomainStatus.VERIFIED, checked_at=now))


def _read(name: str) -> DomainName:
    domain = normalized(f"x@{name}").removeprefix("x@")
    if not is_domain(domain):
        message = "Give a domain such as example.com."
        raise RuleError(Problem(path="$.domain", code="wrong_domain", message=message))
    return DomainName(domain)
