"""From one enrollment to any number: units, dollars, and how near each limit is; pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from benchmarks.capacity import prices
from benchmarks.capacity.prices import FILL_BY_SIZE

MEASURED: Final = Path(__file__).parents[1] / "measured.json"
_CONFIG: Final = Path(__file__).parents[2] / ".chalice" / "config.json"
_STREAM_DOOR: Final = "table_changes"
_STREAM_FILL: Final = 10
"""A call for the stream finds so many times more together: it takes a hundred records."""
PEOPLE: Final = "people"
ADVANCE: Final = "due_enrollments"
FEEDBACK: Final = "ses_feedback"
TALLY: Final = "tallies"
_MINUTES: Final = 60
_MB: Final = 1024
_GB: Final = 1e9
_KB: Final = 1e3


@dataclass(frozen=True)
class Capacity:
    """So many enrollments begun in a month, each of the measured flow."""

    enrollments: int
    measured: Mapping[str, Any]
    memory_by_door: Mapping[str, int]

    @cached_property
    def doors(self) -> Mapping[str, Mapping[str, float]]:
        """What each door costs one enrollment, as full as its calls are at this size."""
        doors: dict[str, Mapping[str, float]] = dict(self.measured["doors"])
        tally = doors[TALLY]
        fuller = tally["messages"] / tally["calls"] / self._fill
        marks, figures = tally["write_units"] - self._figure_units(tally), self._figure_units(tally)
        doors[TALLY] = {**tally, "write_units": marks + figures * fuller}
        return doors

    @property
    def ticks(self) -> float:
        """How often a minute comes round in a month."""
        return prices.MONTH_HOURS.value * _MINUTES

    @property
    def write_units(self) -> float:
        """In a month, ticks included."""
        return self._units("write_units")

    @property
    def read_units(self) -> float:
        """In a month, ticks included."""
        return self._units("read_units")

    @property
    def mails(self) -> float:
        """In a month."""
        return self.enrollments * self.doors[ADVANCE]["sesv2.SendEmail"]

    @property
    def wakes(self) -> float:
        """How often somebody is due in a month."""
        return self.enrollments * self.doors[ADVANCE]["messages"]

    @property
    def stored_gb(self) -> float:
        """In the table, once as many months have gone by as everything is kept."""
        kept = self.enrollments * prices.KEPT_MONTHS.value
        return kept * float(self.measured["bytes"]) / _GB

    def at_peak(self, in_a_month: float) -> float:
        """Return how many a second that is in the busiest minute."""
        busy_s = prices.BUSY_HOURS.value * _MINUTES * _MINUTES
        return in_a_month / busy_s * prices.PEAK.value

    def dollars(self) -> dict[str, float]:
        """Return what a month costs, by service."""
        calls, gb_s = self._calls(), self._gb_seconds()
        messages = self.enrollments * sum(self._queued(door) for door in self.doors)
        polls = prices.POLLS.value * prices.QUEUES.value * self.ticks
        puts = self.enrollments * sum(each.get("s3.PutObject", 0) for each in self.doors.values())
        in_s3 = self.mails * prices.MAIL_KB.value * _KB * prices.KEPT_MONTHS.value / _GB
        asked = self.enrollments * prices.API_REQUESTS.value
        told = self.enrollments * self.doors[FEEDBACK]["messages"]
        return {
            "DynamoDB, writes": prices.WRITES.of(self.write_units),
            "DynamoDB, reads": prices.READS.of(self.read_units),
            "DynamoDB, kept": prices.KEPT.of(self.stored_gb) + prices.RESTORABLE.of(self.stored_gb),
            "Lambda": prices.CALLS.of(calls + asked) + prices.GB_SECONDS.of(gb_s),
            "SQS, SNS": prices.QUEUED.of(3 * messages / self._fill + polls) + prices.TOLD.of(told),
            "SES": prices.MAILS.of(self.mails),
            "S3": prices.PUTS.of(puts) + prices.OBJECTS.of(in_s3),
            "CloudWatch": prices.LOGGED.of((calls + asked) * prices.LOG_KB.value * _KB / _GB),
            "API Gateway": prices.ASKED.of(asked),
        }

    def workers(self) -> float:
        """Return how many of `advance` work at once at peak, mails sent as fast as they come."""
        return self.at_peak(self.enrollments) * self._seconds(ADVANCE)

    def tallied_units(self) -> float:
        """Return what is written at peak into the figures of the busiest sequence, a second."""
        figures = self._figure_units(self.doors[TALLY])
        return self.at_peak(self.enrollments) * prices.BIGGEST.value * figures

    def due_units(self, shards: int) -> float:
        """Return what is written at peak into one shard of the due index, a second."""
        moves = self.doors[ADVANCE]["messages"] + self.doors[PEOPLE]["messages"]
        return self.at_peak(self.enrollments) * 2 * moves / shards

    @staticmethod
    def _figure_units(tally: Mapping[str, float]) -> float:
        """Return what goes into rows of figures: each message also leaves a mark of two units."""
        return tally["write_units"] - 2 * tally["messages"]

    @property
    def _fill(self) -> float:
        return FILL_BY_SIZE[self.enrollments]

    def _units(self, kind: str) -> float:
        of_one = sum(each[kind] for each in self.doors.values())
        return self.enrollments * of_one + self.ticks * float(self.measured["tick"][kind])

    def _queued(self, door: str) -> float:
        return 0.0 if door in {PEOPLE, _STREAM_DOOR} else self.doors[door]["messages"]

    def _calls(self) -> float:
        queued = sum(self._queued(door) for door in self.doors) / self._fill
        streamed = self.doors[_STREAM_DOOR]["messages"] / (self._fill * _STREAM_FILL)
        of_ticks = self.ticks * (1 + int(self.measured["shards"]))
        return self.enrollments * (queued + streamed) + of_ticks

    def _gb_seconds(self) -> float:
        of_doors = sum(
            self._seconds(door) * self.memory_by_door[door] / _MB
            for door in self.doors
            if door != PEOPLE
        )
        of_people = prices.API_REQUESTS.value * prices.API_MS.value / 1e3
        of_people *= self.memory_by_door["api_handler"] / _MB
        tick = self.measured["tick"]
        of_tick = self._took(tick["cpu_ms"], tick["requests"], self.memory_by_door["shard_sweep"])
        of_ticks = self.ticks * of_tick * self.memory_by_door["shard_sweep"] / _MB
        return self.enrollments * (of_doors + of_people) + of_ticks

    def _seconds(self, door: str) -> float:
        """Return how long functions work on one enrollment behind a door."""
        cost = self.doors[door]
        return self._took(cost["cpu_ms"], cost["requests"], self.memory_by_door[door])

    @staticmethod
    def _took(cpu_ms: float, requests: float, memory_mb: int) -> float:
        share = min(1.0, memory_mb / prices.ONE_CPU_MB.value)
        return (cpu_ms / share + requests * prices.CALL_MS.value) / 1e3


def at(enrollments: int) -> Capacity:
    """Return what so many enrollments in a month need, as measured last."""
    functions = json.loads(_CONFIG.read_text())["lambda_functions"]
    memory = {name: int(each["lambda_memory_size"]) for name, each in functions.items()}
    return Capacity(enrollments, json.loads(MEASURED.read_text()), memory)
