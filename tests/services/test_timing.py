"""Journeys told in days: windows, holidays, leave, pauses, caps, places, overdue tasks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.crm.working_time import TimeOff, Weekday
from chalicelib.domain.ids import EnrollmentId, ItemId, StepId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.enrollment import Count, Phase, Status
from chalicelib.domain.sequences.settings import (
    Overdue,
    SendWindow,
    Settings,
    ZoneFrom,
)
from chalicelib.domain.sequences.signals import (
    PauseAsked,
    PauseReason,
    ResumeAsked,
    ResumeMode,
    TimeCame,
)
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services import enrolling, intake_lag, places, working
from chalicelib.storage import keys
from chalicelib.storage.budgets import Share
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_lead, a_person, a_tenant, a_user, an_enrollment
from tests.doubles import Doubles
from tests.services.runner import SALLY, SEQUENCE, Runner

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
M1, M2, W1, C1, K1, X1, X2 = (StepId(each) for each in ("m1", "m2", "w1", "c1", "k1", "x1", "x2"))
WEEKDAYS: Final = tuple(each for each in Weekday if each not in {Weekday.SAT, Weekday.SUN})
OFFICE: Final = Settings(
    send_window=SendWindow(opens="09:00", closes="17:00", days=WEEKDAYS), working_days_only=True
)


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Begin with nothing; what a test needs comes with `set_up`."""
    return Runner(stores, doubles)


def a_mail(name: StepId, following: StepId | None) -> EmailStep:
    return EmailStep(id=name, automatic=True, subject="s", body="b", next=following)


def flow(*steps: Step) -> Flow:
    return Flow(start=steps[0].id, steps=(*steps, EndStep(id=X1, outcome="done")))


def two_mails(days: int = 3) -> Flow:
    wait = WaitStep(id=W1, wait_for=days * DAY, next=M2)
    return flow(a_mail(M1, W1), wait, a_mail(M2, X1))


def set_up(runner: Runner, what: Flow, settings: Settings, **of_tenant: object) -> None:
    runner.stores.tenant.save(replace(a_tenant(), settings=of_tenant))
    runner.stores.users.save(a_user())
    runner.set_up_work(what, settings)


def enroll_many(runner: Runner, count: int) -> list[EnrollmentId]:
    leads: list[Item] = [
        replace(a_lead(), ref=ItemRef(ItemKind.LEAD, ItemId(f"lead-{number + 1}")))
        for number in range(count)
    ]
    for lead in leads[1:]:
        runner.stores.items.create(lead)
    rows = enrolling.enroll(
        SEQUENCE, item_ids=[each.ref.id for each in leads], caller_id=SALLY, bench=runner.bench
    )
    return [row.enrollment_id for row in rows if row.enrollment_id is not None]


def sent(runner: Runner) -> int:
    return len(runner.doubles.mailer.sent)


def go_to(runner: Runner, instant: datetime) -> None:
    """Jump from one due instant to the next, as a laptop's clock does, up to `instant`."""
    runner.drain()
    while (due_at := _next_due(runner)) is not None and due_at <= instant:
        runner.doubles.clock.instant = max(due_at, runner.now())
        runner.drain()
    runner.doubles.clock.instant = instant
    runner.drain()


def _next_due(runner: Runner) -> datetime | None:
    listing = runner.stores.enrollments.list_page(SEQUENCE, limit=100, cursor=None)
    return min((each.due_at for each in listing.rows if each.due_at is not None), default=None)


def test_a_follow_up_that_falls_on_saturday_goes_out_on_monday_morning_in_berlin(
    runner: Runner,
) -> None:
    set_up(runner, two_mails(5), OFFICE)
    enrolled = runner.enroll()
    runner.drain()

    head = runner.head(enrolled)
    go_to(runner, datetime(2026, 3, 9, 7, 59, tzinfo=UTC))
    before = sent(runner)
    go_to(runner, datetime(2026, 3, 9, 9, 0, tzinfo=UTC))

    assert head.planned_at is not None
    assert head.planned_at.date() == date(2026, 3, 9)
    assert head.why_then.startswith("5 days after 2026-03-02 09:00 UTC; moved from Sat 7 Mar 10:00")
    assert head.why_then.endswith("(Europe/Berlin): not a working day")
    assert (before, sent(runner)) == (1, 2)


def test_a_recipient_without_a_zone_gets_that_of_their_country(runner: Runner) -> None:
    set_up(runner, two_mails(), OFFICE)
    person = runner.stores.items.get(a_person().ref)
    runner.stores.items.save(replace(person, time_zone=None, country="JP"))

    head = runner.head(runner.enroll())

    assert (head.zone, head.country) == ("Asia/Tokyo", "JP")


def test_a_sequence_may_count_by_the_senders_clock(runner: Runner) -> None:
    set_up(runner, two_mails(), Settings(time_zone_from=ZoneFrom.SENDER))
    runner.stores.users.save(replace(runner.stores.users.get(SALLY), time_zone="Europe/Lisbon"))

    assert runner.head(runner.enroll()).zone == "Europe/Lisbon"


def test_a_mail_of_a_sender_on_leave_waits_for_their_return(runner: Runner) -> None:
    set_up(runner, two_mails(), OFFICE)
    leave = TimeOff(begins=date(2026, 3, 2), to=date(2026, 3, 10))
    sally = runner.stores.users.get(SALLY)
    runner.stores.users.save(replace(sally, time_off=(leave,)))
    enrolled = runner.enroll()

    runner.drain()
    head = runner.head(enrolled)
    go_to(runner, datetime(2026, 3, 11, 10, tzinfo=UTC))

    assert "Sally Seller is away until 2026-03-10" in head.why_then
    assert sent(runner) == 1


def test_a_task_for_somebody_on_leave_pauses_until_they_are_back(runner: Runner) -> None:
    call = ActivityStep(id=C1, activity_type="call", subject="s", next=X1)
    set_up(runner, flow(WaitStep(id=W1, wait_for=DAY, next=C1), call), Settings())
    enrolled = runner.enroll()
    runner.drain()
    leave = TimeOff(begins=date(2026, 3, 3), to=date(2026, 3, 6))
    sally = runner.stores.users.get(SALLY)
    runner.stores.users.save(replace(sally, time_off=(leave,)))

    runner.wait(DAY)
    away = runner.head(enrolled)
    tasks_then = runner.tasks()
    go_to(runner, datetime(2026, 3, 7, 12, tzinfo=UTC))

    assert (away.status, away.reason) == (Status.PAUSED, "sender_unavailable")
    assert tasks_then == []
    assert [task.step_id for task in runner.tasks()] == [C1]


def test_a_mail_two_hours_late_is_planned_anew_and_never_sent_in_a_blast(runner: Runner) -> None:
    set_up(runner, two_mails(), Settings())
    everybody = enroll_many(runner, 6)
    runner.doubles.clock.advance(2 * HOUR)

    runner.drain()
    at_once = sent(runner)
    planned = {runner.head(each).due_at for each in everybody}
    go_to(runner, NOW + 4 * HOUR)

    assert at_once == 0
    assert len(planned) == 6
    assert sent(runner) == 6


@pytest.mark.parametrize("mode", list(ResumeMode))
def test_a_pause_freezes_clocks_and_the_resume_moves_or_catches_up(
    runner: Runner, mode: ResumeMode
) -> None:
    set_up(runner, two_mails(5), Settings())
    enrolled = runner.enroll()
    runner.drain()
    runner.wait(DAY)
    runner.take(enrolled, PauseAsked(reason=PauseReason.MANUAL))
    runner.doubles.clock.advance(2 * DAY)

    resumed = runner.take(enrolled, ResumeAsked(mode=mode))

    days = {ResumeMode.SHIFT: 7, ResumeMode.CATCH_UP: 5}[mode]
    assert resumed.due_at == NOW + days * DAY


def test_catching_up_after_a_long_pause_spreads_what_has_passed(runner: Runner) -> None:
    set_up(runner, two_mails(), Settings())
    everybody = enroll_many(runner, 6)
    runner.drain()
    for each in everybody:
        runner.take(each, PauseAsked(reason=PauseReason.MANUAL))
    runner.doubles.clock.advance(10 * DAY)
    mode = ResumeMode.CATCH_UP

    resumed = [runner.take(each, ResumeAsked(mode=mode)) for each in everybody]

    planned = [each.due_at or NOW for each in resumed]
    assert len(set(planned)) == 6
    assert all(timedelta() <= each - runner.now() < 4 * HOUR for each in planned)


def test_a_cap_queues_and_the_queue_goes_out_day_by_day(runner: Runner) -> None:
    set_up(runner, two_mails(30), Settings(), sender_daily_cap=2)
    everybody = enroll_many(runner, 5)

    runner.drain()
    first_day = sent(runner)
    waiting = [runner.head(each) for each in everybody if runner.head(each).phase is Phase.READY]
    go_to(runner, NOW + DAY)
    second_day = sent(runner)
    go_to(runner, NOW + 2 * DAY)

    assert (first_day, second_day, sent(runner)) == (2, 4, 5)
    assert {each.why_then for each in waiting} == {"the daily cap of this sender (2) is used up"}
    assert [each.status for each in map(runner.head, everybody)] == [Status.ACTIVE] * 5


def test_when_the_day_is_full_a_follow_up_comes_before_a_first_mail(runner: Runner) -> None:
    set_up(runner, two_mails(1), OFFICE, account_daily_cap=1)
    begun = runner.enroll()
    runner.drain()
    go_to(runner, NOW + DAY - HOUR)
    newcomers = enroll_many(runner, 3)

    go_to(runner, NOW + DAY + HOUR)
    second_day = sent(runner)
    heads = map(runner.head, (begun, *newcomers))
    waiting = [each for each in heads if "daily cap" in each.why_then]
    in_order = sorted(waiting, key=lambda each: each.due_at or NOW)

    assert second_day == 2
    assert [each.step_id for each in in_order] == [M2, M1]
    assert in_order[0].why_then.startswith("the daily cap of all users together (1) is used up")


def test_a_mail_that_was_refused_gives_its_share_back(runner: Runner) -> None:
    set_up(runner, two_mails(), Settings(), recipient_domain_daily_cap=5)
    runner.doubles.mailer.failures = [SendError(Fate.THIS_RECIPIENT, "MessageRejected")]
    runner.enroll()

    runner.drain()

    assert sent(runner) == 0
    assert runner.stores.budgets.used(Share("domain#acme.test", NOW.date())) == 0


def test_a_throttled_mail_counts_once_when_it_goes_out_at_last(runner: Runner) -> None:
    set_up(runner, two_mails(), Settings(), account_daily_cap=5)
    runner.doubles.mailer.failures = [SendError(Fate.LATER, "TooManyRequestsException")]
    runner.enroll()

    runner.drain()
    runner.wait(timedelta(minutes=1))

    assert sent(runner) == 1
    assert runner.stores.budgets.used(Share("tenant", NOW.date())) == 1


def test_a_follow_up_waits_while_intake_is_behind_and_a_first_mail_does_not(
    runner: Runner,
) -> None:
    set_up(runner, two_mails(1), Settings())
    enrolled = runner.enroll()
    runner.doubles.queues.send("intake", ["a mail that nobody has read"])

    runner.drain()
    runner.wait(DAY)
    silent = runner.head(enrolled).why_then
    intake_lag.take_pulse("intake", timedelta(minutes=6), runner.now())
    runner.wait(timedelta(minutes=5))
    slow = sent(runner)
    intake_lag.take_pulse("intake", timedelta(seconds=3), runner.now())
    runner.wait(timedelta(minutes=5))

    assert silent == "intake is behind: an answer may lie there unread"
    assert (slow, sent(runner)) == (1, 2)


def test_an_empty_queue_is_never_behind(runner: Runner) -> None:
    set_up(runner, two_mails(1), Settings())
    runner.enroll()

    runner.drain()
    runner.wait(DAY)

    assert sent(runner) == 2


def test_a_place_is_given_on_the_first_day_that_has_one(runner: Runner) -> None:
    set_up(runner, two_mails(), Settings())
    days = []
    for number in range(5):
        place = places.find(SEQUENCE, EnrollmentId(f"e{number}"), 2, bench=runner.bench)
        with Transaction() as tx:
            place.take(tx)
        days.append(place.at.date())

    assert days == [NOW.date(), NOW.date(), *[NOW.date() + DAY] * 2, NOW.date() + 2 * DAY]


@pytest.mark.parametrize("outcome", ["no", "done"])
def test_an_overdue_task_is_skipped_after_some_days_and_its_condition_is_a_no(
    runner: Runner, outcome: str
) -> None:
    call = ActivityStep(id=C1, activity_type="call", subject="s", due_in=DAY, next=K1)
    asks = ConditionStep(id=K1, on=Asked.ANSWERED, of=C1, yes=X2, no=X1)
    steps = (call, asks, EndStep(id=X2, outcome="yes"))
    settings = Settings(overdue=Overdue(skip_after=2 * DAY))
    set_up(runner, flow(*steps), settings if outcome == "done" else Settings())
    enrolled = runner.enroll()
    runner.drain()

    go_to(runner, NOW + 3 * DAY - HOUR)
    before = runner.head(enrolled)
    go_to(runner, NOW + 3 * DAY)
    after = runner.head(enrolled)

    assert before.phase is Phase.ASKED
    assert after.is_over is (outcome == "done")
    assert after.outcome == {"no": None, "done": "done"}[outcome]
    lines = runner.stores.enrollments.history(enrolled)
    whys = [line.why for line in lines if line.state == "skipped"]
    assert whys == {"no": [], "done": ["nobody worked it for 2 days after it was due"]}[outcome]


def test_a_snoozed_task_is_overdue_later(runner: Runner) -> None:
    call = ActivityStep(id=C1, activity_type="call", subject="s", next=X1)
    set_up(runner, flow(call), Settings(overdue=Overdue(skip_after=2 * DAY)))
    enrolled = runner.enroll()
    runner.drain()
    (task,) = runner.tasks()
    working.snooze(task.id, until=NOW + 5 * DAY, bench=runner.bench)

    go_to(runner, NOW + 6 * DAY)
    before = runner.head(enrolled).is_over
    go_to(runner, NOW + 7 * DAY)

    assert (before, runner.head(enrolled).is_over) == (False, True)


def a_pending_one(runner: Runner, number: int) -> EnrollmentId:
    """Put an enrollment there that waits for a day with a place."""
    lead = ItemRef(ItemKind.LEAD, ItemId(f"pending-{number}"))
    runner.stores.items.create(replace(a_lead(), ref=lead))
    enrolled = replace(
        an_enrollment(),
        id=keys.enrollment_id(runner.stores.tenant_id, SEQUENCE, lead, 1),
        sequence_id=SEQUENCE,
        item=lead,
        status=Status.PENDING,
        step_id=M1,
        due_at=NOW,
        planned_at=None,
    )
    with Transaction() as tx:
        begun = runner.stores.enrollments.begin(tx, enrolled, ())
        counts = runner.stores.counts
        counts.move(tx, SEQUENCE, begun.id, out_of=None, into=Count.IN_PROGRESS)
    return begun.id


def test_pending_enrollments_begin_day_by_day_and_are_looked_at_once(runner: Runner) -> None:
    set_up(runner, two_mails(30), Settings(max_new_per_day=2))
    everybody = [a_pending_one(runner, number) for number in range(1, 6)]

    runner.drain()
    first_day = [runner.head(each).status for each in everybody].count(Status.ACTIVE)
    waiting = [head for head in map(runner.head, everybody) if head.status is Status.PENDING]
    go_to(runner, NOW + DAY)
    second_day = [runner.head(each).status for each in everybody].count(Status.ACTIVE)
    go_to(runner, NOW + 2 * DAY)

    assert (first_day, second_day) == (2, 4)
    assert waiting[0].why_then.startswith("its turn is on 2026-03-0")
    assert {runner.head(each).status for each in everybody} == {Status.ACTIVE}
    taken = runner.stores.budgets.places_from(SEQUENCE, NOW.date())
    assert sorted(taken.values()) == [1, 2, 2]


def test_an_old_wake_up_takes_no_place(runner: Runner) -> None:
    set_up(runner, two_mails(), Settings(max_new_per_day=1))
    enrolled = a_pending_one(runner, 1)

    runner.take(enrolled, TimeCame(token=0))

    assert runner.stores.budgets.places_from(SEQUENCE, NOW.date()) == {}
    assert runner.head(enrolled).status is Status.PENDING
