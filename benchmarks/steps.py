"""Requests and capacity units of every kind of step, against the budgets of the architecture."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Final

from benchmarks.meter import Bill
from benchmarks.world import SALLY, World
from chalicelib.domain.ids import EnrollmentId, SignalId, StepId, WireId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.signals import (
    Heard,
    MailEvent,
    Signal,
    TaskDone,
    TimeCame,
)
from chalicelib.services import feedback, progress, sweeping
from chalicelib.services.feedback import Told, Word

DAY: Final = timedelta(days=1)
S1, S2, S3, END = (StepId(each) for each in ("s1", "s2", "s3", "end"))
_LEADS = count(1)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an operation may cost at most; None: not budgeted."""

    write_units: float | None = None
    read_units: float | None = None
    table_requests: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table."""

    name: str
    bill: Bill
    budget: Budget

    @property
    def is_within(self) -> bool:
        """Whether every budgeted figure holds."""
        pairs = (
            (self.bill.write_units, self.budget.write_units),
            (self.bill.read_units, self.budget.read_units),
            (self.bill.table_requests, self.budget.table_requests),
        )
        return all(limit is None or spent <= limit for spent, limit in pairs)


WAIT_BUDGET: Final = Budget(6, 1.5, 3)
TASK_BUDGET: Final = Budget(9, 1.5, 3)


def all_steps(world: World) -> Iterator[Measured]:
    """Measure every kind of step that exists."""
    yield Measured("enroll a lead", _enroll(world), Budget())
    yield Measured("wait step over, next wait armed", _wait(world), WAIT_BUDGET)
    yield Measured("condition: No by deadline, wait armed", _no(world), WAIT_BUDGET)
    yield Measured("condition: Yes by reply, wait armed", _yes(world), Budget())
    yield Measured("manual step: task put into the feed", _task(world), TASK_BUDGET)
    yield Measured("task completed, next wait armed", _done(world), Budget())
    yield Measured("end: completed, slot freed", _end(world), Budget())
    yield Measured("an old or doubled wake-up", _stale(world), Budget(0, 1.5, 1))
    yield from _events(world)


def flow_of(*steps: Step) -> Flow:
    """Return a flow of these steps in a row."""
    return Flow(start=steps[0].id, steps=(*steps, EndStep(id=END, outcome="done")))


def wait_step(name: StepId, following: StepId) -> WaitStep:
    """Return a wait of a day."""
    return WaitStep(id=name, wait_for=DAY, next=following)


def mail_step(name: StepId, following: StepId) -> EmailStep:
    """Return an automatic mail."""
    return EmailStep(
        id=name,
        automatic=True,
        subject="Hello {{ person.first_name | default: 'there' }}",
        body="<p>Dear {{ person.first_name | default: 'friend' }}, shall we talk?</p>",
        next=following,
    )


def _call(name: StepId, following: StepId) -> ActivityStep:
    return ActivityStep(id=name, activity_type="call", subject="Call them", next=following)


def _asked_of(mail: StepId) -> ConditionStep:
    return ConditionStep(id=S2, on=Asked.REPLIED, of=mail, within=2 * DAY, yes=S3, no=S3)


def begin(world: World, flow: Flow) -> EnrollmentId:
    """Enroll a new lead in a sequence of this flow."""
    world.publish(flow)
    return world.enroll(world.lead(next(_LEADS)))


def wake(world: World, enrolled: EnrollmentId) -> Bill:
    """Do what time does."""
    token = world.bench.stores.enrollments.get(enrolled).token
    return take(world, enrolled, TimeCame(token=token))


def take(world: World, enrolled: EnrollmentId, signal: Signal) -> Bill:
    """Bill one signal."""
    bench = world.bench
    # A process reads them twice a minute, however many enrollments it advances.
    bench.stores.house_rules.of(SALLY, bench.now())
    with world.meter.measure() as bill:
        progress.take(enrolled, signal, stores=bench.stores, outside=bench.outside)
    return bill


def _enroll(world: World) -> Bill:
    world.publish(flow_of(wait_step(S1, END)))
    lead = world.lead(next(_LEADS))
    with world.meter.measure() as bill:
        world.enroll(lead)
    return bill


def _wait(world: World) -> Bill:
    enrolled = begin(world, flow_of(wait_step(S1, S2), wait_step(S2, END)))
    wake(world, enrolled)
    world.wait(DAY)
    return wake(world, enrolled)


def _after_mail(world: World) -> EnrollmentId:
    flow = flow_of(mail_step(S1, S2), _asked_of(S1), wait_step(S3, END))
    enrolled = begin(world, flow)
    wake(world, enrolled)
    return enrolled


def _no(world: World) -> Bill:
    enrolled = _after_mail(world)
    world.wait(2 * DAY + timedelta(minutes=2))
    return wake(world, enrolled)


def _yes(world: World) -> Bill:
    enrolled = _after_mail(world)
    at = world.bench.now()
    heard = Heard(id=SignalId("reply"), event=MailEvent.REPLIED, step_id=S1, at=at)
    return take(world, enrolled, heard)


def _task(world: World) -> Bill:
    enrolled = begin(world, flow_of(wait_step(S1, S2), _call(S2, END)))
    wake(world, enrolled)
    world.wait(DAY)
    return wake(world, enrolled)


def _done(world: World) -> Bill:
    enrolled = begin(world, flow_of(_call(S1, S2), wait_step(S2, END)))
    wake(world, enrolled)
    return take(world, enrolled, TaskDone(step_id=S1, by=SALLY, outcome="answered"))


def _end(world: World) -> Bill:
    enrolled = begin(world, flow_of(wait_step(S1, END)))
    wake(world, enrolled)
    world.wait(DAY)
    return wake(world, enrolled)


def _stale(world: World) -> Bill:
    enrolled = begin(world, flow_of(wait_step(S1, END)))
    return take(world, enrolled, TimeCame(token=0))


def _events(world: World) -> Iterator[Measured]:
    enrolled = _after_mail(world)
    entry = world.bench.stores.ledger.find(enrolled, S1)
    if entry is None or entry.wire_id is None:
        raise RuntimeError(enrolled)
    heard: set[Told] = set()
    for told, budget in (
        (Told.SEND, Budget(0)),
        (Told.DELIVERY, Budget(3)),
        (Told.DELIVERY, Budget(0)),
        (Told.HARD_BOUNCE, Budget()),
    ):
        word = _word(enrolled, told, entry.wire_id, world)
        with world.meter.measure() as bill:
            feedback.hear(word, bench=world.bench)
        again = " (again)" if told in heard else ""
        heard.add(told)
        yield Measured(f"SES event {told}{again}", bill, budget)


def _word(enrolled: EnrollmentId, told: Told, wire_id: WireId, world: World) -> Word:
    return Word(
        enrollment_id=enrolled,
        step_id=S1,
        attempt=1,
        wire_id=wire_id,
        told=told,
        addresses=["someone@acme.test"],
        at=world.bench.now(),
    )


def ticks(world: World) -> Iterator[Measured]:
    """Measure a tick: ten are due, and more and more are waiting."""
    flow = flow_of(wait_step(S1, END))
    world.publish(flow)
    waiting = 0
    for goal in (10, 100, 300):
        while waiting < goal:
            enrolled = world.enroll(world.lead(next(_LEADS)))
            wake(world, enrolled)
            waiting += 1
        for _ in range(10):
            world.enroll(world.lead(next(_LEADS)))
        with world.meter.measure() as bill:
            for shard in range(16):
                sweeping.sweep(shard, outside=world.bench.outside)
        yield Measured(f"tick of 16 shards, 10 due among {goal} waiting", bill, Budget())
        for due in _due(world):
            wake(world, due)
        waiting += 10


def _due(world: World) -> list[EnrollmentId]:
    from chalicelib.storage import due  # noqa: PLC0415 - read where it is used

    return [
        each.enrollment_id
        for shard in range(16)
        for page in due.read(shard, since="", until=world.bench.now())
        for each in page
        if each is not None
    ]
