"""Whose clock counts, and the zones of countries that have but one."""

from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.sequences.settings import ZoneFrom
from chalicelib.domain.sequences.zones import (
    ZONE_BY_COUNTRY,
    Zones,
    ZoneSource,
    choose,
    zone_of_country,
)

EVERYBODY = Zones(
    recipient="Asia/Tokyo", country="SE", sender="Europe/Lisbon", tenant="America/Lima"
)


@pytest.mark.parametrize(
    "known, expected",
    [
        (EVERYBODY, ("Asia/Tokyo", ZoneSource.RECIPIENT)),
        (Zones(country="SE", sender="UTC"), ("Europe/Stockholm", ZoneSource.COUNTRY)),
        (Zones(country="us", sender="Europe/Lisbon"), ("Europe/Lisbon", ZoneSource.SENDER)),
        (Zones(tenant="America/Lima"), ("America/Lima", ZoneSource.TENANT)),
    ],
)
def test_the_recipients_clock_counts_then_their_countrys_the_senders_the_tenants(
    known: Zones, expected: tuple[str, ZoneSource]
) -> None:
    assert choose(known) == expected


@pytest.mark.parametrize(
    "known, expected",
    [
        (EVERYBODY, ("Europe/Lisbon", ZoneSource.SENDER)),
        (Zones(recipient="Asia/Tokyo"), ("Asia/Tokyo", ZoneSource.RECIPIENT)),
        (Zones(), ("UTC", ZoneSource.TENANT)),
    ],
)
def test_an_author_may_want_the_senders_clock_first(
    known: Zones, expected: tuple[str, ZoneSource]
) -> None:
    assert choose(known, ZoneFrom.SENDER) == expected


def test_the_zone_of_a_country_is_known_only_where_all_its_clocks_show_the_same() -> None:
    zones_by_country: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones_by_country.setdefault(country, []).append(zone)
    expected = {
        country: zones[0]
        for country, zones in zones_by_country.items()
        if len({_clocks(zone) for zone in zones}) == 1
    }

    assert dict(ZONE_BY_COUNTRY) == expected
    assert zone_of_country("DE") == "Europe/Berlin"
    assert zone_of_country("BR") is None
    assert zone_of_country(None) is None


def _clocks(zone: str) -> tuple[object, ...]:
    """Return what clocks do in two years, as one day of each month shows it."""
    days = [
        datetime(year, month, 15, tzinfo=UTC) for year in (2026, 2027) for month in range(1, 13)
    ]
    return tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in days)
