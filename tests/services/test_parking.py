"""A row that fails for ever: counted on its head, parked with the reason, resumed by a person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.ids import EnrollmentId, SignalId, StepId
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.domain.sequences.signals import Heard, MailEvent, TimeCame
from chalicelib.services import enrollments, parking, sweeping
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW
from tests.doubles import Doubles
from tests.services.runner import SALLY, SHARDS, Runner


def move_to(runner: Runner, enrolled: EnrollmentId, step_id: str) -> None:
    with Transaction() as tx:
        head = replace(runner.head(enrolled), step_id=StepId(step_id))
        runner.stores.enrollments.change(tx, head, ())


def fail(runner: Runner, enrolled: EnrollmentId) -> bool:
    token = runner.head(enrolled).token
    with pytest.raises(KeyError):
        runner.take(enrolled, TimeCame(token=token))
    return parking.fault(enrolled, token, "KeyError in walk, line 81", bench=runner.bench)


def test_a_row_that_fails_five_times_is_parked_and_goes_on_when_somebody_mended_it(
    runner: Runner,
) -> None:
    enrolled = runner.enroll()
    move_to(runner, enrolled, "gone")

    told = []
    for _ in range(5):
        told.append(fail(runner, enrolled))
        runner.doubles.clock.advance(timedelta(minutes=61))

    assert told == [False, False, False, False, True]
    parked = runner.head(enrolled)
    assert (parked.status, parked.reason) == (Status.PAUSED, "parked")
    assert "KeyError in walk, line 81" in parked.why_then
    assert runner.stores.enrollments.history(enrolled)[-1].why == "parked"

    move_to(runner, enrolled, "a1")
    enrollments.resume(enrolled, by=SALLY, bench=runner.bench)
    runner.drain()

    assert len(runner.doubles.mailer.sent) == 1
    assert runner.head(enrolled).step_id == "k1"


def test_a_try_that_goes_well_forgets_those_that_failed(runner: Runner) -> None:
    enrolled = runner.enroll()
    move_to(runner, enrolled, "gone")
    for _ in range(4):
        fail(runner, enrolled)
        runner.doubles.clock.advance(timedelta(minutes=61))
    move_to(runner, enrolled, "a1")

    runner.drain()

    assert runner.head(enrolled).faults == 0
    assert len(runner.doubles.mailer.sent) == 1


def test_a_key_that_cannot_be_read_does_not_block_its_shard(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.doubles.queues.dues = []
    for shard in range(SHARDS):
        break_a_key(shard)

    swept = [sweeping.sweep(shard, outside=runner.doubles.outside) for shard in range(SHARDS)]

    assert [each.unreadable for each in swept] == [1, 1, 1, 1]
    assert [each.enrollment_id for each in runner.doubles.queues.dues] == [enrolled]


def break_a_key(shard: int) -> None:
    Row(pk=f"broken-{shard}", sk="x", due_pk=keys.due_shard(shard), due_sk="2020#what").save()


def test_however_often_somebody_answers_an_enrollment_stays_small(
    stores: Stores, doubles: Doubles
) -> None:
    runner = Runner(stores, doubles)
    runner.set_up()
    enrolled = runner.enroll()
    runner.drain()

    for number in range(25):
        heard = Heard(
            id=SignalId(f"reply-{number}"),
            event=MailEvent.REPLIED,
            step_id=StepId("other"),
            at=NOW + timedelta(minutes=number),
            is_proven=False,
        )
        runner.take(enrolled, heard)

    standing = runner.stores.enrollments.stand(enrolled)
    assert len(standing.signals) == standing.enrollment.signals == 20
    assert standing.has(SignalId("reply-0"))
    assert standing.has(SignalId("reply-24"))
