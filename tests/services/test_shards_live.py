"""The number of shards changes while enrollments flow: nobody is forgotten, up or down."""

import json
from dataclasses import replace

import pytest

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.domain.sequences.enrollment import changed
from chalicelib.services import sweeping
from chalicelib.storage import keys
from chalicelib.storage.rows.enrollments import HeadRow
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, TENANT, an_enrollment
from tests.doubles import Doubles


def put(number: int, *, shards: int) -> EnrollmentId:
    """Keep one that is due, as functions do that are configured with so many shards."""
    it = changed(an_enrollment(), id=EnrollmentId(f"e{number}"), due_at=NOW)
    HeadRow.of(TENANT, it, due_shards=shards).save()
    return it.id


def tick(doubles: Doubles, *, shards: int) -> set[EnrollmentId]:
    """Do what one minute's tick does, with so many shards configured; return whom it wakes."""
    doubles.queues.bodies_by_queue.clear()
    doubles.queues.dues.clear()
    sweeping.begin(shards, outside=doubles.outside)
    for body in doubles.queues.bodies_by_queue["sweep"]:
        sweeping.sweep(json.loads(body)["shard"], outside=doubles.outside)
    return {each.enrollment_id for each in doubles.queues.dues}


@pytest.mark.parametrize("before, after", [(4, 16), (16, 4), (3, 7)])
def test_whoever_lies_in_a_shard_of_old_is_found_beside_those_of_the_new(
    stores: Stores, doubles: Doubles, before: int, after: int
) -> None:
    assert tick(doubles, shards=before) == set()
    old = {put(number, shards=before) for number in range(40)}
    new = {put(number, shards=after) for number in range(40, 80)}

    assert stores.tenant_id == TENANT
    assert tick(doubles, shards=after) == old | new


def test_whoever_is_written_again_moves_to_a_shard_of_today(
    stores: Stores, doubles: Doubles
) -> None:
    tick(doubles, shards=16)
    old = [put(number, shards=16) for number in range(40)]
    today = Stores(TenantId(stores.tenant_id), bucket="", s3=stores._s3, due_shards=4)

    for each in old:
        with Transaction() as tx:
            head = today.enrollments.get(each)
            today.enrollments.change(tx, replace(head, token=head.token + 1), ())

    shards = {HeadRow.get(keys.enrollment(TENANT, each), keys.HEAD).due_pk for each in old}
    assert shards == {keys.due_shard(shard) for shard in range(4)}
    assert tick(doubles, shards=4) == set(old)
