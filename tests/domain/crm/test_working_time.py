"""Working hours and absences: what is accepted, and what they mean."""

from datetime import date, time

import pytest

from chalicelib.domain.crm.working_time import (
    NINE_TO_FIVE,
    TimeOff,
    Weekday,
    WorkingHours,
    check_time_off,
    check_working_hours,
    spans_on,
)

A_MONDAY = date(2026, 3, 2)
A_SATURDAY = date(2026, 3, 7)


def test_the_hours_of_a_day_are_found() -> None:
    hours: WorkingHours = {Weekday.MON: (("09:00", "12:00"), ("13:00", "24:00"))}

    assert spans_on(hours, A_MONDAY) == ((time(9), time(12)), (time(13), time.max))
    assert spans_on(hours, A_SATURDAY) == ()


def test_the_last_day_off_is_off_too() -> None:
    leave = TimeOff(begins=A_MONDAY, to=A_SATURDAY)

    assert leave.holds(A_MONDAY)
    assert leave.holds(A_SATURDAY)
    assert not leave.holds(date(2026, 3, 8))


def test_nine_to_five_is_accepted() -> None:
    assert list(check_working_hours("$.working_hours", NINE_TO_FIVE)) == []


@pytest.mark.parametrize(
    "hours, path",
    [
        ({}, "$.working_hours"),
        ({Weekday.MON: ()}, "$.working_hours"),
        ({Weekday.MON: (("9:00", "17:00"),)}, "$.working_hours.mon[0]"),
        ({Weekday.MON: (("09:00", "24:01"),)}, "$.working_hours.mon[0]"),
        ({Weekday.MON: (("17:00", "09:00"),)}, "$.working_hours.mon[0]"),
        ({Weekday.MON: (("09:00", "12:00"), ("11:00", "13:00"))}, "$.working_hours.mon"),
        (
            {Weekday.TUE: tuple((f"0{hour}:00", f"0{hour}:30") for hour in range(6))},
            "$.working_hours.tue",
        ),
    ],
)
def test_hours_that_cannot_be_are_named(hours: WorkingHours, path: str) -> None:
    [problem] = check_working_hours("$.working_hours", hours)

    assert problem.path == path


def test_leave_ends_after_it_begins() -> None:
    backward = TimeOff(begins=A_SATURDAY, to=A_MONDAY)
    forward = TimeOff(begins=A_MONDAY, to=A_MONDAY)

    [problem] = check_time_off("$.time_off", (forward, backward))

    assert problem.path == "$.time_off[1].to"


def test_leave_is_not_a_calendar_of_its_own() -> None:
    leave = TimeOff(begins=A_MONDAY, to=A_MONDAY)

    [problem] = check_time_off("$.time_off", (leave,) * 101)

    assert problem.code == "too_many"
