"""Every zone, both changes of clocks of 2026 to 2030, windows, holidays: the laws of civil time.

Zones whose clocks always show the same count once, and a sample of the moments is tried; all of
them with `make civil-time`.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import planning
from chalicelib.domain.sequences.calendars import MONDAY_TO_FRIDAY, Calendar, Times, Window
from chalicelib.domain.sequences.definition import EmailStep, WaitStep
from chalicelib.domain.sequences.schedule import after, into_window
from tests.builders import an_enrollment

IS_WHOLE: Final = os.environ.get("SEKVENS_CIVIL_TIME") == "all"
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MAIL: Final = EmailStep(id=StepId("m"), automatic=True, subject="s", body="b")
AROUND: Final = (
    timedelta(days=-1),
    timedelta(hours=-1),
    timedelta(seconds=-1),
    timedelta(),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=13),
)
SOME_AROUND: Final = AROUND[1:5:2]
WINDOWS: Final = (
    Window(opens=time(9), closes=time(17), calendar=MONDAY_TO_FRIDAY),
    Window(opens=time(9), closes=time(17), calendar=Calendar(country="US")),
    Window(opens=time(0), closes=time(3, 15), calendar=Calendar(country="SE")),
    Window(opens=time(2, 15), closes=time(2, 45)),
    Window(opens=time(23), closes=time(23, 59), calendar=Calendar(country="IL")),
)
WAITS: Final = (timedelta(hours=5), timedelta(days=1), timedelta(days=3, hours=2))


def offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    found = instant.astimezone(zone).utcoffset()
    assert found is not None
    return found


def changes_in(name: str) -> tuple[tuple[datetime, timedelta], ...]:
    """Return every change of clocks with the offset after it, to the second."""
    zone, day = ZoneInfo(name), FIRST
    known, changes = offset(zone, day), []
    while day < LAST:
        later = day + timedelta(days=7)
        if offset(zone, later) != known or offset(zone, day + timedelta(days=3)) != known:
            changes += [(each, offset(zone, each)) for each in _between(zone, day, later)]
            known = offset(zone, later)
        day = later
    return tuple(changes)


def _between(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    hours = int((end - begin).total_seconds()) // 3600
    for number in range(hours):
        low, high = (begin + timedelta(hours=number + each) for each in (0, 1))
        if offset(zone, low) == offset(zone, high):
            continue
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            low, high = (
                (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
            )
        yield high.replace(microsecond=0)


@cache
def moments() -> list[tuple[str, datetime]]:
    """Return zones with the moments around their changes; without a change, one winter's day."""
    found, seen = [], set()
    for name in sorted(available_timezones() - {"localtime"}):
        changes = changes_in(name)
        kind = (offset(ZoneInfo(name), FIRST), changes)
        if kind in seen and not IS_WHOLE:
            continue
        seen.add(kind)
        around = AROUND if IS_WHOLE else SOME_AROUND
        instants = [change for change, _ in changes] or [FIRST]
        found += [(name, each + shift) for each in instants for shift in around]
    return found


def test_there_are_changes_of_clocks_to_try() -> None:
    tried = dict.fromkeys(name for name, _ in moments())

    assert len(tried) > 60
    assert len(changes_in("Europe/Stockholm")) == 10
    assert changes_in("Europe/Stockholm")[0] == (
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        timedelta(hours=2),
    )
    assert len(changes_in("Africa/Casablanca")) == 11  # around Ramadan


@pytest.mark.parametrize("window", WINDOWS)
def test_a_mail_is_inside_its_window_never_early_on_a_worked_day_and_stays(window: Window) -> None:
    times = Times(window=window)
    wrong = []

    for name, instant in moments():
        enrollment = replace(an_enrollment(), zone=name, due_at=None)
        planned = planning.mail(enrollment, MAIL, instant, times)
        again = planning.mail(replace(enrollment, planned_at=planned.at), MAIL, instant, times)
        local = planned.at.astimezone(ZoneInfo(name))
        is_open = window.holds(local) and window.calendar.is_worked(local.date())
        if planned.at < instant or not is_open or again.at != planned.at:
            wrong.append((name, instant, planned))

    assert wrong == []


@pytest.mark.parametrize("wait_for", WAITS)
@pytest.mark.parametrize("calendar", [MONDAY_TO_FRIDAY, Calendar(country="DE")])
def test_a_wait_is_never_short_and_in_working_time_never_ends_on_a_day_off(
    wait_for: timedelta, calendar: Calendar
) -> None:
    wrong = []

    for name, instant in moments():
        zone = ZoneInfo(name)
        plain = after(instant, wait_for, zone=name)
        worked = after(instant, wait_for, zone=name, working_time=True, calendar=calendar)
        days = (plain.astimezone(zone).date() - instant.astimezone(zone).date()).days
        is_worked = calendar.is_worked(worked.astimezone(zone).date())
        if days < wait_for.days or not instant < plain <= worked or not is_worked:
            wrong.append((name, instant, plain, worked))

    assert wrong == []


def test_a_wait_that_begins_on_a_later_day_never_ends_on_an_earlier_one() -> None:
    calendar, wrong = Calendar(country="SE"), []

    for name, instant in moments():
        ends = [
            after(
                instant + timedelta(days=day),
                timedelta(days=2),
                zone=name,
                working_time=True,
                calendar=calendar,
            )
            .astimezone(ZoneInfo(name))
            .date()
            for day in range(9)
        ]
        if ends != sorted(ends):
            wrong.append((name, instant, ends))

    assert wrong == []


def test_a_wait_before_a_mail_ends_inside_the_window_and_is_not_moved_again() -> None:
    times = Times(window=WINDOWS[1], calendar=Calendar(country="US"), working_days_only=True)
    step = WaitStep(id=StepId("w"), wait_for=timedelta(days=2), working_time=True)
    wrong = []

    for name, instant in moments():
        enrollment = replace(an_enrollment(), zone=name, due_at=None)
        planned = planning.wait_over(enrollment, step, MAIL, instant, times)
        sent = planning.mail(enrollment, MAIL, planned.at, times)
        if sent.at != planned.at or planned.at < instant + timedelta(hours=46):
            wrong.append((name, instant, planned))

    assert wrong == []


# What three other systems get wrong: a weekday read in UTC, an offset frozen at "now".
FIVE_SHARP: Final = Window(opens=time(17), closes=time(17, 1), calendar=MONDAY_TO_FRIDAY)
EIGHT_SHARP: Final = Window(opens=time(8), closes=time(8, 1), calendar=MONDAY_TO_FRIDAY)
NINE_SHARP: Final = Window(opens=time(9), closes=time(9, 1))


def test_friday_noon_in_los_angeles_is_followed_by_friday_at_five_and_not_by_sunday() -> None:
    friday_noon = datetime.fromisoformat("2026-06-05T12:00-07:00")

    placed = into_window(friday_noon, FIVE_SHARP, zone="America/Los_Angeles")

    assert placed == datetime.fromisoformat("2026-06-05T17:00-07:00")


def test_saturday_morning_in_tokyo_is_followed_by_monday_at_eight_and_not_by_tuesday() -> None:
    saturday = datetime.fromisoformat("2026-06-06T10:00+09:00")

    placed = into_window(saturday, EIGHT_SHARP, zone="Asia/Tokyo")

    assert placed == datetime.fromisoformat("2026-06-08T08:00+09:00")


@pytest.mark.parametrize(
    "evening, morning",
    [
        ("2026-03-28T20:00+01:00", "2026-03-29T09:00+02:00"),
        ("2026-10-24T20:00+02:00", "2026-10-25T09:00+01:00"),
    ],
)
def test_nine_in_stockholm_is_nine_on_the_morning_after_clocks_changed(
    evening: str, morning: str
) -> None:
    placed = into_window(datetime.fromisoformat(evening), NINE_SHARP, zone="Europe/Stockholm")

    assert placed == datetime.fromisoformat(morning)
