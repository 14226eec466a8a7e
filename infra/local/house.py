"""Loads app.py as Lambda does, and finds in Chalice's registrations what wakes on what."""

import importlib.util
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalice.app import (
    Chalice,
    DynamoDBEventConfig,
    Request,
    ScheduledEventConfig,
    ScheduleExpression,
    SQSEventConfig,
)

from infra.local.ports import CannotStartError

# Lambda hands JSON in and takes JSON out.
Handler = Callable[[dict[str, Any], object], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDoor:
    """A function that wakes on a queue."""

    name: str
    queue: str
    batch_size: int
    handle: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDoor:
    """A function that wakes by the clock."""

    name: str
    expression: str
    handle: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDoor:
    """A function that wakes on the table's stream."""

    name: str
    batch_size: int
    handle: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The application and its doors."""

    app: Chalice
    queues: tuple[QueueDoor, ...]
    schedules: tuple[ScheduleDoor, ...]
    streams: tuple[StreamDoor, ...]


class _ThreadedChalice(Chalice):
    """Chalice keeps the request on the app: Lambda has one at a time, we have many."""

    _threads = threading.local()

    @property
    def current_request(self) -> Request | None:
        """Return this thread's request."""
        return getattr(self._threads, "request", None)

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        self._threads.request = request


def load_house(folder: Path) -> House:
    """Import `app.py`; raises `CannotStartError` if there is none."""
    path = folder / "app.py"
    spec = importlib.util.spec_from_file_location("app", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise CannotStartError(f"There is no app.py in {folder}: name its folder with --app.")
    sys.path.insert(0, str(folder))
    module = importlib.util.module_from_spec(spec)
    sys.modules["app"] = module
    spec.loader.exec_module(module)
    return open_house(module.app)


def open_house(app: Chalice) -> House:
    """Read the registrations of an application, and make it fit for threads."""
    app.__class__ = _ThreadedChalice
    sources = app.event_sources
    return House(
        app=app,
        queues=tuple(_queue(app, each) for each in sources if isinstance(each, SQSEventConfig)),
        schedules=tuple(
            ScheduleDoor(
                name=each.name,
                expression=_expression(each.schedule_expression),
                handle=app.handler_map[each.name],
            )
            for each in sources
            if isinstance(each, ScheduledEventConfig)
        ),
        streams=tuple(
            StreamDoor(
                name=each.name, batch_size=each.batch_size, handle=app.handler_map[each.name]
            )
            for each in sources
            if isinstance(each, DynamoDBEventConfig)
        ),
    )


def _queue(app: Chalice, source: SQSEventConfig) -> QueueDoor:
    plain = source.queue or (source.queue_arn or "").rpartition(":")[2]
    return QueueDoor(
        name=source.name,
        queue=plain,
        batch_size=source.batch_size,
        handle=app.handler_map[source.name],
    )


def _expression(given: str | ScheduleExpression) -> str:
    return given if isinstance(given, str) else given.to_string()
