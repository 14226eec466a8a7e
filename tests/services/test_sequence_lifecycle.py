"""What becomes of those inside when their sequence is paused, resumed, deactivated or deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import EnrollmentId, ItemId, StepId
from chalicelib.domain.sequences.definition import Sequence, SequenceStatus
from chalicelib.domain.sequences.enrollment import Count, Status
from chalicelib.services import enrolling, following, sequence_lifecycle, sequences
from tests.builders import a_caller, a_lead, an_admin, an_admin_caller
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def pause(runner: Runner) -> None:
    sequence = runner.stores.sequences.get(SEQUENCE)
    sequence_lifecycle.pause(sequence, stores=runner.stores, now=runner.now())


def resume(runner: Runner) -> None:
    sequence = runner.stores.sequences.get(SEQUENCE)
    sequence_lifecycle.resume(sequence, by=SALLY, bench=runner.bench)


def deactivate(runner: Runner) -> int:
    sequence = runner.stores.sequences.get(SEQUENCE)
    return sequence_lifecycle.deactivate(sequence, by=SALLY, bench=runner.bench)


def enroll_many(runner: Runner, count: int) -> list[EnrollmentId]:
    """Enroll as many leads of Paula's."""
    leads: list[Item] = [
        replace(a_lead(), ref=ItemRef(ItemKind.LEAD, ItemId(f"lead-{number + 1}")))
        for number in range(count)
    ]
    for lead in leads:
        if lead.ref != LEAD:
            runner.stores.items.create(lead)
    rows = enrolling.enroll(
        SEQUENCE, item_ids=[each.ref.id for each in leads], caller_id=SALLY, bench=runner.bench
    )
    return [row.enrollment_id for row in rows if row.enrollment_id is not None]


def test_nothing_is_sent_while_a_sequence_is_paused(runner: Runner) -> None:
    enrolled = runner.enroll()
    pause(runner)

    runner.wait(3 * DAY)

    assert runner.doubles.mailer.sent == []
    head = runner.head(enrolled)
    assert (head.status, head.reason) == (Status.PAUSED, "sequence_paused")
    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 1


def test_a_resumed_sequence_sends_what_was_due(runner: Runner) -> None:
    runner.enroll()
    pause(runner)
    runner.wait(3 * DAY)

    resume(runner)
    runner.drain()

    assert len(runner.doubles.mailer.sent) == 1


def test_clocks_stand_still_with_their_sequence(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()
    asks_until = runner.now() + 2 * DAY
    runner.wait(DAY)
    pause(runner)
    runner.wait(5 * DAY)

    resume(runner)

    head = runner.head(enrolled)
    assert head.status is Status.ACTIVE
    assert head.step_id == StepId("k1")
    assert head.planned_at == asks_until + 5 * DAY
    runner.wait(DAY + 3 * timedelta(minutes=1))
    assert runner.head(enrolled).step_id == StepId("w1")


def pause_amid_an_edit(runner: Runner, *, read_version: int | None) -> Sequence:
    """Pause a sequence that somebody renames between its reading and its writing."""
    stores = runner.stores
    edited: list[Sequence] = []

    def paused(sequence: Sequence) -> Sequence:
        if not edited:
            edited.append(stores.sequences.save(structs.replace(sequence, name="Renamed")))
        return sequence_lifecycle.pause(sequence, stores=stores, now=runner.now())

    return sequences.move(
        SEQUENCE, "pause", paused, read_version=read_version, caller=a_caller(), stores=stores
    )


def test_a_sequence_is_paused_though_somebody_edits_it_at_that_moment(runner: Runner) -> None:
    paused = pause_amid_an_edit(runner, read_version=None)

    assert (paused.name, paused.status) == ("Renamed", SequenceStatus.PAUSED)


def test_who_names_the_version_that_they_read_pauses_no_other(runner: Runner) -> None:
    known = runner.stores.sequences.get(SEQUENCE)

    with pytest.raises(StaleWriteError):
        pause_amid_an_edit(runner, read_version=known.version)

    assert runner.stores.sequences.get(SEQUENCE).status is SequenceStatus.ACTIVE


def test_a_manual_step_stays_in_the_feed_of_a_paused_sequence(runner: Runner) -> None:
    runner.enroll()
    runner.drain()
    runner.wait(2 * DAY + HOUR)
    runner.wait(3 * DAY)
    pause(runner)

    runner.wait(DAY)

    assert [task.step_id for task in runner.tasks()] == ["c1"]


def test_a_paused_sequence_takes_no_items(runner: Runner) -> None:
    pause(runner)

    with pytest.raises(enrolling.SequenceNotActiveError):
        runner.enroll()


@pytest.mark.requirement("PD-SEQ-24")
def test_a_deactivated_sequence_lets_all_go_and_says_how_many(runner: Runner) -> None:
    ids = enroll_many(runner, 3)

    disconnected = deactivate(runner)

    assert disconnected == 3
    assert {runner.head(each).reason for each in ids} == {"sequence_deactivated"}
    counts = runner.stores.counts.of(SEQUENCE)
    assert (counts[Count.IN_PROGRESS], counts[Count.FAILED]) == (0, 3)
    assert runner.stores.enrollments.slot_holder(LEAD) is None
    runner.wait(10 * DAY)
    assert runner.doubles.mailer.sent == []
    assert runner.tasks() == []


def test_a_job_lets_the_rest_go_and_nothing_is_sent_meanwhile(runner: Runner) -> None:
    ids = enroll_many(runner, following.DIRECTLY + 5)

    disconnected = deactivate(runner)

    assert disconnected == following.DIRECTLY + 5
    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 5
    with pytest.raises(sequence_lifecycle.StillLettingGoError):
        sequence_lifecycle.activate(
            runner.stores.sequences.get(SEQUENCE), stores=runner.stores, now=runner.now()
        )
    assert runner.do_jobs()
    runner.drain()
    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 0
    assert {runner.head(each).reason for each in ids} == {"sequence_deactivated"}
    assert runner.doubles.mailer.sent == []


def test_without_the_job_the_rest_leave_when_their_time_comes(runner: Runner) -> None:
    enroll_many(runner, following.DIRECTLY + 5)
    deactivate(runner)

    runner.wait(timedelta(minutes=1))

    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 0
    assert runner.doubles.mailer.sent == []


def test_a_deleted_sequence_lets_all_go(runner: Runner) -> None:
    runner.stores.users.save(an_admin())
    ids = enroll_many(runner, 2)

    disconnected = sequences.delete(
        SEQUENCE, disconnects=True, read_version=None, caller=an_admin_caller(), bench=runner.bench
    )

    assert disconnected == 2
    assert runner.stores.sequences.find(SEQUENCE) is None
    assert {runner.head(each).reason for each in ids} == {"sequence_deleted"}
