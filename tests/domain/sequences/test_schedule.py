"""When: waits, windows and jitter, in every zone and over every change of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences.calendars import MONDAY_TO_FRIDAY, Calendar, Window
from chalicelib.domain.sequences.schedule import after, into_window, jitter

STOCKHOLM: Final = "Europe/Stockholm"
OFFICE_HOURS: Final = Window(opens=time(9), closes=time(17), calendar=MONDAY_TO_FRIDAY)

zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
waits = st.timedeltas(timedelta(seconds=1), timedelta(days=30))
windows = st.builds(
    lambda opens, length: Window(
        opens=time(opens), closes=time(min(opens + length, 23), 59), calendar=MONDAY_TO_FRIDAY
    ),
    st.integers(0, 23),
    st.integers(0, 12),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_wait_of_days_keeps_the_local_time_over_a_change_of_clocks() -> None:
    over_at = after(at("2026-03-27T09:00+01:00"), timedelta(days=3), zone=STOCKHOLM)

    assert over_at == at("2026-03-30T09:00+02:00")


def test_a_wait_of_hours_is_elapsed_time_over_a_change_of_clocks() -> None:
    over_at = after(at("2026-03-28T22:00+01:00"), timedelta(hours=8), zone=STOCKHOLM)

    assert over_at == at("2026-03-29T07:00+02:00")


def test_a_local_time_in_a_gap_means_the_first_instant_after_it() -> None:
    over_at = after(at("2026-03-28T02:30+01:00"), timedelta(days=1), zone=STOCKHOLM)

    assert over_at == at("2026-03-29T03:00+02:00")


def test_a_day_that_a_zone_skipped_means_the_first_instant_after_it() -> None:
    over_at = after(at("2011-12-29T12:00-10:00"), timedelta(days=1), zone="Pacific/Apia")

    assert over_at == at("2011-12-31T00:00+14:00")


def test_a_local_time_that_happens_twice_means_the_first() -> None:
    over_at = after(at("2026-10-24T02:30+02:00"), timedelta(days=1), zone=STOCKHOLM)

    assert over_at == at("2026-10-25T02:30+02:00")


def test_working_time_skips_saturday_and_sunday() -> None:
    over_at = after(
        at("2026-06-05T10:00+02:00"), timedelta(days=1), zone=STOCKHOLM, working_time=True
    )

    assert over_at == at("2026-06-09T10:00+02:00")


@pytest.mark.requirement("D365-SEQ-03")
def test_three_working_days_from_wednesday_are_tuesday_as_dynamics_has_it() -> None:
    over_at = after(
        at("2026-06-03T10:00+02:00"), timedelta(days=3), zone=STOCKHOLM, working_time=True
    )

    assert over_at == at("2026-06-09T10:00+02:00")


def test_hours_of_working_time_stand_still_over_the_weekend() -> None:
    over_at = after(
        at("2026-06-05T22:00+02:00"), timedelta(hours=4), zone=STOCKHOLM, working_time=True
    )

    assert over_at == at("2026-06-08T02:00+02:00")


def test_working_time_skips_a_day_off() -> None:
    christmas = Calendar(days_off=frozenset({date(2026, 12, 24), date(2026, 12, 25)}))

    over_at = after(
        at("2026-12-23T10:00+01:00"),
        timedelta(days=1),
        zone=STOCKHOLM,
        working_time=True,
        calendar=christmas,
    )

    assert over_at == at("2026-12-29T10:00+01:00")


def test_working_time_without_a_free_day_between_is_the_plain_wait() -> None:
    over_at = after(
        at("2026-06-01T10:00+02:00"), timedelta(days=2), zone=STOCKHOLM, working_time=True
    )

    assert over_at == at("2026-06-03T10:00+02:00")


def test_a_calendar_without_working_days_ends_all_the_same() -> None:
    never = Calendar(weekend=frozenset(range(7)))

    over_at = after(
        at("2026-06-01T10:00+00:00"),
        timedelta(days=1),
        zone="UTC",
        working_time=True,
        calendar=never,
    )

    assert over_at == at("2026-06-02T10:00+00:00")


@given(instants, waits, zones)
def test_a_wait_never_ends_early(instant: datetime, wait_for: timedelta, zone: str) -> None:
    place = ZoneInfo(zone)

    over_at = after(instant, wait_for, zone=zone)

    days_on = (over_at.astimezone(place).date() - instant.astimezone(place).date()).days
    assert over_at > instant
    assert days_on >= wait_for.days


@given(instants, waits, zones)
def test_in_working_time_a_wait_is_never_shorter_and_never_ends_on_a_free_day(
    instant: datetime, wait_for: timedelta, zone: str
) -> None:
    over_at = after(instant, wait_for, zone=zone, working_time=True)

    assert over_at >= after(instant, wait_for, zone=zone)
    assert over_at.astimezone(ZoneInfo(zone)).weekday() < 5


def test_what_lies_in_the_window_stays() -> None:
    noon = at("2026-06-01T12:00+02:00")

    assert into_window(noon, OFFICE_HOURS, zone=STOCKHOLM) == noon


def test_before_opening_moves_to_opening() -> None:
    placed = into_window(at("2026-06-01T07:00+02:00"), OFFICE_HOURS, zone=STOCKHOLM)

    assert placed == at("2026-06-01T09:00+02:00")


def test_friday_evening_moves_to_monday() -> None:
    placed = into_window(at("2026-06-05T17:00+02:00"), OFFICE_HOURS, zone=STOCKHOLM)

    assert placed == at("2026-06-08T09:00+02:00")


def test_the_weekday_is_that_of_the_zone_and_not_of_utc() -> None:
    monday_in_auckland = at("2026-06-07T22:00+00:00")

    placed = into_window(monday_in_auckland, OFFICE_HOURS, zone="Pacific/Auckland")

    assert placed == monday_in_auckland


def test_a_window_that_lies_in_a_gap_is_not_used_that_day() -> None:
    night = Window(opens=time(2), closes=time(3))

    placed = into_window(at("2026-03-28T12:00+01:00"), night, zone=STOCKHOLM)

    assert placed == at("2026-03-30T02:00+02:00")


def test_those_who_missed_the_window_are_spread_over_the_next() -> None:
    placed = into_window(
        at("2026-06-05T18:00+02:00"), OFFICE_HOURS, zone=STOCKHOLM, spread=timedelta(hours=3)
    )

    assert placed == at("2026-06-08T12:00+02:00")


def test_a_spread_into_the_hour_that_happens_twice_stays_in_the_window() -> None:
    night = Window(opens=time(1, 30), closes=time(2, 30))

    placed = into_window(
        at("2026-11-01T00:00-04:00"),
        night,
        zone="America/New_York",
        spread=timedelta(minutes=45),
    )

    assert placed == at("2026-11-01T01:30-04:00")


def test_a_window_that_never_opens_moves_nothing() -> None:
    never = Window(opens=time(9), closes=time(9))
    noon = at("2026-06-01T12:00+02:00")

    assert into_window(noon, never, zone=STOCKHOLM) == noon


@given(instants, windows, zones, st.timedeltas(timedelta(), timedelta(hours=12)))
def test_what_is_placed_lies_inside_and_is_not_moved_again(
    instant: datetime, window: Window, zone: str, spread: timedelta
) -> None:
    placed = into_window(instant, window, zone=zone, spread=spread)

    assert placed >= instant
    assert window.holds(placed.astimezone(ZoneInfo(zone)))
    assert into_window(placed, window, zone=zone, spread=spread) == placed


def test_jitter_is_the_same_every_time() -> None:
    lengths = {
        jitter(EnrollmentId("abc"), StepId("e1"), at_most=timedelta(hours=8)) for _ in range(3)
    }

    assert lengths == {timedelta(seconds=26695)}


@pytest.mark.parametrize("at_most", [timedelta(), timedelta(milliseconds=1)])
def test_there_is_no_jitter_without_room(at_most: timedelta) -> None:
    assert jitter(EnrollmentId("abc"), StepId("e1"), at_most=at_most) == timedelta()


@given(st.text(), st.text(), st.timedeltas(timedelta(seconds=1), timedelta(days=1)))
def test_jitter_stays_below_its_bound(enrolled: str, step: str, at_most: timedelta) -> None:
    length = jitter(EnrollmentId(enrolled), StepId(step), at_most=at_most)

    assert timedelta() <= length < at_most
