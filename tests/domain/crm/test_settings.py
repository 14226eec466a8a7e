"""Settings have a default for every key, and say what is wrong with a value."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from chalicelib.domain.crm.settings import TenantSettings, problems_of, settings_in
from chalicelib.domain.crm.users import Role
from chalicelib.domain.crm.working_time import BusinessCalendar, Weekday
from tests.builders import a_tenant

_ROW = re.compile(r"^\| `([a-z_.]+)` \| `(.+?)` \|", re.MULTILINE)
_NESTED = {"business_calendar", "retention"}


def test_what_a_tenant_never_set_has_its_default() -> None:
    tenant = replace(a_tenant(), settings={"restrict_sequence_creation_to": ["admin"]})

    assert settings_in(tenant) == TenantSettings(
        time_zone="UTC", restrict_sequence_creation_to=(Role.ADMIN,)
    )


def test_the_defaults_are_without_fault() -> None:
    assert list(problems_of(TenantSettings())) == []


def test_the_docs_list_every_setting_with_its_default() -> None:
    page = Path("docs/settings.md").read_text(encoding="utf-8")

    told = {key: json.loads(default) for key, default in _ROW.findall(page)}

    assert told == _flat(msgspec.to_builtins(TenantSettings()))


@pytest.mark.parametrize(
    "settings, path",
    [
        (TenantSettings(time_zone="Mars"), "$.time_zone"),
        (TenantSettings(call_outcomes=("busy",)), "$.call_outcomes"),
        (TenantSettings(call_outcomes=("answered", "")), "$.call_outcomes[1]"),
        (TenantSettings(min_time_since_touch=timedelta()), "$.min_time_since_touch"),
        (
            TenantSettings(business_calendar=BusinessCalendar(working_hours={})),
            "$.business_calendar.working_hours",
        ),
        (
            TenantSettings(business_calendar=BusinessCalendar(holiday_country="Germany")),
            "$.business_calendar.holiday_country",
        ),
        (
            TenantSettings(business_calendar=BusinessCalendar(days_off=(date(2026, 3, 2),) * 367)),
            "$.business_calendar.days_off",
        ),
    ],
)
def test_what_does_not_fit_is_named(settings: TenantSettings, path: str) -> None:
    [problem] = problems_of(settings)

    assert problem.path == path


def test_a_setting_survives_being_kept() -> None:
    calendar = BusinessCalendar(
        working_hours={Weekday.SUN: (("22:00", "24:00"),)}, days_off=(date(2026, 3, 2),)
    )
    settings = TenantSettings(business_calendar=calendar, min_time_since_touch=timedelta(days=7))

    kept = json.loads(msgspec.json.encode(msgspec.to_builtins(settings)))

    assert settings_in(replace(a_tenant(), settings=kept)) == settings


def _flat(settings: dict[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in json.loads(json.dumps(settings)).items():
        nested = value.items() if name in _NESTED else ()
        flat |= {f"{name}.{key}": each for key, each in nested} or {name: value}
    return flat
