"""What one enrollment costs from its beginning to its end: a ready-made flow, by every door.

The dearest case is walked: nobody answers, so every step of the longest way is taken, and every
mail is delivered. What people do is counted as `people`: enrolling, and working each task.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from benchmarks.meter import size_of
from benchmarks.runner.loading import Say
from benchmarks.runner.stack import Spent, Stack, measured
from benchmarks.world import SALLY
from chalicelib.domain.ids import EnrollmentId, SequenceId
from chalicelib.domain.sequences.catalog import find_template
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.signals import TaskDone
from chalicelib.services import progress
from chalicelib.storage.rows.base import Row
from infra.local.outbox import Outbox, SendingJob
from infra.local.queues import QueueJob
from infra.local.smtp_door import Intake
from infra.local.stream import StreamJob

FLOW: Final = "high_volume_prospecting"
PEOPLE: Final = "people"
_SEQUENCE: Final = SequenceId("bench-walk")
_FIRST_LEAD: Final = 5_000
_LONGEST: Final = timedelta(days=60)


@dataclass(slots=True, kw_only=True)
class Walk:
    """What so many enrollments of one flow cost, door by door."""

    enrollments: int
    lasts_for: timedelta = timedelta()
    spent_by_door: dict[str, Spent] = field(default_factory=lambda: defaultdict(Spent))
    bytes_kept: int = 0
    """In the table, index entries not counted."""


def walk(stack: Stack, count: int, *, say: Say) -> Walk:
    """Walk so many from enrolling to the end."""
    template = find_template(FLOW)
    assert template is not None
    stack.world.publish(read_flow(template.flow), _SEQUENCE)
    say(f"making {count} leads for {FLOW}")
    leads = [stack.world.lead(_FIRST_LEAD + number) for number in range(count)]
    _Crew(stack, Walk(enrollments=count)).settle()
    before, walked = _bytes(), Walk(enrollments=count)
    crew = _Crew(stack, walked)
    say(f"walking {count} enrollments to their end")
    began = stack.clock.now()
    with stack.world.meter.measure() as bill:
        ids = [stack.world.enroll(lead, _SEQUENCE) for lead in leads]
    walked.spent_by_door[PEOPLE].add(bill, cpu_s=0.0, messages=count)
    while True:
        crew.settle()
        heads = [stack.world.bench.stores.enrollments.get(each) for each in ids]
        if all(each.is_over for each in heads):
            break
        asked = [each.id for each in heads if each.phase is Phase.ASKED and not each.is_over]
        if asked:
            _work(stack, asked, walked.spent_by_door[PEOPLE])
        else:
            stack.clock.jump(_latest(heads) + timedelta(seconds=1))
            assert stack.clock.now() < began + _LONGEST, "it does not end"
            stack.tick()
    walked.lasts_for = stack.clock.now() - began
    walked.bytes_kept = _bytes() - before
    return walked


def _latest(heads: list[Enrollment]) -> datetime:
    return max(each.due_at for each in heads if each.due_at is not None)


def _work(stack: Stack, ids: list[EnrollmentId], spent: Spent) -> None:
    """Complete everybody's open task: nobody picked up."""
    bench = stack.world.bench
    for each in ids:
        step_id = bench.stores.enrollments.get(each).step_id
        assert step_id is not None
        done = TaskDone(step_id=step_id, by=SALLY, outcome="not_answered")
        with stack.world.meter.measure() as bill:
            progress.take(each, done, stores=bench.stores, outside=bench.outside)
        spent.add(bill, cpu_s=0.0, messages=1)


class _Crew:
    """Everybody who works between two jumps of the clock."""

    def __init__(self, stack: Stack, walked: Walk) -> None:
        intake = Intake(stack.aws, now=stack.clock.now, on_mail=lambda: None)
        self._sending = SendingJob(
            stack.local.data / "outgoing",
            outbox=Outbox(stack.local.data / "outbox"),
            aws=stack.aws,
            intake=intake,
            lead=stack.clock.lead,
            on_event=lambda: None,
        )
        (stream,) = stack.house.streams
        spent = walked.spent_by_door[stream.name]
        handle = measured(stream.handle, stack.world.meter, spent)
        self._stream = StreamJob(
            replace(stream, handle=handle),
            settings=stack.local,
            aws=stack.aws,
            lead=stack.clock.lead,
        )
        self._queues = [
            stack.poller(door.queue, walked.spent_by_door[door.name])
            for door in stack.house.queues
            if door.queue not in {"sweep", "call"}
        ]

    def settle(self) -> None:
        """Work until there is nothing left to do at this instant."""
        jobs: list[SendingJob | StreamJob | QueueJob] = [self._sending, self._stream, *self._queues]
        while any(_all_of(each) for each in jobs):
            pass


def _all_of(job: SendingJob | StreamJob | QueueJob) -> bool:
    worked = False
    while job.work():
        worked = True
    return worked


def _bytes() -> int:
    client = Row._get_connection().connection.client  # noqa: SLF001 - one connection for all rows
    pages = client.get_paginator("scan").paginate(TableName=Row.Meta.table_name)
    return sum(size_of(row) for page in pages for row in page["Items"])


def per_enrollment(walked: Walk) -> Mapping[str, Mapping[str, float]]:
    """Return what each door costs one enrollment."""
    return {
        door: {
            "messages": spent.messages / walked.enrollments,
            "calls": spent.calls / walked.enrollments,
            "write_units": spent.bill.write_units / walked.enrollments,
            "read_units": spent.bill.read_units / walked.enrollments,
            "requests": sum(spent.bill.requests.values()) / walked.enrollments,
            "cpu_ms": 1000 * spent.cpu_s / walked.enrollments,
            **{
                name: count / walked.enrollments
                for name, count in sorted(spent.bill.requests.items())
                if not name.startswith("dynamodb.")
            },
        }
        for door, spent in walked.spent_by_door.items()
        if spent.messages
    }
