"""How users, tokens, settings and sending domains are shown."""

from typing import Annotated, Literal, NotRequired, TypedDict

from msgspec import Meta

from chalicelib.domain.crm import settings
from chalicelib.domain.crm.sending_domains import DnsRecord, DomainStatus
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Role
from chalicelib.domain.crm.working_time import TimeOff, WorkingHours
from chalicelib.entry.shapes.answers import Instant

_Version = Annotated[int, Meta(description="Grows with every write; for `If-Match`.")]


class User(TypedDict):
    """A person who works at the tenant."""

    id: str
    name: str
    email: str
    role: Role
    business_unit: str | None
    time_zone: str
    country: str | None
    working_hours: Annotated[
        WorkingHours | None, Meta(description="Null: by the tenant's `business_calendar`.")
    ]
    time_off: list[TimeOff]
    signature: str
    link_emails: bool
    is_active: bool
    confirmed_addresses: Annotated[
        list[str], Meta(description="Mail from these to a Smart Bcc address is the user's own.")
    ]
    created_at: Instant
    updated_at: Instant
    version: _Version


class Token(TypedDict):
    """What is kept of an API token; its secret is not."""

    id: str
    user_id: str
    name: str
    scopes: list[Scope]
    created_at: Instant
    expires_at: Instant | None
    used_at: Annotated[Instant | None, Meta(description="When it was last used, to the hour.")]


class NewlyMadeToken(Token):
    """A token with its secret, which is shown this once."""

    secret: NotRequired[str]
    secret_shown: NotRequired[
        Annotated[
            Literal[True],
            Meta(description="This answer repeats an earlier one; its secret is not kept."),
        ]
    ]


class SendingDomain(TypedDict):
    """A domain the tenant sends from, with what to put into its DNS."""

    id: str
    domain: str
    status: DomainStatus
    dns_records: list[DnsRecord]
    created_at: Instant
    checked_at: Instant


class TenantSettings(settings.TenantSettings, frozen=True, kw_only=True):
    """What a tenant sets for all its users, defaults filled in."""

    version: _Version
