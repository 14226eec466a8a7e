"""When a schedule comes round, EventBridge's `rate(…)` and `cron(…)`, and the job of ticking."""

import logging
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from infra.local.house import ScheduleDoor
from infra.local.lambda_events import Context, schedule_event

_RATE: Final = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON: Final = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_MINUTE: Final = timedelta(minutes=1)
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FARTHEST: Final = timedelta(days=366)

log = logging.getLogger("sekvens.local")


def next_round(expression: str, after: datetime) -> datetime:
    """Return the first instant strictly after `after` at which the schedule comes round."""
    if rate := _RATE.fullmatch(expression):
        period = timedelta(**{f"{rate[2]}s": int(rate[1])})
        whole = (after - datetime.min.replace(tzinfo=UTC)) // period
        return datetime.min.replace(tzinfo=UTC) + (whole + 1) * period
    if cron := _CRON.fullmatch(expression):
        return _next_cron(cron.groups(), after)
    raise ValueError(f"not a schedule: {expression}")


def _next_cron(fields: tuple[str, ...], after: datetime) -> datetime:
    minutes, hours = _numbers(fields[0], 0, 59), _numbers(fields[1], 0, 23)
    day = after.replace(hour=0, minute=0, second=0, microsecond=0)
    while day - after < _FARTHEST:
        if _is_day(fields, day):
            times = (day.replace(hour=hour, minute=minute) for hour in hours for minute in minutes)
            if found := next((each for each in times if each > after), None):
                return found
        day += timedelta(days=1)
    raise ValueError(f"never comes round: {fields}")


def _is_day(fields: tuple[str, ...], day: datetime) -> bool:
    of_week = fields[4].upper()
    for number, name in enumerate(_DAYS, start=1):
        of_week = of_week.replace(name, str(number))
    weekday = day.isoweekday() % 7 + 1  # EventBridge: Sunday is 1
    return (
        day.day in _numbers(fields[2], 1, 31)
        and day.month in _numbers(fields[3], 1, 12)
        and weekday in _numbers(of_week, 1, 7)
        and day.year in _numbers(fields[5], 1970, 2199)
    )


def _numbers(field: str, low: int, high: int) -> list[int]:
    """Read `*`, `?`, `5`, `1-5`, `0/15` and lists of these."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin = low if first in {"*", "?"} else int(first)
        end = int(last) if last else high if first in {"*", "?"} or step else begin
        found.update(range(begin, end + 1, int(step or 1)))
    return sorted(found)


class ScheduleJob:
    """Calls one function whenever its schedule comes round on the virtual clock."""

    def __init__(self, door: ScheduleDoor, *, now: Callable[[], datetime]) -> None:
        """Serve `door`; the first round is the next one."""
        self._door = door
        self._now = now
        self._at = now()

    @property
    def name(self) -> str:
        """Name the function."""
        return self._door.name

    @property
    def is_fine(self) -> bool:
        """Whether it comes round so often that a jumping clock need not stop at each round."""
        return next_round(self._door.expression, self._at) - self._at <= 60 * _MINUTE

    def due_at(self) -> datetime:
        """Return the next round."""
        return next_round(self._door.expression, self._at)

    def work(self) -> bool:
        """Call the function if a round is due; missed rounds are one."""
        now = self._now()
        if self.due_at() > now:
            return False
        self.tick(now)
        return True

    def tick(self, now: datetime) -> None:
        """Call the function, round or not."""
        self._at = now
        context = Context(function=self.name, aws_request_id=str(uuid.uuid4()))
        try:
            self._door.handle(schedule_event(self.name, str(uuid.uuid4()), now), context)
        except Exception:
            # Lambda would try twice more; the next round is near enough.
            log.exception("%s raised", self.name)

    def wait_s(self) -> float | None:
        """Return None: waiting for a round is no unfinished work."""
        return None
