"""A whole deployment without threads: AWS, every door of app.py, and a clock moved by hand.

Nothing happens by itself. Messages wait in their queues, changes in the stream, mails in the mail
service, which outlives whoever hands mail in; `quiet` lets all doors work until nobody has work.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from app import app
from chalicelib.entry import wiring
from chalicelib.services.decisions import Bench
from chalicelib.storage.stores import Stores
from infra.local.emulator import Emulator
from infra.local.house import House, open_house
from infra.local.outbox import Outbox, SendingJob
from infra.local.ports import take_ports
from infra.local.queues import QueueJob
from infra.local.resources import Aws, clients, make_resources
from infra.local.schedule import ScheduleJob
from infra.local.settings import PROJECT, LocalSettings, environment_for
from infra.local.smtp_door import Intake
from infra.local.stack import free_ports
from infra.local.stream import StreamJob
from infra.local.virtual import LocalClock
from infra.local.workers import Crew, Job, Worker
from infra.local.wsgi import Gateway
from tests.builders import TENANT
from tests.conftest import forget
from tests.services.doors.listener import Listener
from tests.services.doors.requests import Request, send

SHARDS: Final = 2
"""Of the due index: every tick reads them all."""
BEGINS_AT: Final = datetime(2036, 3, 3, 9, 0, tzinfo=UTC)
"""A Monday, whatever day it is: ahead of the world's, whose emulator lets old rows expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The deployment of one test process."""

    settings: LocalSettings
    aws: Aws
    house: House
    clock: LocalClock
    outbox: Outbox
    intake: Intake
    schedules: Mapping[str, ScheduleJob]
    jobs: Mapping[str, Job]
    """Everybody who has work of his own, by the name of the door; schedules too."""
    listener: Listener
    """A program of the tenant, which webhooks may tell."""

    @property
    def stores(self) -> Stores:
        """Return the tenant's stores, as a new request sees them."""
        return wiring.stores_for(TENANT)

    @property
    def bench(self) -> Bench:
        """Return what services need."""
        return Bench(stores=self.stores, outside=wiring.outside())

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock.now()

    def quiet(self, *, but: Collection[str] = ()) -> None:
        """Let all doors work until nobody has work; those named in `but` sleep."""
        workers = [Worker(job) for name, job in self.jobs.items() if name not in but]
        Crew(workers).work_until_quiet()

    def later(self, by: timedelta, *, but: Collection[str] = ()) -> None:
        """Let time pass and the minute tick; then all doors but the named ones work."""
        self.clock.jump(self.now() + by)
        self.schedules["every_minute"].tick(self.now())
        self.quiet(but=but)

    def send(self, request: Request) -> int:
        """Send a request to the API, in this process; return the status of the answer."""
        return send(Gateway(self.house.app), request)

    def mails(self) -> list[dict[str, Any]]:
        """Return every mail that the mail service took, with its tags."""
        folder = self.settings.data / "outgoing"
        waiting = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
        return [*self.outbox.since(None), *waiting]


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """Put a deployment up in `folder` until the block ends; it begins on a Monday morning."""
    http, smtp, aws_port = free_ports(3)
    settings = LocalSettings(
        port=http, smtp_port=smtp, aws_port=aws_port, data=folder, app=PROJECT, save_every_s=3600
    )
    with ExitStack() as undo:
        patch = undo.enter_context(pytest.MonkeyPatch.context())
        environment = environment_for(settings, mac_keys="a:a-key-for-tests")
        for name, value in {**environment, "DUE_SHARDS": str(SHARDS)}.items():
            patch.setenv(name, value)
        ports = take_ports(settings)
        for listener in (ports.http, ports.smtp):
            listener.close()
        emulator = Emulator(settings, ports, on_change=lambda _: None, on_death=lambda: None)
        undo.callback(emulator.stop)
        undo.callback(forget)
        forget()
        yield _opened(settings, undo.enter_context(Listener()))


def _opened(settings: LocalSettings, listener: Listener) -> World:
    settings.lead_file.write_text(repr((BEGINS_AT - datetime.now(UTC)).total_seconds()))
    aws = clients(settings)
    wiring.point_at_table()
    make_resources(aws)
    house = open_house(app)
    clock = LocalClock(settings.lead_file)
    outbox = Outbox(settings.data / "outbox")
    intake = Intake(aws, now=clock.now, on_mail=lambda: None)
    schedules = {door.name: ScheduleJob(door, now=clock.now) for door in house.schedules}
    queues = [QueueJob(door, settings=settings, sqs=aws.sqs) for door in house.queues]
    streams = [
        StreamJob(door, settings=settings, aws=aws, lead=clock.lead) for door in house.streams
    ]
    sending = SendingJob(
        settings.data / "outgoing",
        outbox=outbox,
        aws=aws,
        intake=intake,
        lead=clock.lead,
        on_event=lambda: None,
    )
    jobs: list[Job] = [*schedules.values(), *queues, sending, *streams]
    return World(
        settings=settings,
        aws=aws,
        house=house,
        clock=clock,
        outbox=outbox,
        intake=intake,
        schedules=schedules,
        jobs={job.name: job for job in jobs},
        listener=listener,
    )
