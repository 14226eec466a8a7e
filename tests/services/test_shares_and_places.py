"""Shares of a day's caps and places of a day: none is lost, none is taken twice."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import EnrollmentId, ItemId, SignalId
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import ExitReason, Stopped, TimeCame
from chalicelib.services import enrolling, enrollments, steering
from chalicelib.storage.budgets import Share, _note
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_lead, an_admin
from tests.doubles import Doubles
from tests.services.runner import SALLY, SEQUENCE, Runner

TODAY: Final = NOW.date()
TENANTS: Final = Share("tenant", TODAY)
DAY: Final = timedelta(days=1)


class PowerCut(BaseException):
    """The worker ends here."""


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Give a runner whose tenant sends at most five mails a day."""
    made = Runner(stores, doubles)
    made.set_up()
    cap(made, 5)
    return made


def cap(runner: Runner, mails_a_day: int) -> None:
    known = runner.stores.tenant.get()
    runner.stores.tenant.save(replace(known, settings={"account_daily_cap": mails_a_day}))


def before_the_claim(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Let a deed happen before the next transaction that claims a mail."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    waiting = [deed]

    def guarded(client: BaseClient, name: str, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        if name == "TransactWriteItems" and waiting and "'sending'" in str(asked):
            waiting.pop()()
        return call(client, name, *asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", guarded)


def die() -> None:
    raise PowerCut


def send(runner: Runner, enrollment_id: EnrollmentId) -> None:
    runner.take(enrollment_id, TimeCame(token=runner.head(enrollment_id).token))


def used(runner: Runner) -> int:
    return runner.stores.budgets.used(TENANTS)


def test_a_worker_that_dies_before_its_claim_leaves_its_share_to_whoever_tries_again(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled = runner.enroll()
    before_the_claim(monkeypatch, die)
    with pytest.raises(PowerCut):
        send(runner, enrolled)
    assert used(runner) == 1

    send(runner, enrolled)

    assert len(runner.doubles.mailer.sent) == 1
    assert used(runner) == 1


def test_the_last_share_of_a_day_is_not_lost_with_its_worker(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    cap(runner, 1)
    enrolled = runner.enroll()
    before_the_claim(monkeypatch, die)
    with suppress(PowerCut):
        send(runner, enrolled)

    send(runner, enrolled)

    assert len(runner.doubles.mailer.sent) == 1


def test_a_stop_that_comes_before_the_claim_gives_the_share_back(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled = runner.enroll()
    stop = Stopped(id=SignalId("stop"), reason=ExitReason.UNSUBSCRIBED, at=NOW)
    before_the_claim(monkeypatch, lambda: runner.take(enrolled, stop))

    send(runner, enrolled)

    assert runner.doubles.mailer.sent == []
    assert used(runner) == 0


def test_a_worker_that_another_was_quicker_than_does_not_give_back_what_that_one_used(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled = runner.enroll()
    before_the_claim(monkeypatch, lambda: send(runner, enrolled))

    send(runner, enrolled)

    assert len(runner.doubles.mailer.sent) == 1
    assert used(runner) == 1


def test_who_finds_a_later_cap_full_gives_back_only_what_they_took_themselves(
    runner: Runner,
) -> None:
    known = runner.stores.tenant.get()
    caps = {"account_daily_cap": 5, "sender_daily_cap": 1}
    runner.stores.tenant.save(replace(known, settings=caps))
    enrolled = runner.enroll()
    senders = Share(f"sender#{SALLY}", TODAY)
    head = runner.head(enrolled)
    twin = f"{enrolled}/{head.step_id}/{head.tries + 1}"
    runner.stores.budgets.reserve(TENANTS, 5, taker=twin)
    runner.stores.budgets.reserve(senders, 1, taker="another mail")

    send(runner, enrolled)

    assert runner.doubles.mailer.sent == []
    assert used(runner) == 1, "the twin relies on it"


def test_who_finds_a_later_cap_full_gives_back_what_they_took(runner: Runner) -> None:
    known = runner.stores.tenant.get()
    caps = {"account_daily_cap": 5, "sender_daily_cap": 1}
    runner.stores.tenant.save(replace(known, settings=caps))
    enrolled = runner.enroll()
    runner.stores.budgets.reserve(Share(f"sender#{SALLY}", TODAY), 1, taker="another mail")

    send(runner, enrolled)

    assert runner.doubles.mailer.sent == []
    assert used(runner) == 0


def test_who_hands_an_enrollment_on_before_the_claim_gives_the_senders_share_back(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = runner.stores.tenant.get()
    caps = {"account_daily_cap": 5, "sender_daily_cap": 5}
    runner.stores.tenant.save(replace(known, settings=caps))
    adam = runner.stores.users.save(an_admin()).id
    runner.stores.consents.give(Consent(user_id=adam, sequence_id=SEQUENCE, given_at=NOW))
    enrolled = runner.enroll()
    before_the_claim(
        monkeypatch, lambda: steering.assign(enrolled, user_id=adam, by=SALLY, bench=runner.bench)
    )

    send(runner, enrolled)

    counted = [
        runner.stores.budgets.used(Share(scope, TODAY))
        for scope in ("tenant", f"sender#{SALLY}", f"sender#{adam}")
    ]
    assert len(runner.doubles.mailer.sent) == 1
    assert counted == [1, 0, 1]


def test_a_share_that_was_given_back_can_be_taken_again(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets = runner.stores.budgets

    assert budgets.reserve(TENANTS, 1, taker="one") is None
    assert budgets.reserve(TENANTS, 1, taker="one") == 0
    assert budgets.reserve(TENANTS, 1, taker="two") == 1
    budgets.give_back(TENANTS, taker="two")
    assert used(runner) == 1
    budgets.give_back(TENANTS, taker="one")
    budgets.give_back(TENANTS, taker="one")
    assert used(runner) == 0
    assert budgets.reserve(TENANTS, 1, taker="two") is None


def test_a_day_is_not_called_full_because_another_wrote_over_the_note_at_that_moment(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets = runner.stores.budgets
    place = str(_note("one")[0])
    other = next(each for each in map(str, range(1_000)) if str(_note(each)[0]) == place)
    budgets.reserve(TENANTS, 9, taker="one")
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    waiting = [lambda: budgets.reserve(TENANTS, 9, taker=other)]

    def guarded(client: BaseClient, name: str, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        if name == "BatchGetItem" and waiting:
            waiting.pop()()
        return call(client, name, *asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", guarded)

    assert budgets.reserve(TENANTS, 9, taker="one") is None
    assert not waiting
    assert used(runner) == 3, "one share is lost for the day (0049), and no mail waits for tomorrow"


@pytest.fixture
def in_line(stores: Stores, doubles: Doubles) -> Runner:
    """Give a runner whose sequence takes one a day."""
    made = Runner(stores, doubles)
    made.set_up(settings=Settings(max_new_per_day=1))
    return made


def enroll(runner: Runner, *names: str) -> list[EnrollmentId]:
    """Enroll leads of these names."""
    ids = [ItemId(name) for name in names]
    for item_id in ids:
        runner.stores.items.create(replace(a_lead(), ref=ItemRef(ItemKind.LEAD, item_id)))
    rows = enrolling.enroll(SEQUENCE, item_ids=ids, caller_id=SALLY, bench=runner.bench)
    return [row.enrollment_id for row in rows if row.enrollment_id is not None]


def places(runner: Runner) -> list[int]:
    return list(runner.stores.budgets.places_from(SEQUENCE, TODAY).values())


def test_who_is_removed_before_their_day_leaves_its_place_to_another(in_line: Runner) -> None:
    _, second, third = enroll(in_line, "first", "second", "third")

    enrollments.remove(second, by=SALLY, bench=in_line.bench)
    (newcomer,) = enroll(in_line, "newcomer")

    assert places(in_line) == [1, 1, 1]
    assert in_line.head(second).status is Status.EXITED
    due = [in_line.head(each).due_at for each in (newcomer, third)]
    assert [due_at and due_at.date() for due_at in due] == [TODAY + DAY, TODAY + 2 * DAY]


def test_who_was_removed_twice_leaves_one_place(in_line: Runner) -> None:
    _, second = enroll(in_line, "first", "second")
    stop = Stopped(id=SignalId("stop"), reason=ExitReason.UNSUBSCRIBED, at=NOW)

    for _ in range(2):
        in_line.take(second, stop)

    assert places(in_line) == [1, 0]


def test_who_is_removed_leaves_their_own_day_though_the_tenant_moved_to_another_zone(
    in_line: Runner,
) -> None:
    _, second, third = enroll(in_line, "first", "second", "third")
    known = in_line.stores.tenant.get()
    in_line.stores.tenant.save(replace(known, settings={"time_zone": "America/New_York"}))
    in_line.doubles.clock.advance(timedelta(minutes=1))

    enrollments.remove(third, by=SALLY, bench=in_line.bench)

    assert places(in_line) == [1, 1, 0]
    assert in_line.head(second).place_on == TODAY + DAY


def test_who_is_paused_and_removed_before_their_day_leaves_its_place_too(in_line: Runner) -> None:
    _, second = enroll(in_line, "first", "second")

    enrollments.pause(second, by=SALLY, until=None, bench=in_line.bench)
    enrollments.remove(second, by=SALLY, bench=in_line.bench)

    assert places(in_line) == [1, 0]


def test_who_was_resumed_has_begun_and_keeps_the_place(in_line: Runner) -> None:
    _, second = enroll(in_line, "first", "second")

    enrollments.pause(second, by=SALLY, until=None, bench=in_line.bench)
    enrollments.resume(second, by=SALLY, bench=in_line.bench)
    enrollments.remove(second, by=SALLY, bench=in_line.bench)

    assert places(in_line) == [1, 1]


def test_who_has_begun_keeps_the_place_of_that_day(in_line: Runner) -> None:
    (first,) = enroll(in_line, "first")

    enrollments.remove(first, by=SALLY, bench=in_line.bench)

    assert places(in_line) == [1]
