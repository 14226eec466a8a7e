"""Sekvens as a side: an emulator that outlives its workers, a tenant, and its table."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from os import environ, getpid
from typing import Final

from benchmarks.side_by_side.sides import Ends, Running
from benchmarks.side_by_side.work import MAILS, STEPS, Order
from benchmarks.world import SEQUENCE, HandClock, World, an_emulator, ref_of, set_up
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import EmailStep, EndStep, Flow, Step, WaitStep
from chalicelib.domain.sequences.enrollment import Enrollment, Status
from chalicelib.domain.sequences.settings import ReEnroll, Settings
from chalicelib.storage import keys
from infra.local.settings import DUE_SHARDS, LocalSettings

WAIT: Final = timedelta(hours=1)
"""By the virtual clock; how long it is costs nothing."""
END: Final = StepId("end")
ONCE: Final = Settings(re_enroll=ReEnroll.NEVER)
"""A worker that is started anew begins everybody anew, as a client repeats its request."""


@dataclass(slots=True)
class OurSide:
    """The runner's functions on DynamoDB, SQS and S3."""

    settings: LocalSettings
    world: World
    shards: int = DUE_SHARDS
    name: str = "Sekvens"

    def prepare(self, order: Order) -> None:
        """Publish the flow and make leads."""
        self.world.publish(_flow(order.flow), settings=ONCE)
        for number in range(order.count):
            self.world.lead(f"{order.batch}-{number}")

    def start(self, order: Order) -> Running:
        """Start the functions in a process of their own."""
        command = (sys.executable, "-m", "benchmarks.side_by_side.our_worker", *order.arguments())
        # Figures are written as on Lambda: that is part of what a step costs.
        own = {
            "CLOCK_LEAD_FILE": str(self.settings.lead_file),
            "POWERTOOLS_METRICS_DISABLED": "false",
            "DUE_SHARDS": str(self.shards),
        }
        return Running(command, {**environ, **own})

    def durable_writes(self) -> float:
        """Return 0: the worker counts its own, by kind."""
        return 0

    def store_cpu_s(self) -> float:
        """Return what the emulator took."""
        return children_cpu_s()

    def ends(self, order: Order) -> Ends:
        """Look at every head."""
        heads = [self._head(order, number) for number in range(order.count)]
        ended = sum(each is not None and each.status is Status.COMPLETED for each in heads)
        asked = sum(each is not None and each.has_task for each in heads)
        return Ends(ended=ended, with_a_person=asked, lost=order.count - ended - asked)

    def _head(self, order: Order, number: int) -> Enrollment | None:
        stores = self.world.bench.stores
        ref = ref_of(ItemKind.LEAD, f"{order.batch}-{number}")
        try:
            return stores.enrollments.get(keys.enrollment_id(stores.tenant_id, SEQUENCE, ref, 1))
        except MissingError:
            return None


@contextmanager
def our_side() -> Iterator[OurSide]:
    """Start the emulator, and stop it afterwards."""
    with an_emulator() as settings:
        yield OurSide(settings, set_up(HandClock()))


def children_cpu_s() -> float:
    """Ask the system how much processor time the processes we started took, to the second."""
    told = subprocess.run(
        ("/bin/ps", "-A", "-o", "ppid=,time="), capture_output=True, text=True, check=True
    )
    pairs = (line.split() for line in told.stdout.splitlines())
    return sum(_seconds(time) for parent, time in pairs if int(parent) == getpid())


def _seconds(told: str) -> float:
    """Read `[days-][hours:]minutes:seconds`."""
    days, _, clock = told.rpartition("-")
    seconds = 0.0
    for part in clock.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds + 86_400 * int(days or 0)


def _flow(kind: str) -> Flow:
    wait_ids = [StepId(f"w{number}") for number in range(1, STEPS + 1)]
    mail_ids = [StepId(each) for each in MAILS]
    order = wait_ids
    if kind == "mails":
        order = [wait_ids[0], mail_ids[0], wait_ids[1], mail_ids[1]]
    steps = [_step(each, then) for each, then in zip(order, [*order[1:], END], strict=True)]
    return Flow(start=order[0], steps=(*steps, EndStep(id=END, outcome="done")))


def _step(step_id: StepId, then: StepId) -> Step:
    if step_id in MAILS:
        return EmailStep(
            id=step_id,
            automatic=True,
            subject="Hello {{ person.first_name | default: 'there' }}",
            body="<p>Dear {{ person.first_name | default: 'friend' }}, shall we talk?</p>",
            next=then,
        )
    return WaitStep(id=step_id, wait_for=WAIT, next=then)
