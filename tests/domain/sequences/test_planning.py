"""When automatic mails go out and waits end, and the sentence that says why then."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest

from chalicelib.domain.crm.working_time import TimeOff
from chalicelib.domain.ids import EnrollmentId, StepId
from chalicelib.domain.sequences.calendars import Absence, Calendar, Times, Window
from chalicelib.domain.sequences.definition import ActivityStep, EmailStep, Step, WaitStep
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.planning import back_at, mail, wait_over
from tests.builders import an_enrollment

WAIT: Final = StepId("w")
MAIL: Final = EmailStep(id=StepId("m"), automatic=True, subject="s", body="b")
CALL: Final = ActivityStep(id=StepId("c"), activity_type="call", subject="s")
SWEDEN: Final = Calendar(country="SE")
OFFICE: Final = Times(window=Window(opens=time(9), closes=time(17), calendar=SWEDEN))
WORKING_DAYS: Final = Times(calendar=SWEDEN, working_days_only=True)
WEDNESDAY: Final = datetime(2026, 3, 4, 10, tzinfo=UTC)
SATURDAY: Final = datetime(2026, 3, 7, 10, tzinfo=UTC)


def in_stockholm() -> Enrollment:
    return replace(an_enrollment(), zone="Europe/Stockholm", due_at=None, planned_at=None)


def of_days(days: int, *, working_time: bool = False) -> WaitStep:
    return WaitStep(id=WAIT, wait_for=timedelta(days=days), working_time=working_time)


def away(begins: str, to: str) -> Absence:
    off = TimeOff(begins=date.fromisoformat(begins), to=date.fromisoformat(to))
    return Absence(name="Sally", zone="Europe/Stockholm", times=(off,))


def test_without_settings_a_wait_before_a_mail_is_the_plain_wait() -> None:
    planned = wait_over(in_stockholm(), of_days(3), MAIL, WEDNESDAY, Times())

    assert planned.at == SATURDAY
    assert planned.why == "3 days after 2026-03-04 10:00 UTC"


@pytest.mark.parametrize("following", [CALL, EmailStep(id=StepId("d"))])
def test_three_days_from_wednesday_before_a_task_are_monday_if_only_working_days_count(
    following: Step,
) -> None:
    planned = wait_over(in_stockholm(), of_days(3), following, WEDNESDAY, WORKING_DAYS)

    assert planned.at == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert planned.why == (
        "3 days after 2026-03-04 10:00 UTC; moved from Sat 7 Mar 11:00 to Mon 9 Mar 11:00 "
        "(Europe/Stockholm): not a working day"
    )


def test_three_days_of_working_time_from_wednesday_are_tuesday() -> None:
    wait = of_days(3, working_time=True)

    planned = wait_over(in_stockholm(), wait, CALL, WEDNESDAY, Times(calendar=SWEDEN))

    assert planned.at == datetime(2026, 3, 10, 10, tzinfo=UTC)
    assert planned.why == "3 working days after 2026-03-04 10:00 UTC"


def test_a_wait_before_a_mail_ends_in_the_first_hour_of_the_next_window() -> None:
    planned = wait_over(in_stockholm(), of_days(3), MAIL, WEDNESDAY, OFFICE)

    assert planned.at == datetime(2026, 3, 9, 8, 55, 56, tzinfo=UTC)
    assert planned.why == (
        "3 days after 2026-03-04 10:00 UTC; moved from Sat 7 Mar 11:00 to Mon 9 Mar 09:55 "
        "(Europe/Stockholm): not a working day"
    )


def test_a_mail_in_the_evening_waits_for_the_next_morning_and_says_so() -> None:
    evening = WEDNESDAY.replace(hour=20)

    planned = mail(in_stockholm(), MAIL, evening, OFFICE)

    assert planned.at.date() == date(2026, 3, 5)
    assert planned.why.startswith("at once: its time has come; moved from Wed 4 Mar 21:00 to Thu")
    assert planned.why.endswith("outside the send window 09:00-17:00")


def test_a_mail_inside_its_window_goes_at_once() -> None:
    planned = mail(in_stockholm(), MAIL, WEDNESDAY, OFFICE)

    assert planned.at == WEDNESDAY
    assert planned.why == "at once: its time has come"


@pytest.mark.parametrize(
    "country, day, expected, reason",
    [
        ("US", "2026-11-26", "2026-11-27", "Thanksgiving Day is a public holiday"),
        ("SE", "2026-04-03", "2026-04-07", "Good Friday is a public holiday"),
        ("PL", "2026-11-11", "2026-11-12", "National Independence Day is a public holiday"),
        ("IL", "2026-03-06", "2026-03-09", "not a working day"),
        (None, "2026-11-26", "2026-11-26", ""),
    ],
)
def test_no_mail_goes_out_on_a_public_holiday_of_the_recipients_country(
    country: str | None, day: str, expected: str, reason: str
) -> None:
    calendar = Calendar(country=country)
    times = Times(calendar=calendar, working_days_only=True)
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")

    planned = mail(replace(in_stockholm(), zone="UTC"), MAIL, noon, times)

    assert planned.at.date().isoformat() == expected
    assert reason in planned.why


def test_a_day_off_of_the_tenant_is_named() -> None:
    calendar = Calendar(days_off=frozenset({date(2026, 3, 4)}))
    times = Times(calendar=calendar, working_days_only=True)

    planned = mail(in_stockholm(), MAIL, WEDNESDAY, times)

    assert planned.at == WEDNESDAY + timedelta(days=1)
    assert planned.why.endswith(": a day off")


def test_a_mail_of_a_sender_on_leave_moves_to_their_return() -> None:
    times = replace(OFFICE, absence=away("2026-03-02", "2026-03-06"))

    planned = mail(in_stockholm(), MAIL, WEDNESDAY, times)

    assert planned.at.date() == date(2026, 3, 9)
    assert "Sally is away until 2026-03-06" in planned.why


def test_leaves_that_follow_each_other_are_one() -> None:
    off = (
        TimeOff(begins=date(2026, 3, 5), to=date(2026, 3, 8)),
        TimeOff(begins=date(2026, 3, 1), to=date(2026, 3, 4)),
    )
    times = Times(absence=Absence(name="Sally", zone="UTC", times=off))

    at = back_at(replace(in_stockholm(), zone="UTC"), WEDNESDAY, times)

    assert at is not None
    assert at.date() == date(2026, 3, 9)


def test_nobody_who_is_at_work_is_awaited() -> None:
    assert back_at(in_stockholm(), WEDNESDAY, Times()) is None
    later = Times(absence=away("2026-04-01", "2026-04-02"))
    assert back_at(in_stockholm(), WEDNESDAY, later) is None


def test_a_task_of_somebody_else_does_not_wait_for_the_owner() -> None:
    times = Times(absence=away("2026-03-02", "2026-03-20"))
    theirs = ActivityStep(id=StepId("c"), activity_type="call", subject="s", assignee="user-bob")

    assert wait_over(in_stockholm(), of_days(3), theirs, WEDNESDAY, times).at == SATURDAY
    assert wait_over(in_stockholm(), of_days(3), CALL, WEDNESDAY, times).at.date() == date(
        2026, 3, 21
    )


def test_a_mail_a_little_late_goes_at_once() -> None:
    late = replace(in_stockholm(), due_at=WEDNESDAY - timedelta(minutes=15))

    assert mail(late, MAIL, WEDNESDAY, Times()).at == WEDNESDAY


def test_what_an_outage_made_late_is_spread_over_as_long_as_it_lasted() -> None:
    late = replace(in_stockholm(), due_at=WEDNESDAY - timedelta(hours=2))
    crowd = [replace(late, id=EnrollmentId(f"enrollment-{each}")) for each in range(400)]

    planned = [mail(each, MAIL, WEDNESDAY, Times()) for each in crowd]

    minutes = {int((each.at - WEDNESDAY).total_seconds()) // 60 for each in planned}
    assert min(minutes) <= 2
    assert 117 <= max(minutes) < 120
    assert len(minutes) > 100
    assert planned[0].why == "planned anew at 2026-03-04 10:00 UTC, for it was 2 hours late"


def test_the_same_question_has_the_same_answer() -> None:
    first = mail(in_stockholm(), MAIL, SATURDAY, OFFICE)
    again = mail(replace(in_stockholm(), planned_at=first.at), MAIL, SATURDAY, OFFICE)

    assert again.at == first.at
