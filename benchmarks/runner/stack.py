"""The doors of the application beside an emulator, on a clock that jumps; each call is measured."""

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from os import environ
from typing import Any, Final

from benchmarks.meter import Bill, Meter
from benchmarks.world import World, an_emulator, set_up
from chalicelib.entry.settings import settings
from infra.local.house import Handler, House, load_house
from infra.local.lambda_events import Context, schedule_event
from infra.local.queues import QueueJob
from infra.local.resources import Aws, clients
from infra.local.settings import PROJECT, LocalSettings, queue_name, queue_url
from infra.local.virtual import LocalClock

_MONDAY: Final = 0


@dataclass(slots=True, kw_only=True)
class Spent:
    """What calls of one door cost: CPU of this process, requests and units, messages taken."""

    cpu_s: float = 0.0
    calls: int = 0
    messages: int = 0
    bill: Bill = field(default_factory=Bill)

    def add(self, bill: Bill, *, cpu_s: float, messages: int) -> None:
        """Add one call."""
        self.cpu_s += cpu_s
        self.calls += 1
        self.messages += messages
        self.bill.requests += bill.requests
        self.bill.write_units += bill.write_units
        self.bill.read_units += bill.read_units

    def forget(self) -> None:
        """Begin anew."""
        self.cpu_s, self.calls, self.messages, self.bill = 0.0, 0, 0, Bill()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Everything that a benchmark at size needs."""

    world: World
    clock: LocalClock
    monday: datetime
    """Where the clock stood at first, at nine."""
    house: House
    local: LocalSettings
    aws: Aws

    def poller(self, queue: str, spent: Spent) -> QueueJob:
        """Return what polls `queue` and calls its door, as the event source mapping does."""
        (door,) = (each for each in self.house.queues if each.queue == queue)
        handle = measured(door.handle, self.world.meter, spent)
        return QueueJob(replace(door, handle=handle), settings=self.local, sqs=self.aws.sqs)

    def tick(self) -> Spent:
        """Let a minute come round: the door of the schedule, then that of the shards."""
        spent = Spent()
        (door,) = (each for each in self.house.schedules if each.name == "every_minute")
        event = schedule_event(door.name, str(uuid.uuid4()), self.clock.now())
        measured(door.handle, self.world.meter, spent)(event, a_context(door.name))
        poller = self.poller("sweep", spent)
        while poller.work():
            pass
        return spent

    def empty(self, queue: str) -> None:
        """Throw away what stands in a queue."""
        self.aws.sqs.purge_queue(QueueUrl=queue_url(self.local, queue_name(queue)))


@contextmanager
def a_stack() -> Iterator[Stack]:
    """Start an emulator, and put the clock on a Monday at nine."""
    with an_emulator() as local:
        govern(POWERTOOLS_METRICS_DISABLED="false")
        house = load_house(PROJECT)
        clock = LocalClock(local.lead_file)
        monday = _next_monday()
        clock.jump(monday)
        yield Stack(
            world=set_up(clock),
            clock=clock,
            monday=monday,
            house=house,
            local=local,
            aws=clients(local),
        )


def govern(**variables: str) -> None:
    """Deploy anew with these variables; workers that are started later have them too."""
    environ.update(variables)
    settings.cache_clear()


def measured(handle: Handler, meter: Meter, spent: Spent) -> Handler:
    """Return the door with its costs added to `spent`."""

    def call(event: dict[str, Any], context: object) -> object:
        began = time.process_time()
        # Functions print their figures, as CloudWatch reads them; that costs, and is not shown.
        with meter.measure() as bill, redirect_stdout(StringIO()):
            answer = handle(event, context)
        cpu_s = time.process_time() - began
        spent.add(bill, cpu_s=cpu_s, messages=len(event.get("Records", ())))
        return answer

    return call


def a_context(function: str) -> Context:
    """Return what Lambda tells a function of its call."""
    return Context(function=function, aws_request_id=str(uuid.uuid4()))


def requests_of(spent: Spent) -> Mapping[str, int]:
    """Return requests by name, the frequent first."""
    return dict(spent.bill.requests.most_common())


def _next_monday() -> datetime:
    """Return the next Monday at nine: no window and no weekend stands between bench and work."""
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return today + timedelta(days=(_MONDAY - today.weekday()) % 7 or 7)
