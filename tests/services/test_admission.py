"""Who may enter a sequence: one at a time, once, rested, within an account's few, by whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as changed

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.users import User
from chalicelib.domain.ids import ItemId, SequenceId, StepId, UserId
from chalicelib.domain.sequences.definition import ActivityStep, Flow, FlowVersion
from chalicelib.domain.sequences.settings import ReEnroll, Settings
from chalicelib.domain.sequences.signals import TaskDone
from chalicelib.services import enrolling, enrollments
from chalicelib.services.outcomes import Outcome
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_lead, a_user
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

OTHER_SEQUENCE = SequenceId("sequence-2")
NORA = UserId("user-nora")
CALL = StepId("call")
ONE_CALL = Flow(
    start=CALL, steps=(ActivityStep(id=CALL, activity_type="call", subject="Call them"),)
)


def another_lead(number: int) -> Item:
    return replace(a_lead(), ref=ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}")))


def a_colleague() -> User:
    return replace(
        a_user(),
        id=NORA,
        name="Nora New",
        email="nora@northwind.test",
        business_unit="North",
        confirmed_addresses=(),
    )


@pytest.fixture
def office(runner: Runner) -> Runner:
    """Give a runner with two sequences of one call, two leads of one person, and Nora."""
    runner.publish_next(ONE_CALL)
    runner.stores.items.create(another_lead(2))
    runner.stores.users.save(a_colleague())
    add_sequence(runner)
    return runner


def add_sequence(runner: Runner) -> None:
    known = runner.stores.sequences.get(SEQUENCE)
    other = changed(known, id=OTHER_SEQUENCE, flow_version=1, version=0)
    published = FlowVersion(
        sequence_id=OTHER_SEQUENCE,
        number=1,
        flow=ONE_CALL,
        settings=Settings(),
        published_at=NOW,
    )
    with Transaction() as tx:
        runner.stores.sequences.put(tx, other)
        runner.stores.sequences.publish(tx, published)


def set_tenant(runner: Runner, **settings: object) -> None:
    tenant = runner.stores.tenant.get()
    runner.stores.tenant.save(replace(tenant, settings={**tenant.settings, **settings}))


def set_sequence(runner: Runner, settings: Settings) -> None:
    known = runner.stores.sequences.get(SEQUENCE)
    number = (known.flow_version or 0) + 1
    with Transaction() as tx:
        runner.stores.sequences.put(tx, changed(known, flow_version=number, settings=settings))
        runner.stores.sequences.publish(
            tx,
            FlowVersion(
                sequence_id=SEQUENCE,
                number=number,
                flow=ONE_CALL,
                settings=settings,
                published_at=NOW,
            ),
        )


def enter(
    runner: Runner,
    item_id: str = "lead-1",
    *,
    sequence: SequenceId = SEQUENCE,
    caller: UserId = SALLY,
    owner: UserId | None = None,
    is_dry_run: bool = False,
) -> Outcome:
    (row,) = enrolling.enroll(
        sequence,
        item_ids=[ItemId(item_id)],
        caller_id=caller,
        owner_id=owner,
        is_dry_run=is_dry_run,
        bench=runner.bench,
    )
    return row


def finish(runner: Runner, row: Outcome) -> None:
    assert row.enrollment_id is not None
    runner.drain()
    runner.take(row.enrollment_id, TaskDone(step_id=CALL, by=SALLY))


@pytest.mark.parametrize("is_dry_run", [False, True])
def test_an_item_is_in_one_sequence_at_a_time(office: Runner, *, is_dry_run: bool) -> None:
    enter(office)

    here = enter(office, is_dry_run=is_dry_run)
    elsewhere = enter(office, sequence=OTHER_SEQUENCE, is_dry_run=is_dry_run)

    assert (here.code, elsewhere.code) == ("already_active", "already_active_elsewhere")


def test_a_tenant_may_allow_several_sequences_for_an_item(office: Runner) -> None:
    set_tenant(office, active_per_item="many")
    enter(office)

    elsewhere = enter(office, sequence=OTHER_SEQUENCE)
    here = enter(office)

    assert (elsewhere.enrolled, here.code) == (True, "already_active")


def test_whoever_is_over_leaves_each_of_its_places(office: Runner) -> None:
    set_tenant(office, active_per_item="many", one_active_per_address=True)
    finish(office, enter(office))

    assert enter(office, "lead-2").enrolled


def test_two_items_of_one_address_may_be_kept_apart(office: Runner) -> None:
    set_tenant(office, one_active_per_address=True)
    enter(office)

    row = enter(office, "lead-2", sequence=OTHER_SEQUENCE)

    assert row.code == "already_active_elsewhere"


def test_settings_that_change_meanwhile_free_what_was_taken(office: Runner) -> None:
    set_tenant(office, active_per_item="many")
    row = enter(office)
    set_tenant(office, active_per_item="one")

    finish(office, row)
    set_tenant(office, active_per_item="many")

    assert enter(office).enrolled


def test_a_closed_item_leaves_every_sequence_it_is_in(office: Runner) -> None:
    set_tenant(office, active_per_item="many")
    enter(office)
    enter(office, sequence=OTHER_SEQUENCE)
    item = office.stores.items.get(LEAD)

    enrollments.leave_if_closed(replace(item, status=ItemStatus.ARCHIVED), bench=office.bench)

    assert enrollments.running(LEAD, bench=office.bench) == []


@pytest.mark.parametrize(
    "re_enroll, code", [(ReEnroll.NEVER, "already_finished"), (ReEnroll.AFTER_END, None)]
)
def test_an_item_comes_again_if_its_sequence_allows(
    office: Runner, re_enroll: ReEnroll, code: str | None
) -> None:
    set_sequence(office, Settings(re_enroll=re_enroll))
    finish(office, enter(office))

    assert enter(office).code == code


def test_an_item_that_was_removed_by_hand_may_come_again(office: Runner) -> None:
    set_sequence(office, Settings(re_enroll=ReEnroll.NEVER))
    row = enter(office)
    assert row.enrollment_id is not None
    enrollments.remove(row.enrollment_id, by=SALLY, bench=office.bench)

    assert enter(office).enrolled


@pytest.mark.parametrize("is_tenants", [True, False])
def test_an_item_rests_after_it_was_touched(office: Runner, *, is_tenants: bool) -> None:
    if is_tenants:
        set_tenant(office, min_time_since_touch="P7D")
    else:
        set_sequence(office, Settings(min_time_since_touch=timedelta(days=7)))
    finish(office, enter(office))

    soon = enter(office)
    office.doubles.clock.advance(timedelta(days=8))
    later = enter(office)

    assert (soon.code, later.enrolled) == ("touched_too_recently", True)


def test_an_account_has_but_few_places(office: Runner) -> None:
    set_tenant(office, max_active_per_account=2)
    office.stores.items.create(another_lead(3))
    rows = [enter(office, f"lead-{number}") for number in (1, 2, 3)]

    finish(office, rows[0])

    assert [row.code for row in rows] == [None, None, "limit_reached"]
    assert enter(office, "lead-3").enrolled


@pytest.mark.parametrize(
    "caller, owner, code",
    [("user-sally", "user-nora", "forbidden"), ("user-sally", "user-sally", None)],
)
def test_salespersons_give_work_to_themselves(
    office: Runner, caller: str, owner: str, code: str | None
) -> None:
    assert enter(office, caller=UserId(caller), owner=UserId(owner)).code == code


@pytest.mark.requirement("D365-SEQ-07")
def test_an_item_of_another_business_unit_is_not_found(office: Runner) -> None:
    item = office.stores.items.get(LEAD)
    office.stores.items.save(replace(item, owner_id=NORA))

    assert enter(office, caller=SALLY).code == "not_found"


def test_those_whose_day_is_full_wait_for_theirs(office: Runner) -> None:
    set_sequence(office, Settings(max_new_per_day=1))
    first, second = enter(office), enter(office, "lead-2")
    office.drain()
    assert first.enrollment_id is not None
    assert second.enrollment_id is not None

    before = office.head(second.enrollment_id)
    office.wait(timedelta(days=1, hours=2))
    after = office.head(second.enrollment_id)

    assert (before.status, after.status) == ("pending", "active")
    assert before.why_then.startswith("its turn is on 2026-")
    assert office.head(first.enrollment_id).status == "active"
