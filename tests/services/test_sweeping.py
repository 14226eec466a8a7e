"""Who is handed on at a tick: all in the end, nobody late because of another, however sharded."""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.ids import EnrollmentId, ItemId, TenantId
from chalicelib.domain.sequences.signals import TimeCame
from chalicelib.entry import wiring
from chalicelib.gateways.queues import Due
from chalicelib.services import enrolling, sweeping
from chalicelib.services.sweeping import Pace
from chalicelib.storage import keys
from chalicelib.storage.due import DueKey
from chalicelib.storage.rows.base import Row
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_lead
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.services.runner import SALLY, SEQUENCE, Runner

MINUTE = timedelta(minutes=1)
HUGE, SMALL = TenantId("hugehugehu"), TenantId("smallsmall")


def the_row(tenant_id: TenantId, number: int, at: datetime, shard: int = 0) -> Row:
    """Return what a head puts into a shard of the index."""
    name = EnrollmentId(f"{number:026d}")
    pk = keys.enrollment(tenant_id, name)
    due_sk = keys.due_at(at, tenant_id, name, 1)
    return Row(pk=pk, sk=keys.HEAD, due_pk=keys.due_shard(shard), due_sk=due_sk)


def a_due_row(tenant_id: TenantId, number: int, at: datetime, shard: int = 0) -> None:
    the_row(tenant_id, number, at, shard).save()


def handed_on(doubles: Doubles, pace: Pace) -> list[Due]:
    doubles.queues.dues = []
    sweeping.sweep(0, outside=doubles.outside, pace=pace)
    return doubles.queues.dues


def work_off(dues: list[Due]) -> None:
    with Row.batch_write() as batch:
        for each in dues:
            batch.delete(Row(pk=keys.enrollment(each.tenant_id, each.enrollment_id), sk=keys.HEAD))


def test_tenants_take_turns_each_in_its_own_order() -> None:
    def key(tenant_id: TenantId, number: int) -> DueKey:
        return DueKey(
            at=NOW + number * MINUTE,
            tenant_id=tenant_id,
            enrollment_id=EnrollmentId(str(number)),
            token=1,
        )

    late = [key(HUGE, number) for number in range(4)]

    order = sweeping.by_turns([*late, key(SMALL, 9)])

    assert [each.enrollment_id for each in order] == ["0", "9", "1", "2", "3"]


@pytest.mark.usefixtures("table")
def test_a_tenant_with_much_due_delays_the_step_of_another_by_less_than_a_tick(
    doubles: Doubles,
) -> None:
    for number in range(60):
        a_due_row(HUGE, number, NOW - 5 * MINUTE + number * timedelta(seconds=1))
    a_due_row(SMALL, 99, NOW)

    first = handed_on(doubles, Pace(most=12))

    assert Counter(each.tenant_id for each in first) == {HUGE: 11, SMALL: 1}
    assert first[1].tenant_id == SMALL


@pytest.mark.usefixtures("table")
def test_what_a_tick_leaves_the_next_ticks_hand_on_to_the_last(doubles: Doubles) -> None:
    for number in range(30):
        a_due_row(HUGE, number, NOW - 30 * MINUTE + number * MINUTE)
    seen: list[Due] = []

    for _ in range(3):
        dues = handed_on(doubles, Pace(most=10))
        work_off(dues)
        seen += dues
        doubles.clock.advance(MINUTE)

    assert len({each.enrollment_id for each in seen}) == len(seen) == 30


@pytest.mark.usefixtures("table")
def test_a_shard_with_more_than_fits_into_memory_is_read_in_several_ticks(
    doubles: Doubles,
) -> None:
    with Row.batch_write() as batch:
        for number in range(520):
            batch.save(the_row(HUGE, number, NOW - timedelta(days=1) + number * MINUTE))
    pace = Pace(most_read=500)

    first = handed_on(doubles, pace)
    work_off(first)
    doubles.clock.advance(MINUTE)
    second = handed_on(doubles, pace)

    assert (len(first), len(second)) == (500, 20)


def shares(doubles: Doubles, *, per_tick: int | None, held: int) -> set[int | None]:
    """Return what each of 16 shards is told it may hand on while so many messages wait."""
    queues = doubles.queues
    queues.bodies_by_queue = {"due": ["{}"] * held}
    sweeping.begin(16, outside=doubles.outside, per_tick=per_tick)
    told = [json.loads(each) for each in queues.bodies_by_queue["sweep"]]
    assert [each["shard"] for each in told] == list(range(16))
    return {each.get("most") for each in told}


@pytest.mark.usefixtures("table")
def test_a_queue_that_is_still_full_takes_only_a_few(doubles: Doubles) -> None:
    assert shares(doubles, per_tick=6000, held=5900) == {10}
    assert shares(doubles, per_tick=6000, held=9000) == {10}


@pytest.mark.usefixtures("table")
def test_a_queue_that_holds_a_little_takes_nearly_as_much_as_an_empty_one(
    doubles: Doubles,
) -> None:
    assert shares(doubles, per_tick=6000, held=0) == {375}
    assert shares(doubles, per_tick=6000, held=400) == {350}


@pytest.mark.usefixtures("table")
def test_without_a_governor_all_that_is_due_goes_on(doubles: Doubles) -> None:
    assert shares(doubles, per_tick=None, held=400) == {None}


@pytest.mark.usefixtures("table")
def test_what_one_shard_hands_on_leaves_the_others_their_room(doubles: Doubles) -> None:
    for shard in range(4):
        for number in range(20):
            a_due_row(HUGE, 100 * shard + number, NOW, shard)

    sweeping.begin(4, outside=doubles.outside, per_tick=60)
    for body in doubles.queues.bodies_by_queue["sweep"]:
        told = json.loads(body)
        sweeping.sweep(told["shard"], outside=doubles.outside, pace=Pace(most=told["most"]))

    assert len(doubles.queues.dues) == 60


@pytest.mark.usefixtures("table")
def test_what_falls_due_together_is_spread_over_the_minute_and_what_is_late_goes_at_once(
    doubles: Doubles,
) -> None:
    for number in range(40):
        a_due_row(SMALL, number, NOW - timedelta(seconds=10))
        a_due_row(HUGE, number, NOW - 5 * MINUTE)

    dues = handed_on(doubles, Pace(spread_s=59))

    delays = [each.delay_s for each in dues if each.tenant_id == SMALL]
    assert {each.delay_s for each in dues if each.tenant_id == HUGE} == {0}
    assert min(delays) in range(10)
    assert max(delays) in range(50, 60)


def with_shards(runner: Runner, shards: int) -> Runner:
    """Return the same tenant as another deployment sees it."""
    stores = Stores(TENANT, bucket=BUCKET, s3=wiring.s3(), due_shards=shards)
    return replace(runner, stores=stores)


def tick(runner: Runner, shards: int) -> list[EnrollmentId]:
    """Do what the schedule does with so many shards; return whom it found."""
    queues = runner.doubles.queues
    queues.bodies_by_queue["sweep"], queues.dues = [], []
    sweeping.begin(shards, outside=runner.doubles.outside)
    for shard in range(len(queues.bodies_by_queue["sweep"])):
        sweeping.sweep(shard, outside=runner.doubles.outside)
    return sorted(each.enrollment_id for each in queues.dues)


@pytest.mark.parametrize("before, after", [(16, 32), (32, 16)])
def test_the_number_of_shards_changes_live_and_nobody_is_found_twice_or_forgotten(
    runner: Runner, before: int, after: int
) -> None:
    old, new = with_shards(runner, before), with_shards(runner, after)
    items = [ItemId(f"lead-{number}") for number in range(2, 8)]
    for item_id in items:
        runner.stores.items.create(replace(a_lead(), ref=replace(a_lead().ref, id=item_id)))
    tick(old, before)
    for made_by, some in ((old, items[:3]), (new, items[3:])):
        enrolling.enroll(SEQUENCE, item_ids=some, caller_id=SALLY, bench=made_by.bench)
    runner.doubles.clock.advance(11 * MINUTE)

    found = tick(new, after)

    assert len(found) == len(set(found)) == 6
    for each in found:
        new.take(each, TimeCame(token=1))
    assert {new.head(each).step_id for each in found} == {"k1"}
    assert tick(new, after) == []
