"""Puts the whole stack together in the right order, and takes it apart in the reverse one."""

import logging
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from infra.local.emulator import Emulator
from infra.local.house import House, load_house
from infra.local.http_server import HttpServer
from infra.local.outbox import Outbox, SendingJob
from infra.local.pages import Pages
from infra.local.people import mac_keys, write_credentials
from infra.local.ports import Ports, take_ports
from infra.local.queues import QueueJob
from infra.local.resources import Aws, clients, make_resources
from infra.local.running import Running, what_was_lost
from infra.local.schedule import ScheduleJob
from infra.local.settings import EVENTS_TOPIC, INBOUND_TOPIC, LocalSettings, enter, environment_for
from infra.local.smtp_door import Intake, SmtpDoor
from infra.local.stream import StreamJob
from infra.local.virtual import DueIndex, LocalClock, Mover
from infra.local.workers import Crew, Job, Worker
from infra.local.wsgi import Gateway

Say = Callable[[str], None]

MOST_LOG_BYTES: Final = 20_000_000


class Machine:
    """A stack in this process; `start`, `wait`, `stop`."""

    def __init__(self, settings: LocalSettings, *, say: Say) -> None:
        """Prepare; nothing runs yet. `say` prints a line for a person."""
        self._settings = settings
        self._say = say
        self._undo = ExitStack()
        self._over = threading.Event()
        self._by_change: dict[str, list[Worker]] = defaultdict(list)
        self.failed = False

    def start(self) -> None:
        """Bring everything up; raises `CannotStartError` with nothing left running."""
        with ExitStack() as undo:
            self._start(undo)
            self._undo = undo.pop_all()

    def wait(self) -> None:
        """Return when somebody said `end`."""
        while not self._over.wait(1.0):
            pass  # a wait without a limit would not hear Ctrl-C on every platform

    def end(self) -> None:
        """Have `wait` return; safe in a signal handler."""
        self._over.set()

    def stop(self) -> None:
        """Take everything down; nothing of it is left."""
        self._undo.close()

    def _start(self, undo: ExitStack) -> None:
        settings = self._settings
        running = Running(settings)
        undo.callback(lambda: None if self.failed else running.end())
        ports = take_ports(settings)
        for listener in (ports.http, ports.smtp, ports.aws):
            undo.callback(listener.close)
        if running.was_killed:
            self._say(what_was_lost(settings.data))
        self._say("Starting the AWS emulator …")
        emulator = Emulator(settings, ports, on_change=self._changed, on_death=self._died)
        undo.callback(emulator.stop)
        enter(environment_for(settings, mac_keys=mac_keys(settings.data)))
        aws = clients(settings)
        make_resources(aws)
        self._say("Loading app.py …")
        house = load_house(settings.app)
        clock = LocalClock(settings.lead_file)
        gateway = Gateway(house.app)
        if write_credentials(settings, gateway, aws, now=clock.now()):
            emulator.save()
            self._say(f"Made the demo tenants; tokens are in {settings.credentials_file}.")
        self._serve(undo, ports=ports, house=house, gateway=gateway, aws=aws, clock=clock)

    def _serve(
        self,
        undo: ExitStack,
        *,
        ports: Ports,
        house: House,
        gateway: Gateway,
        aws: Aws,
        clock: LocalClock,
    ) -> None:
        """Open the doors, workers first."""
        data = self._settings.data
        intake = Intake(aws, now=clock.now, on_mail=lambda: self._changed(INBOUND_TOPIC))
        outbox = Outbox(data / "outbox")
        schedules = [ScheduleJob(door, now=clock.now) for door in house.schedules]
        outgoing = SendingJob(
            data / "outgoing",
            outbox=outbox,
            aws=aws,
            intake=intake,
            lead=clock.lead,
            on_event=lambda: self._changed(EVENTS_TOPIC),
        )
        crew = self._crew(house, aws=aws, clock=clock, schedules=schedules, outgoing=outgoing)
        mover = Mover(clock, crew=crew, due=DueIndex(aws.dynamodb), schedules=schedules)
        crew.start()
        undo.callback(crew.end)
        smtp = SmtpDoor(ports.smtp, intake)
        undo.callback(smtp.stop)
        http = HttpServer(Pages(gateway, clock=clock, mover=mover, outbox=outbox), ports.http)
        undo.callback(http.stop)
        undo.callback(crew.stop_soon)

    def _crew(
        self,
        house: House,
        *,
        aws: Aws,
        clock: LocalClock,
        schedules: list[ScheduleJob],
        outgoing: SendingJob,
    ) -> Crew:
        settings = self._settings
        jobs: list[tuple[Job, tuple[str, ...]]] = [(job, ()) for job in schedules]
        for door in house.queues:
            poller = QueueJob(door, settings=settings, sqs=aws.sqs)
            topic = {"intake": INBOUND_TOPIC, "feedback": EVENTS_TOPIC}.get(door.queue, "")
            jobs.append((poller, (f"queue {poller.queue}", topic)))
        jobs.append((outgoing, ("mail",)))
        for stream in house.streams:
            reader = StreamJob(stream, settings=settings, aws=aws, lead=clock.lead)
            jobs.append((reader, ("table",)))
        workers = []
        for job, changes in jobs:
            worker = Worker(job)
            workers.append(worker)
            for change in changes:
                self._by_change[change].append(worker)
        return Crew(workers)

    def _changed(self, change: str) -> None:
        for worker in self._by_change.get(change, ()):
            worker.tell()

    def _died(self) -> None:
        self.failed = True
        self._say(f"The AWS emulator ended by itself: see {self._settings.data}/ministack.log.")
        self.end()


class _Terminal(logging.Handler):
    """Tells a person that something failed, and where to read on."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self._say(f"{record.getMessage()} (see sekvens.log)")


def log_to(settings: LocalSettings, *, say: Say) -> None:
    """Let functions log as on Lambda, to standard output, and have that in a file."""
    settings.data.mkdir(parents=True, exist_ok=True)
    path = settings.data / "sekvens.log"
    if path.exists() and path.stat().st_size > MOST_LOG_BYTES:
        path.replace(path.with_suffix(".log.old"))
    file = path.open("a", buffering=1, encoding="utf-8")
    sys.stdout = file
    logging.basicConfig(
        stream=file, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("sekvens.local").addHandler(_Terminal(say))
    # They log requests that clients end early, and every body that is too large.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
