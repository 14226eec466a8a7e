"""Caps, places, overdue tasks and leave, decided without a table."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.crm.working_time import BusinessCalendar, TimeOff, Weekday
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import budget, starting, timing
from chalicelib.domain.sequences.calendars import Absence, Times, Window
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import ActivityStep, EmailStep, Flow, WaitStep
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Phase, Status
from chalicelib.domain.sequences.public_holidays import free_days, is_free
from chalicelib.domain.sequences.settings import SendWindow, Settings
from chalicelib.domain.sequences.signals import (
    PauseAsked,
    PauseReason,
    ResumeAsked,
    ResumeMode,
    TimeCame,
)
from tests.builders import NOW, a_user, an_enrollment

A1, C1, W1 = StepId("a1"), StepId("c1"), StepId("w1")
DAY: Final = timedelta(days=1)
MAIL: Final = EmailStep(id=A1, automatic=True, subject="s", body="b")
CALL: Final = ActivityStep(id=C1, activity_type="call", subject="s", next=None)
ONLY_CALL: Final = Flow(start=C1, steps=(CALL,))
AT_CALL: Final = replace(an_enrollment(), step_id=C1)
CAP: Final = budget.Cap(scope="tenant", a_day=10, name="all users together")


def test_only_caps_that_are_set_count_and_each_domain_has_its_own() -> None:
    settings = TenantSettings(sender_daily_cap=5, recipient_domain_daily_cap=2)
    to = ("a@acme.test", "b@beta.test", "c@acme.test")

    caps = budget.caps_on(an_enrollment(), to, settings)

    assert [(each.scope, each.a_day) for each in caps] == [
        ("sender#user-sally", 5),
        ("domain#acme.test", 2),
        ("domain#beta.test", 2),
    ]


@pytest.mark.parametrize("in_vain, days", [(1, 1), (10, 1), (11, 2), (25, 3), (5_000, 7)])
def test_a_long_queue_comes_again_on_the_day_that_has_room(in_vain: int, days: int) -> None:
    planned = budget.queued(an_enrollment(), MAIL, NOW, Times(), CAP, in_vain, "UTC")

    assert planned.at == NOW + days * DAY
    assert planned.why == "the daily cap of all users together (10) is used up"


def test_follow_ups_come_again_on_the_next_day_and_a_little_earlier() -> None:
    begun = replace(an_enrollment(), wire_ids=("w",))

    planned = budget.queued(begun, MAIL, NOW, Times(), CAP, 500, "UTC")

    assert planned.at == NOW + DAY - timedelta(minutes=30)


def test_in_a_window_follow_ups_come_in_the_first_half_hour_and_first_mails_after_it() -> None:
    office = Window(opens=time(9), closes=time(17))
    first, follow_up = an_enrollment(), replace(an_enrollment(), wire_ids=("w",))
    times = Times(window=office)

    later = budget.queued(first, MAIL, NOW, times, CAP, 1, "UTC").at
    sooner = budget.queued(follow_up, MAIL, NOW, times, CAP, 1, "UTC").at

    half_past = NOW + DAY + timedelta(minutes=30)
    assert NOW + DAY <= sooner < half_past <= later < NOW + DAY + timedelta(hours=1)


def test_a_pending_enrollment_begins_or_stands_by_for_its_day() -> None:
    pending = replace(AT_CALL, status=Status.PENDING)
    wake_up = TimeCame(token=1)

    begun = decide(pending, ONLY_CALL, wake_up, NOW, Facts()).enrollment
    later = decide(pending, ONLY_CALL, wake_up, NOW, Facts(place_at=NOW + DAY)).enrollment

    assert (begun.status, begun.phase, begun.due_at) == (Status.ACTIVE, Phase.READY, NOW)
    assert (later.status, later.due_at) == (Status.PENDING, NOW + DAY)


def test_a_pending_enrollment_is_told_its_day_in_the_zone_that_counts_days() -> None:
    pending = replace(AT_CALL, status=Status.PENDING)
    midnight = datetime(2026, 3, 4, tzinfo=ZoneInfo("Europe/Berlin"))

    later = starting.stand_by(pending, midnight)

    assert later.place_on == date(2026, 3, 4)
    assert later.due_at == datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert "its turn is on 2026-03-04" in later.why_then


def test_a_task_blocks_or_is_skipped_when_it_is_overdue() -> None:
    facts = Facts(skip_after=2 * DAY)
    asked = decide(AT_CALL, ONLY_CALL, TimeCame(token=1), NOW, facts).enrollment
    woken = TimeCame(token=asked.token)
    moved = replace(facts, task_due_at=NOW + DAY)

    blocked = decide(asked, ONLY_CALL, woken, NOW + 2 * DAY, Facts()).enrollment
    skipped = decide(asked, ONLY_CALL, woken, NOW + 2 * DAY, facts).enrollment
    snoozed = decide(asked, ONLY_CALL, woken, NOW + 2 * DAY, moved).enrollment

    assert asked.due_at == NOW + 2 * DAY
    assert (blocked.phase, blocked.due_at) == (Phase.ASKED, NOW + 32 * DAY)
    assert skipped.status is Status.COMPLETED
    assert (snoozed.phase, snoozed.due_at) == (Phase.ASKED, NOW + 3 * DAY)


def test_an_owner_on_leave_is_asked_nothing_until_they_are_back() -> None:
    leave = TimeOff(begins=NOW.date(), to=NOW.date() + DAY)
    absence = Absence(name="Sally", zone="UTC", times=(leave,))
    facts = Facts(times=Times(absence=absence))

    paused = decide(AT_CALL, ONLY_CALL, TimeCame(token=1), NOW, facts)

    assert (paused.enrollment.status, paused.enrollment.reason) == ("paused", "sender_unavailable")
    assert paused.enrollment.resume_at is not None
    assert paused.enrollment.resume_at.date() == NOW.date() + 2 * DAY


def test_catching_up_leaves_what_is_still_ahead_and_spreads_what_has_passed() -> None:
    wait = WaitStep(id=W1, wait_for=3 * DAY, next=C1)
    flow = Flow(start=W1, steps=(wait, CALL))
    start = replace(an_enrollment(), step_id=W1)
    waiting = decide(start, flow, TimeCame(token=1), NOW, Facts()).enrollment
    asked = PauseAsked(reason=PauseReason.MANUAL)
    paused = decide(waiting, flow, asked, NOW, Facts()).enrollment
    resume = ResumeAsked(mode=ResumeMode.CATCH_UP)

    soon = decide(paused, flow, resume, NOW + DAY, Facts()).enrollment
    late = decide(paused, flow, resume, NOW + 9 * DAY, Facts()).enrollment

    assert soon.due_at == NOW + 3 * DAY
    assert late.due_at is not None
    assert NOW + 9 * DAY <= late.due_at < NOW + 9 * DAY + timedelta(hours=4)


def test_what_is_worked_is_put_together_from_sender_tenant_and_recipient() -> None:
    business = BusinessCalendar(holiday_country="NO", days_off=(date(2026, 3, 4),))
    hours = {Weekday.MON: (("09:00", "12:00"),), Weekday.FRI: (("09:00", "12:00"),)}
    leave = (TimeOff(begins=date(2026, 3, 9), to=date(2026, 3, 9)),)
    sally = replace(a_user(), working_hours=hours, country="DE", time_off=leave)
    window = SendWindow(opens="08:30", closes="11:00", days=(Weekday.MON, Weekday.TUE))
    settings = Settings(send_window=window, working_days_only=True)
    tenant = TenantSettings(business_calendar=business)

    theirs = timing.times_of(settings, tenant=tenant, sender=sally, country="SE")
    hers = timing.times_of(Settings(send_window=window), tenant=tenant, sender=sally, country=None)
    nobodys = timing.times_of(Settings(), tenant=tenant, sender=None, country=None)

    assert theirs.window is not None
    assert hers.window is not None
    assert (theirs.calendar.weekend, theirs.calendar.country) == ({1, 2, 3, 5, 6}, "SE")
    assert theirs.window.opens == time(8, 30)
    assert theirs.window.calendar.weekend == frozenset(range(1, 7))
    assert hers.window.calendar.weekend == frozenset(range(2, 7))
    assert (hers.calendar.country, nobodys.calendar.country) == ("DE", "NO")
    assert hers.absence == Absence(name="Sally Seller", zone="UTC", times=leave)
    assert (nobodys.window, nobodys.absence) == (None, None)


def test_a_country_that_nobody_knows_has_no_holidays() -> None:
    assert free_days("ZZ", 2026).name_by_day == {}
    assert not is_free(date(2026, 12, 25), "ZZ")
    assert is_free(date(2026, 12, 25), "se")
    assert datetime(2026, 12, 25, tzinfo=UTC).date() in free_days("DE", 2026).name_by_day
