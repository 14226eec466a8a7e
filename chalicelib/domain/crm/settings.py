"""What a tenant may set for all its users; every key has a default.

docs/settings.md is the table for admins; a test holds it against this room.
"""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.users import Role, Tenant
from chalicelib.domain.crm.working_time import (
    MOST_DAYS_OFF,
    BusinessCalendar,
    check_working_hours,
)
from chalicelib.domain.errors import Problem

MOST_CALL_OUTCOMES: Final = 50
CALL_OUTCOMES: Final = (
    "answered",
    "not_answered",
    "left_voicemail",
    "busy",
    "wrong_number",
    "call_back_later",
)
"""How a call may have gone; only `answered` is a Yes to the condition of that name."""

Cap = Annotated[int, Meta(ge=1, le=10_000_000)]
Days = Annotated[int, Meta(ge=1, le=3_650)]


class ActivePerItem(StrEnum):
    """How many enrollments of one item may be in progress."""

    ONE = "one"
    MANY = "many"


class UnknownSendPolicy(StrEnum):
    """What becomes of a mail of which nobody knows whether it went out."""

    MANUAL = "manual"
    RESEND = "resend"


class CreatePersons(StrEnum):
    """Whether an unknown correspondent becomes a person."""

    OFF = "off"
    ON = "on"


class Feature(StrEnum):
    """What an admin may switch off for everybody."""

    SEQUENCES = "sequences"
    AUTOMATIC_SENDING = "automatic_sending"
    EMAIL_TEMPLATES = "email_templates"
    SMART_BCC = "smart_bcc"
    AUTOMATIONS = "automations"
    IMPORTS = "imports"
    WEBHOOKS = "webhooks"


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many days things are kept; null: until they are erased."""

    raw_mail_days: Days | None = None
    intake_days: Days = 90
    audit_days: Days = 730


class TenantSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings with their defaults."""

    time_zone: str = "UTC"
    business_calendar: BusinessCalendar = BusinessCalendar()
    active_per_item: ActivePerItem = ActivePerItem.ONE
    one_active_per_address: bool = False
    unknown_send_policy: UnknownSendPolicy = UnknownSendPolicy.MANUAL
    failed_automatic_to_manual: bool = False
    exit_on_colleague_reply: bool = False
    restrict_sequence_creation_to: tuple[Role, ...] = ()
    call_outcomes: tuple[str, ...] = CALL_OUTCOMES
    create_persons: CreatePersons = CreatePersons.OFF
    unsubscribe_header: bool = False
    account_daily_cap: Cap | None = None
    sender_daily_cap: Cap | None = None
    recipient_domain_daily_cap: Cap | None = None
    max_active_per_account: Annotated[int, Meta(ge=1, le=50)] | None = None
    min_time_since_touch: timedelta | None = None
    features_off: tuple[Feature, ...] = ()
    retention: Retention = Retention()


def settings_in(tenant: Tenant) -> TenantSettings:
    """Return the tenant's settings, defaults filled in."""
    return msgspec.convert(tenant.settings, TenantSettings)


def problems_of(settings: TenantSettings) -> Iterator[Problem]:
    """Check what the types alone do not say."""
    yield from fields.check_time_zone("$.time_zone", settings.time_zone)
    yield from _calendar_problems(settings.business_calendar)
    outcomes = settings.call_outcomes
    yield from fields.check_lines("$.call_outcomes", outcomes, MOST_CALL_OUTCOMES)
    if "answered" not in outcomes:
        message = "Keep `answered`: conditions ask for it."
        yield Problem(path="$.call_outcomes", code="wrong_value", message=message)
    touched = settings.min_time_since_touch
    if touched is not None and not timedelta() < touched <= timedelta(days=365):
        message = "Give a time of at most P365D, or null."
        yield Problem(path="$.min_time_since_touch", code="wrong_value", message=message)


def _calendar_problems(calendar: BusinessCalendar) -> Iterator[Problem]:
    yield from check_working_hours("$.business_calendar.working_hours", calendar.working_hours)
    if calendar.holiday_country is not None:
        yield from fields.check_country(
            "$.business_calendar.holiday_country", calendar.holiday_country
        )
    if len(calendar.days_off) > MOST_DAYS_OFF:
        message = f"Give at most {MOST_DAYS_OFF}."
        yield Problem(path="$.business_calendar.days_off", code="too_many", message=message)
