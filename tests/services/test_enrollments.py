"""Enrolling items: who gets in, who does not and why, one row each."""

from dataclasses import replace

import msgspec
import pytest

from chalicelib.domain.crm.items import ItemStatus
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.errors import MissingError, RuleError, StateError
from chalicelib.domain.ids import ItemId, SequenceId, SignalId, StepId, UserId
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.signals import ExitReason, Stopped
from chalicelib.services import enrolling, enrollments
from chalicelib.services.decisions import Bench
from chalicelib.services.outcomes import Outcome
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_deal, a_lead, a_person
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner


def enroll(runner: Runner, *item_ids: str, is_dry_run: bool = False) -> list[Outcome]:
    return enrolling.enroll(
        SEQUENCE,
        item_ids=[ItemId(each) for each in item_ids],
        caller_id=SALLY,
        is_dry_run=is_dry_run,
        bench=runner.bench,
    )


@pytest.mark.requirement("PD-SEQ-27")
@pytest.mark.requirement("PD-SEQ-25")
def test_several_items_are_enrolled_in_one_request_and_answered_in_its_order(
    runner: Runner,
) -> None:
    other = replace(a_lead(), ref=replace(LEAD, id=ItemId("lead-2")))
    runner.stores.items.create(other)

    rows = enroll(runner, "lead-2", "nobody", "lead-1")

    assert [(row.item_id, row.enrolled, row.code) for row in rows] == [
        ("lead-2", True, None),
        ("nobody", False, "not_found"),
        ("lead-1", True, None),
    ]


@pytest.mark.requirement("PD-SEQ-03")
def test_a_deal_is_refused_by_a_sequence_for_leads(runner: Runner) -> None:
    runner.stores.items.create(a_deal())

    (row,) = enroll(runner, "deal-1")

    assert (row.enrolled, row.code) == (False, "wrong_kind")


def test_a_closed_lead_is_refused(runner: Runner) -> None:
    runner.stores.items.save(replace(runner.stores.items.get(LEAD), status=ItemStatus.ARCHIVED))

    (row,) = enroll(runner, "lead-1")

    assert row.code == "item_closed"


def test_a_person_without_address_is_refused(runner: Runner) -> None:
    person = runner.stores.items.get(a_person().ref)
    runner.stores.items.save(replace(person, emails=()))

    (row,) = enroll(runner, "lead-1")

    assert row.code == "no_address"


def test_a_suppressed_address_is_refused(runner: Runner) -> None:
    runner.stores.addresses.suppress("paula@acme.test", SuppressionReason.COMPLAINED, NOW)

    (row,) = enroll(runner, "lead-1")

    assert row.code == "suppressed"


def test_an_item_is_active_once_at_a_time(runner: Runner) -> None:
    runner.enroll()

    (row,) = enroll(runner, "lead-1")

    assert row.code == "already_active"


def test_an_item_that_has_left_can_be_enrolled_again_as_the_next_rotation(runner: Runner) -> None:
    first = runner.enroll()
    runner.take(first, Stopped(id=SignalId("s"), reason=ExitReason.REMOVED_BY_USER, at=NOW))

    second = runner.enroll()

    assert second != first
    assert runner.head(second).rotation == 2


@pytest.mark.requirement("PD-SEQ-16")
def test_anothers_consent_does_not_count(runner: Runner) -> None:
    runner.stores.consents.withdraw(SALLY, SEQUENCE)

    (row,) = enroll(runner, "lead-1")

    assert row.enrolled
    assert row.warnings == ("consent_missing",)


def test_a_sender_whose_domain_is_not_verified_is_a_warning(runner: Runner) -> None:
    user = runner.stores.users.get(SALLY)
    runner.stores.users.save(replace(user, email="sally@other.test"))

    (row,) = enroll(runner, "lead-1", is_dry_run=True)

    assert row.warnings == ("sender_unverified",)


def test_a_dry_run_says_the_same_and_changes_nothing(runner: Runner) -> None:
    (row,) = enroll(runner, "lead-1", is_dry_run=True)

    assert (row.enrolled, row.enrollment_id) == (True, None)
    assert runner.stores.enrollments.slot_holder(LEAD) is None


def test_a_dry_run_sees_the_taken_slot(runner: Runner) -> None:
    runner.enroll()

    (row,) = enroll(runner, "lead-1", is_dry_run=True)

    assert (row.enrolled, row.code) == (False, "already_active")


@pytest.mark.requirement("D365-SEQ-29")
def test_only_an_active_sequence_takes_items(runner: Runner) -> None:
    sequence = runner.stores.sequences.get(SEQUENCE)
    runner.stores.sequences.save(msgspec.structs.replace(sequence, status=SequenceStatus.INACTIVE))

    with pytest.raises(StateError) as refusal:
        enroll(runner, "lead-1")

    assert refusal.value.code == "sequence_not_active"


def test_an_unknown_sequence_is_missing(runner: Runner) -> None:
    with pytest.raises(MissingError):
        enrolling.enroll(
            SequenceId("nobody"), item_ids=[LEAD.id], caller_id=SALLY, bench=runner.bench
        )


def test_an_unknown_owner_or_step_refuses_the_whole_request(runner: Runner) -> None:
    for wrong in ({"owner_id": UserId("nobody")}, {"start_step_id": StepId("nowhere")}):
        with pytest.raises(RuleError):
            enrolling.enroll(
                SEQUENCE,
                item_ids=[LEAD.id],
                caller_id=SALLY,
                bench=runner.bench,
                **wrong,
            )


def test_enrolling_may_start_at_a_later_step(runner: Runner) -> None:
    (row,) = enrolling.enroll(
        SEQUENCE,
        item_ids=[LEAD.id],
        caller_id=SALLY,
        start_step_id=StepId("c1"),
        bench=runner.bench,
    )
    runner.drain()

    assert row.enrolled
    assert [task.step_id for task in runner.tasks()] == ["c1"]


@pytest.mark.requirement("PD-SEQ-23")
def test_an_item_is_removed_by_hand_and_its_history_stays(runner: Runner) -> None:
    enrolled = runner.enroll()

    removed = enrollments.remove(enrolled, by=SALLY, bench=runner.bench)

    assert (removed.status, removed.reason) == ("exited", "removed_by_user")
    assert runner.stores.enrollments.history(enrolled)[-1].by == "user-sally"


def test_what_is_over_cannot_be_removed(runner: Runner) -> None:
    enrolled = runner.enroll()
    enrollments.remove(enrolled, by=SALLY, bench=runner.bench)

    with pytest.raises(StateError):
        enrollments.remove(enrolled, by=SALLY, bench=runner.bench)


def test_a_pause_must_end_in_the_future(runner: Runner) -> None:
    enrolled = runner.enroll()

    with pytest.raises(RuleError):
        enrollments.pause(enrolled, until=NOW, by=SALLY, bench=runner.bench)


def test_an_item_knows_its_sequences(runner: Runner) -> None:
    enrolled = runner.enroll()

    (found,) = enrollments.of_item(LEAD, bench=runner.bench)

    assert found.id == enrolled


def test_another_tenants_item_is_not_found(runner: Runner, others_stores: Stores) -> None:
    bench = Bench(stores=others_stores, outside=runner.doubles.outside)

    with pytest.raises(MissingError):
        enrollments.of_item(LEAD, bench=bench)


def test_a_dry_run_sees_an_id_given_twice_as_the_real_thing_does(runner: Runner) -> None:
    dry = enroll(runner, "lead-1", "lead-1", is_dry_run=True)
    real = enroll(runner, "lead-1", "lead-1")

    assert [row.code for row in dry] == [None, "already_active"]
    assert [row.code for row in real] == [None, "already_active"]


@pytest.mark.parametrize(
    "status, reason",
    [
        (ItemStatus.CONVERTED, "item_converted"),
        (ItemStatus.ARCHIVED, "item_lost"),
        (ItemStatus.DELETED, "item_deleted"),
    ],
)
def test_an_item_that_is_closed_leaves_its_sequence(
    runner: Runner, status: ItemStatus, reason: str
) -> None:
    enrolled = runner.enroll()
    closed = runner.stores.items.save(replace(runner.stores.items.get(LEAD), status=status))

    for _ in range(2):
        enrollments.leave_if_closed(closed, bench=runner.bench)

    assert runner.head(enrolled).reason == reason


def test_an_open_item_stays_in_its_sequence(runner: Runner) -> None:
    enrolled = runner.enroll()

    enrollments.leave_if_closed(runner.stores.items.get(LEAD), bench=runner.bench)

    assert not runner.head(enrolled).is_over
