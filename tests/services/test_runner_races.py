"""Many workers on one due set, and stops that come while they work: on ministack, with threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import EnrollmentId, ItemId, SignalId
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.ledger import SendState
from chalicelib.domain.sequences.signals import ExitReason, Stopped, TimeCame
from chalicelib.services import enrolling, working
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_lead
from tests.doubles import Doubles
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

WORKERS = 16


@pytest.fixture
def runner(shared_stores: Stores, doubles: Doubles) -> Runner:
    made = Runner(shared_stores, doubles)
    made.set_up()
    return made


def all_at_once(tasks: Sequence[Callable[[], object]]) -> list[object]:
    """Start every task at the same instant; a refusal is a result."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        start.wait()
        try:
            return task()
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [each.result() for each in [pool.submit(run, task) for task in tasks]]


def some_leads(runner: Runner, number: int) -> list[EnrollmentId]:
    ids = [ItemId(f"lead-race-{at}") for at in range(number)]
    for item_id in ids:
        ref = ItemRef(ItemKind.LEAD, item_id)
        runner.stores.items.create(replace(a_lead(), ref=ref))
    rows = enrolling.enroll(SEQUENCE, item_ids=ids, caller_id=SALLY, bench=runner.bench)
    return [row.enrollment_id for row in rows if row.enrollment_id is not None]


def test_sixteen_workers_send_each_mail_once(runner: Runner) -> None:
    enrolled = some_leads(runner, 4)

    def work() -> None:
        for each in enrolled:
            runner.take(each, TimeCame(token=1))

    all_at_once([work] * WORKERS)

    sent_to = sorted(mail.tags["enrollment"] for mail in runner.doubles.mailer.sent)
    assert sent_to == sorted(enrolled)
    assert {runner.head(each).step_id for each in enrolled} == {"k1"}


def test_a_stop_that_was_stored_before_the_claim_always_wins(runner: Runner) -> None:
    enrolled = some_leads(runner, 8)

    def send(each: EnrollmentId) -> Callable[[], object]:
        return lambda: runner.take(each, TimeCame(token=1))

    def stop(each: EnrollmentId) -> Callable[[], object]:
        signal = Stopped(id=SignalId("stop"), reason=ExitReason.UNSUBSCRIBED, at=NOW)
        return lambda: runner.take(each, signal)

    all_at_once([each for one in enrolled for each in (send(one), stop(one))])

    mailed = {mail.tags["enrollment"] for mail in runner.doubles.mailer.sent}
    claimed = {
        entry.enrollment_id
        for each in enrolled
        for entry in runner.stores.ledger.of_enrollment(each)
        if entry.state is SendState.SENT
    }
    assert mailed == claimed, "a mail left only where it was claimed before the stop"
    assert {runner.head(each).reason for each in enrolled} == {"unsubscribed"}
    assert runner.stores.counts.of(SEQUENCE)[Count.FAILED] == 8


def test_one_task_is_completed_once(runner: Runner) -> None:
    runner.enroll()
    runner.drain()
    runner.wait(timedelta(days=2, minutes=2))
    runner.wait(timedelta(days=3))
    (task,) = runner.tasks()

    def complete() -> object:
        return working.complete(
            task.id, outcome="not_answered", note=None, by=SALLY, bench=runner.bench
        )

    results = all_at_once([complete] * 8)

    assert sum(not isinstance(each, DomainError) for each in results) == 1
    assert runner.stores.counts.of(SEQUENCE)[Count.COMPLETED] == 1


def test_one_lead_is_enrolled_once(runner: Runner) -> None:
    def enroll() -> object:
        (row,) = enrolling.enroll(SEQUENCE, item_ids=[LEAD.id], caller_id=SALLY, bench=runner.bench)
        return row.code

    codes = all_at_once([enroll] * WORKERS)

    assert codes.count(None) == 1
    assert codes.count("already_active") == WORKERS - 1
    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 1
