"""Jobs: page by page, each page once, wherever the worker ends and however often it is called."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import msgspec
import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.errors import IllegalMoveError, MissingError
from chalicelib.domain.ids import ItemId, JobId
from chalicelib.domain.jobs.job import HopelessError, Job, JobKind, JobState, Page, Row
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.gateways.queues import QueueRefusedError
from chalicelib.services import tenants
from chalicelib.services.jobs import asking, enrolling, watching
from chalicelib.services.jobs.enrolling_terms import Terms
from chalicelib.services.jobs.kinds import WORK, work_of
from chalicelib.services.jobs.working import MOST_PAGES, carry_on
from chalicelib.storage.stores import Stores
from tests.builders import a_caller, a_lead
from tests.doubles import RecordingQueues
from tests.services.runner import SALLY, SEQUENCE, Runner
from tests.services.test_runner_crashes import Fuse, PowerCut

NOBODY: Final = ItemId("nobody")


class BrokenError(Exception):
    """What a bug raises."""


@dataclass(slots=True)
class Counting:
    """A kind of work: three things a page, each written down when it is done."""

    things: int = 7
    did: list[int] = field(default_factory=list)
    breaks_at: int | None = None

    def work(self, job: Job, bench: object) -> Iterator[Page]:
        del bench
        for first in range(job.done, self.things, 3):
            numbers = list(range(first, min(first + 3, self.things)))
            if self.breaks_at in numbers:
                raise BrokenError
            self.did.extend(numbers)
            done = numbers[-1] + 1
            rows = [{"number": each} for each in numbers]
            yield Page(rows=rows, done=done, position={"at": done}, report={"last": numbers[-1]})

    def carry_on(self, job_id: JobId, runner: Runner) -> None:
        carry_on(job_id, work_of=lambda _: self.work, bench=runner.bench)


def asked(runner: Runner, total: int = 7) -> Job:
    return asking.ask(
        JobKind.ENROLL, asked_by=SALLY, about={"word": 1}, total=total, bench=runner.bench
    )


def results(runner: Runner, job_id: JobId, limit: int = 500) -> list[Row]:
    rows: list[Row] = []
    cursor = None
    while True:
        found = runner.stores.jobs.results(job_id, limit=limit, cursor=cursor)
        rows.extend(found.rows)
        cursor = found.cursor
        if cursor is None:
            return rows


def bulk(runner: Runner) -> list[dict[str, str]]:
    """Take what waits in the queue."""
    bodies = runner.doubles.queues.bodies_by_queue.pop("bulk", [])
    return [json.loads(body) for body in bodies]


def test_a_job_is_handed_on_when_it_is_asked_for(runner: Runner) -> None:
    job = asked(runner)

    assert bulk(runner) == [{"t": "aaaaaaaaaa", "j": job.id}]
    assert runner.stores.jobs.get(job.id) == job
    assert (job.state, job.done, job.total) == (JobState.RUNNING, 0, 7)


def test_a_job_ends_with_every_result_once(runner: Runner) -> None:
    job, counting = asked(runner), Counting()

    counting.carry_on(job.id, runner)

    ended = runner.stores.jobs.get(job.id)
    assert (ended.state, ended.done, ended.report) == (JobState.DONE, 7, {"last": 6})
    assert ended.ended_at == runner.now()
    assert results(runner, job.id) == [{"number": number} for number in range(7)]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 6, 7, 8])
def test_results_come_page_by_page_in_order(runner: Runner, limit: int) -> None:
    job = asked(runner)
    Counting().carry_on(job.id, runner)

    assert [row["number"] for row in results(runner, job.id, limit)] == [0, 1, 2, 3, 4, 5, 6]


def test_work_without_end_is_handed_on_after_so_many_pages(runner: Runner) -> None:
    job, counting = asked(runner), Counting(things=3 * MOST_PAGES + 1)
    bulk(runner)

    counting.carry_on(job.id, runner)

    halfway = runner.stores.jobs.get(job.id)
    assert (halfway.state, halfway.done) == (JobState.RUNNING, 120)
    assert bulk(runner) == [{"t": "aaaaaaaaaa", "j": job.id}]
    counting.carry_on(job.id, runner)
    assert runner.stores.jobs.get(job.id).state is JobState.DONE
    assert counting.did == list(range(121))


def test_a_message_that_comes_twice_does_nothing_twice(runner: Runner) -> None:
    job, counting = asked(runner), Counting()

    counting.carry_on(job.id, runner)
    counting.carry_on(job.id, runner)

    assert counting.did == list(range(7))


def test_a_message_finds_another_worker_at_work_and_leaves_it_alone(runner: Runner) -> None:
    job, counting = asked(runner), Counting()
    pages = counting.work(job, runner.bench)

    def work(job: Job, bench: object) -> Iterator[Page]:
        del bench
        Counting(breaks_at=0).carry_on(job.id, runner)  # would fail the job if it began
        yield from pages

    carry_on(job.id, work_of=lambda _: work, bench=runner.bench)

    assert runner.stores.jobs.get(job.id).state is JobState.DONE
    assert counting.did == list(range(7))


def test_a_worker_that_dies_is_followed_by_one_that_goes_on_where_it_stopped(
    runner: Runner,
) -> None:
    job, dying, next_one = asked(runner), Counting(breaks_at=4), Counting()

    with pytest.raises(BrokenError):
        dying.carry_on(job.id, runner)
    next_one.carry_on(job.id, runner)
    assert next_one.did == [], "the lease of the dead one has not ended"
    runner.doubles.clock.advance(timedelta(minutes=2))
    next_one.carry_on(job.id, runner)

    assert (dying.did, next_one.did) == ([0, 1, 2], [3, 4, 5, 6])
    assert [row["number"] for row in results(runner, job.id)] == [0, 1, 2, 3, 4, 5, 6]


def test_a_job_that_fails_five_times_at_one_place_is_given_up_until_somebody_retries(
    runner: Runner,
) -> None:
    job, dying = asked(runner), Counting(breaks_at=4)

    for _ in range(5):
        with pytest.raises(BrokenError):
            dying.carry_on(job.id, runner)
        runner.doubles.clock.advance(timedelta(minutes=2))
    dying.carry_on(job.id, runner)

    failed = runner.stores.jobs.get(job.id)
    assert (failed.state, failed.done) == (JobState.FAILED, 3)
    assert failed.trouble == "It failed 5 times at the same place; nothing done so far is lost."
    asking.retry(job.id, caller=a_caller(), bench=runner.bench)
    mended = Counting()
    mended.carry_on(job.id, runner)
    assert mended.did == [3, 4, 5, 6]
    assert runner.stores.jobs.get(job.id).state is JobState.DONE


def test_a_job_that_cannot_go_on_says_why_at_once(runner: Runner) -> None:
    job = asked(runner)

    def work(job: Job, bench: object) -> Iterator[Page]:
        yield Page(rows=[{"number": 0}], done=1, position={})
        raise HopelessError(why="The file is gone.")

    carry_on(job.id, work_of=lambda _: work, bench=runner.bench)

    failed = runner.stores.jobs.get(job.id)
    assert (failed.state, failed.done, failed.trouble) == (JobState.FAILED, 1, "The file is gone.")
    assert results(runner, job.id) == [{"number": 0}]


def test_only_a_failed_job_is_tried_again(runner: Runner) -> None:
    job = asked(runner)

    with pytest.raises(IllegalMoveError):
        asking.retry(job.id, caller=a_caller(), bench=runner.bench)


def test_a_job_that_was_left_is_found_again(runner: Runner) -> None:
    job, counting = asked(runner), Counting()
    bulk(runner)
    outside = runner.doubles.outside

    assert watching.find_left(outside=outside) == 0, "it was handed on a moment ago"
    runner.doubles.clock.advance(timedelta(minutes=2))
    assert watching.find_left(outside=outside) == 1
    assert bulk(runner) == [{"t": "aaaaaaaaaa", "j": job.id}]
    counting.carry_on(job.id, runner)
    runner.doubles.clock.advance(timedelta(days=1))
    assert watching.find_left(outside=outside) == 0, "it is over"


def test_the_jobs_of_a_suspended_tenant_wait(runner: Runner) -> None:
    job, counting = asked(runner), Counting()
    bulk(runner)
    tenants.suspend(is_suspended=True, stores=runner.stores)

    counting.carry_on(job.id, runner)

    assert counting.did == []
    tenants.suspend(is_suspended=False, stores=runner.stores)
    runner.doubles.clock.advance(timedelta(minutes=15))
    assert watching.find_left(outside=runner.doubles.outside) == 1
    counting.carry_on(job.id, runner)
    assert counting.did == list(range(7))


def test_a_queue_that_refuses_a_job_delays_it_only(runner: Runner) -> None:
    class Refusing(RecordingQueues):
        def send(self, queue: str, bodies: object, *, tenant_id: object = None) -> None:
            raise QueueRefusedError(queue, ["ServiceUnavailable"])

    runner.doubles.queues = Refusing()

    job = asked(runner)

    runner.doubles.queues = RecordingQueues()
    runner.doubles.clock.advance(timedelta(minutes=2))
    assert watching.find_left(outside=runner.doubles.outside) == 1
    assert bulk(runner) == [{"t": "aaaaaaaaaa", "j": job.id}]


def test_another_tenants_job_is_missing(runner: Runner, others_stores: Stores) -> None:
    job = asked(runner)

    with pytest.raises(MissingError):
        others_stores.jobs.get(job.id)
    assert others_stores.jobs.results(job.id, limit=10, cursor=None).rows == []


def test_every_kind_has_its_work() -> None:
    assert set(WORK) == set(JobKind)


# --- enrolling more items than one request may


def leads(runner: Runner, count: int) -> list[ItemId]:
    made = []
    for number in range(count):
        ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-of-many-{number:03d}"))
        runner.stores.items.create(replace(a_lead(), ref=ref))
        made.append(ref.id)
    return made


def enroll_as_job(runner: Runner, item_ids: list[ItemId]) -> Job:
    terms = Terms(sequence_id=SEQUENCE)
    return enrolling.ask(terms, item_ids=item_ids, caller_id=SALLY, bench=runner.bench)


def test_enrolling_as_a_job_tells_what_the_direct_answer_would(runner: Runner) -> None:
    item_ids = [*leads(runner, 30), NOBODY, ItemId("lead-of-many-003")]

    job = enroll_as_job(runner, item_ids)
    carry_on(job.id, work_of=work_of, bench=runner.bench)

    rows = results(runner, job.id)
    assert [row["item_id"] for row in rows] == item_ids
    assert [row.get("code") for row in rows[29:]] == [None, "not_found", "already_active"]
    assert all(row["enrollment_id"] and row["warnings"] == [] for row in rows[:30])
    ended = runner.stores.jobs.get(job.id)
    assert (ended.total, ended.report) == (32, {"enrolled": 30, "refused": 2})


def test_a_sequence_that_stops_meanwhile_ends_the_job_with_its_reason(runner: Runner) -> None:
    job = enroll_as_job(runner, leads(runner, 1))
    sequence = runner.stores.sequences.get(SEQUENCE)
    stopped = msgspec.structs.replace(sequence, status=SequenceStatus.INACTIVE)
    runner.stores.sequences.save(stopped)

    carry_on(job.id, work_of=work_of, bench=runner.bench)

    failed = runner.stores.jobs.get(job.id)
    assert failed.state is JobState.FAILED
    assert failed.trouble == (
        "The sequence is inactive; activate or resume it before you add items. "
        "Who was enrolled so far stays."
    )


def test_wherever_the_worker_is_killed_every_item_is_enrolled_once_and_told_so(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    fuse = Fuse()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    monkeypatch.setattr(
        BaseClient, "_make_api_call", lambda client, *asked: fuse.guard(call, client, *asked)
    )
    item_ids = leads(runner, 1)
    job = enroll_as_job(runner, [*item_ids, NOBODY])
    fuse.calls = 0
    carry_on(job.id, work_of=work_of, bench=runner.bench)
    points = fuse.calls
    assert points > 8

    wrong = {}
    for at in range(points):
        rows = killed_at(runner, fuse, at)
        told = [(row["enrolled"], row.get("code")) for row in rows]
        if told != [(True, None), (False, "not_found")]:
            wrong[at] = told

    assert wrong == {}


_NUMBERS: Final = iter(range(1000))


def killed_at(runner: Runner, fuse: Fuse, at: int) -> list[Row]:
    """Return the results of a job whose first worker is killed after call `at`."""
    ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-killed-{next(_NUMBERS)}"))
    runner.stores.items.create(replace(a_lead(), ref=ref))
    job = enroll_as_job(runner, [ref.id, NOBODY])
    fuse.calls, fuse.burns_at, fuse.is_after = 0, at, True
    try:
        carry_on(job.id, work_of=work_of, bench=runner.bench)
    except PowerCut:
        pass
    finally:
        fuse.burns_at = None
    runner.doubles.clock.advance(timedelta(minutes=2))
    for _ in range(2):
        carry_on(job.id, work_of=work_of, bench=runner.bench)
    ended = runner.stores.jobs.get(job.id)
    assert (ended.state, ended.report) == (JobState.DONE, {"enrolled": 1, "refused": 1})
    return results(runner, job.id)
