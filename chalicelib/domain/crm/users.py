"""The people who work at the tenant, and the roles that open doors to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.crm.working_time import TimeOff, WorkingHours
from chalicelib.domain.ids import ApiTokenId, SequenceId, TenantId, UserId


class Role(StrEnum):
    """What a user is for; the rights table says what each may do."""

    ADMIN = "admin"
    SEQUENCE_MANAGER = "sequence_manager"
    SALES_MANAGER = "sales_manager"
    SALESPERSON = "salesperson"


class Plan(StrEnum):
    """What the tenant has bought."""

    ESSENTIAL = "essential"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who works at the tenant.

    `confirmed_addresses` are those whose mail to a Smart BCC address counts as the user's own.
    Without `working_hours` of their own, users work by the tenant's calendar.
    """

    id: UserId
    name: str
    email: str
    role: Role
    business_unit: str | None = None
    time_zone: str = "UTC"
    country: str | None = None
    working_hours: WorkingHours | None = None
    time_off: tuple[TimeOff, ...] = ()
    signature: str = ""
    link_emails: bool = True
    is_active: bool = True
    confirmed_addresses: tuple[str, ...] = ()
    created_at: datetime
    updated_at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking: what an API token opens."""

    tenant_id: TenantId
    user_id: UserId
    role: Role
    token_id: ApiTokenId
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One user's leave to send automatically, for one sequence."""

    user_id: UserId
    sequence_id: SequenceId
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """The paying customer of this service, with its settings and its switch."""

    id: TenantId
    name: str
    is_sending: bool = True
    is_suspended: bool = False
    plan: Plan = Plan.GROWTH
    settings: Mapping[str, object]
    created_at: datetime
    version: int = 0
