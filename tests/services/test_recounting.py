"""What is counted in passing, counted anew: drift is found, told and mended."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from msgspec import structs

from chalicelib.domain.crm.items import ItemStatus
from chalicelib.domain.ids import DomainName
from chalicelib.domain.jobs.job import Row
from chalicelib.domain.sequences.definition import Hold, SequenceStatus
from chalicelib.domain.sequences.enrollment import Count, Status
from chalicelib.domain.sequences.figures import Figure
from chalicelib.services import enrollments, nightly, recounting
from chalicelib.services.jobs import watching
from chalicelib.storage.gate_reads import Going
from chalicelib.storage.rows.enrollments import HeadRow
from chalicelib.storage.rows.sequences import SequenceRow
from chalicelib.storage.stores import Stores
from tests.builders import TENANT, a_tenant
from tests.services.recount import recount
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner
from tests.services.test_sequence_lifecycle import enroll_many

DAY: Final = timedelta(days=1)
DOMAIN: Final = DomainName("northwind.test")


def move_counts(runner: Runner, by: int) -> None:
    was = runner.stores.counts.of_shard(SEQUENCE)
    runner.stores.counts.mend(SEQUENCE, by={Count.IN_PROGRESS: by}, was=was)


def of(what: str, rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["what"] == what]


def test_where_nothing_is_wrong_nothing_is_said_of_counts(runner: Runner) -> None:
    enroll_many(runner, 3)

    found = recount(runner.bench)

    assert of("counts", found) == []
    assert of("nobody_looks", found) == []


def test_counts_that_drifted_are_told_and_mended(runner: Runner) -> None:
    enroll_many(runner, 3)
    move_counts(runner, 2)

    found = recount(runner.bench)

    assert of("counts", found) == [
        {
            "what": "counts",
            "sequence_id": SEQUENCE,
            "by": {"in_progress": -2},
            "is_mended": True,
        }
    ]
    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 3


def test_a_recount_mends_once_however_often_it_is_done(runner: Runner) -> None:
    enroll_many(runner, 2)
    move_counts(runner, -1)
    recount(runner.bench)
    runner.doubles.clock.advance(timedelta(seconds=5))

    assert of("counts", recount(runner.bench)) == []
    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 2


def test_lost_figures_are_mended_once_nothing_can_be_on_its_way(runner: Runner) -> None:
    ids = enroll_many(runner, 2)
    first = runner.head(ids[0]).step_id
    assert first is not None
    fresh = of("figures_on_their_way", recount(runner.bench))
    runner.doubles.clock.advance(recounting.SETTLED_AFTER + DAY)

    settled = of("figures", recount(runner.bench))

    assert [row["is_mended"] for row in fresh] == [False]
    assert [row["is_mended"] for row in settled] == [True]
    assert runner.stores.figures.of(SEQUENCE)[first].values[Figure.REACHED] == 2
    runner.doubles.clock.advance(timedelta(seconds=5))
    assert of("figures", recount(runner.bench)) == []


def test_who_follows_a_closed_item_is_taken_out(runner: Runner) -> None:
    enrolled = runner.enroll()
    lead = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(lead, status=ItemStatus.DISQUALIFIED))

    found = recount(runner.bench)

    assert [row["enrollment_id"] for row in of("item_closed", found)] == [enrolled]
    assert runner.head(enrolled).status is Status.EXITED


def test_a_sequence_that_an_earlier_release_paused_is_told_to_the_gates(runner: Runner) -> None:
    enrolled = runner.enroll()
    known = runner.stores.sequences.get(SEQUENCE)
    paused = structs.replace(known, status=SequenceStatus.PAUSED)
    SequenceRow.from_domain(TENANT, paused).save()
    before = runner.stores.gates.house(DOMAIN, SEQUENCE).going

    found = recount(runner.bench)
    runner.drain()

    assert before is not None
    assert of("going", found) == [{"what": "going", "sequence_id": SEQUENCE, "is_mended": True}]
    assert runner.stores.gates.house(DOMAIN, SEQUENCE).going is None
    assert runner.doubles.mailer.sent == []
    assert runner.head(enrolled).status is Status.ACTIVE
    runner.doubles.clock.advance(timedelta(seconds=5))
    assert of("going", recount(runner.bench)) == []


def test_a_pause_that_an_earlier_release_began_and_ended_is_told_to_the_gates(
    runner: Runner,
) -> None:
    known = runner.stores.sequences.get(SEQUENCE)
    hold = Hold(since=runner.now() - DAY, until=runner.now())
    SequenceRow.from_domain(TENANT, structs.replace(known, holds=(hold,))).save()

    found = recount(runner.bench)

    assert len(of("going", found)) == 1
    assert runner.stores.gates.house(DOMAIN, SEQUENCE).going == Going(held_until=hold.until)


def test_an_enrollment_that_nobody_would_wake_is_told(runner: Runner) -> None:
    enrolled = runner.enroll()
    asleep = replace(runner.head(enrolled), due_at=None)
    HeadRow.of(TENANT, asleep, due_shards=4).save()

    found = recount(runner.bench)

    assert [row["enrollment_id"] for row in of("nobody_looks", found)] == [enrolled]


def test_a_mail_that_died_with_its_worker_and_ended_meanwhile_is_told(runner: Runner) -> None:
    runner.doubles.mailer.failures = [KeyboardInterrupt()]  # type: ignore[list-item]  # as a kill would
    enrolled = runner.enroll()
    with pytest.raises(KeyboardInterrupt):
        runner.drain()
    enrollments.remove(enrolled, by=SALLY, bench=runner.bench)
    at_once = recount(runner.bench)
    runner.doubles.clock.advance(2 * DAY)

    found = recount(runner.bench)

    assert of("mail_unsettled", at_once) == []
    assert [row["enrollment_id"] for row in of("mail_unsettled", found)] == [enrolled]


def test_every_open_tenant_is_asked_for_once_a_night(runner: Runner, others_stores: Stores) -> None:
    others_stores.tenant.save(replace(a_tenant(), is_suspended=True))
    by_id = {stores.tenant_id: stores for stores in (runner.stores, others_stores)}

    asked = [nightly.begin(stores_for=by_id.__getitem__, now=runner.now()) for _ in range(2)]

    assert asked == [1, 1]
    assert watching.find_left(outside=runner.doubles.outside) == 2, "a recount and a clearing"
