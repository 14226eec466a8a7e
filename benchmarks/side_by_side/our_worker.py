"""The process of Sekvens: the functions of the runner, called as Lambda calls them.

The clock jumps from one due minute to the next, and the runner ticks there: minutes in which
nothing is due are counted once, as what a waiting minute costs. Started again after a crash with
the same words, it goes on where it was.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from botocore.client import BaseClient

from benchmarks.side_by_side.postbox import Postbox
from benchmarks.side_by_side.work import READY, Order, Reading, Told, read_order
from benchmarks.world import SALLY, SEQUENCE, TENANT, metered, ref_of
from chalicelib.domain.crm.items import ItemKind
from chalicelib.entry import wiring
from chalicelib.entry.settings import settings as deployment
from chalicelib.services import enrolling
from chalicelib.services.decisions import Bench
from infra.local.house import Handler, House, load_house
from infra.local.queues import QueueJob
from infra.local.resources import Aws, clients
from infra.local.schedule import ScheduleJob
from infra.local.ses_events import SentMail, events_of
from infra.local.settings import CONFIGURATION_SET, PROJECT, LocalSettings
from infra.local.virtual import DueIndex, LocalClock

MINUTE: Final = timedelta(minutes=1)
HORIZON: Final = timedelta(hours=12)
"""Longer than all waits of a flow and what a lost worker costs; shorter than anything else."""
AT_A_TIME: Final = 100
"""So many items does one request enroll."""
RUNNER: Final = ("sweep", "due", "feedback")


class Worker:
    """The runner's functions in one process, in turn."""

    def __init__(self, order: Order, postbox: Postbox) -> None:
        """Load everything."""
        self._order, self._postbox, self._told = order, postbox, 0
        aws = clients(_settings(order))
        house = load_house(PROJECT)
        lead_file = deployment().clock_lead_file
        assert lead_file is not None
        self.clock, self._due = LocalClock(lead_file), DueIndex(aws.dynamodb)
        self.own_cpu_s, self.ticks = 0.0, 0
        self._tick = self._minutes(house)
        self._jobs = self._queues(house, aws)
        self._sqs = aws.sqs

    def live(self) -> None:
        """Tick in every minute in which something is due, until nothing is within the horizon."""
        until = self.clock.now() + HORIZON
        self.tick()
        while (following := self._next()) is not None and following < until:
            self.clock.jump(following)
            self.tick()

    def _next(self) -> datetime | None:
        """Return when to tick next; what a dead worker took with it, a later minute finds again."""
        now = self.clock.now()
        late, following = self._due.around(now)
        if late:
            return now + MINUTE
        return None if following is None else following + MINUTE

    def tick(self) -> None:
        """Do what a minute does: sweep, and work off the queues."""
        self.ticks += 1
        self._tick.tick(self.clock.now())
        self.drain()

    def drain(self) -> None:
        """Work off the queues, telling of mails as SES does if the order says so."""
        while any(job.work() for job in self._jobs):
            if self._order.style == "told":
                self._tell()

    def _tell(self) -> None:
        lines = self._postbox.lines()
        for each in lines[self._told :]:
            mail = SentMail(
                ses_id=each["ses_id"],
                sender="sally@bench.test",
                recipients=("paula@acme.test",),
                tags=json.loads(each["tags"]),
                configuration_set=CONFIGURATION_SET,
                fields=(),
                at=self.clock.now(),
            )
            body = json.dumps(events_of(mail)[0])
            self._sqs.send_message(
                QueueUrl=deployment().queue_url_by_name["feedback"], MessageBody=body
            )
        self._told = len(lines)

    def _queues(self, house: House, aws: Aws) -> list[QueueJob]:
        settings = _settings(self._order)
        doors = [each for each in house.queues if each.queue in RUNNER]
        timed = [replace(each, handle=self._timed(each.handle)) for each in doors]
        return [QueueJob(each, settings=settings, sqs=aws.sqs) for each in timed]

    def _minutes(self, house: House) -> ScheduleJob:
        (door,) = (each for each in house.schedules if each.name == "every_minute")
        return ScheduleJob(replace(door, handle=self._timed(door.handle)), now=self.clock.now)

    def _timed(self, handle: Handler) -> Handler:
        """Count what the functions themselves take; Lambda polls the queues for us."""

        def timed(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - as Handler
            before = time.process_time()
            try:
                return handle(event, context)
            finally:
                self.own_cpu_s += time.process_time() - before

        return timed


def _settings(order: Order) -> LocalSettings:
    return LocalSettings(
        port=0, smtp_port=0, aws_port=int(order.place), data=Path.cwd(), app=PROJECT
    )


def mails_go_to(postbox: Postbox) -> None:
    """Let SES's one call end at the mail service that both sides share."""
    call: Callable[..., Any] = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001

    def routed(client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401
        if operation != "SendEmail":
            return call(client, operation, asked)
        tags = {each["Name"]: each["Value"] for each in asked["EmailTags"]}
        ses_id = f"{tags['enrollment']}-{tags['step']}-{tags['attempt']}"
        told = {"ses_id": ses_id, "tags": json.dumps(tags)}
        postbox.take(tags["enrollment"], tags["step"], **told)
        return {"MessageId": ses_id}

    BaseClient._make_api_call = routed  # type: ignore[attr-defined]  # noqa: SLF001


def main() -> None:
    """Enroll everybody, live until all have ended, tell."""
    order = read_order(sys.argv[1:])
    postbox = Postbox(path=order.postbox, answer_s=order.answer_s, die_at=order.die_at)
    mails_go_to(postbox)
    worker = Worker(order, postbox)
    bench = Bench(stores=wiring.stores_for(TENANT), outside=wiring.outside())
    print(READY, flush=True)
    _counted(order, worker, bench).say()


def _counted(order: Order, worker: Worker, bench: Bench) -> Told:
    """Measure; if the order says so, count requests beside, which would cost a little itself."""
    if order.style != "counted":
        return _measured(order, worker, bench)
    meter = metered(bench)
    with meter.measure() as minute:
        worker.tick()
    worker.ticks = 0
    with meter.measure() as bill:
        told = _measured(order, worker, bench)
    # A minute's own writes do not depend on how many workflows there are.
    steps = {name: n - worker.ticks * minute.requests[name] for name, n in bill.requests.items()}
    units = bill.write_units - worker.ticks * minute.write_units
    return replace(told, writes={**steps, "write units": units})


def _measured(order: Order, worker: Worker, bench: Bench) -> Told:
    ready = Reading.take()
    numbers = range(order.count)
    before = time.process_time()
    for start in range(0, order.count, AT_A_TIME):
        some = numbers[start : start + AT_A_TIME]
        ids = [ref_of(ItemKind.LEAD, f"{order.batch}-{each}").id for each in some]
        enrolling.enroll(SEQUENCE, item_ids=ids, caller_id=SALLY, bench=bench)
    worker.own_cpu_s = time.process_time() - before
    worker.tick()
    begun = Reading.take()
    idle_cpu_s = _idle(worker)
    rest = Reading.take()
    worker.live()
    done = Reading.take()
    cpu_s = done.cpu_s - rest.cpu_s + begun.cpu_s - ready.cpu_s
    return Told(
        cpu_s=cpu_s,
        begun_cpu_s=begun.cpu_s - ready.cpu_s,
        idle_cpu_s=idle_cpu_s,
        wall_s=done.wall_s - rest.wall_s + begun.wall_s - ready.wall_s,
        ready_mb=ready.peak_mb,
        asleep_mb=begun.peak_mb,
        threads=1,
        foreign_cpu_s=cpu_s - worker.own_cpu_s,
    )


def _idle(worker: Worker) -> float:
    """Return what a minute costs in which nobody is due."""
    before, own = time.process_time(), worker.own_cpu_s
    worker.tick()
    worker.own_cpu_s = own
    return time.process_time() - before


if __name__ == "__main__":
    main()
