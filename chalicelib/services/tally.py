"""Adds what a change of the table did to the figures of its steps."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.domain.ids import EnrollmentId, SequenceId, StepId
from chalicelib.domain.sequences.figures import (
    BY_MAIL_STATUS,
    CONVERTED,
    Figure,
    bucket_of,
    figures_of,
)
from chalicelib.domain.sequences.ledger import MailStatus
from chalicelib.services import ab_tests
from chalicelib.services.decisions import Bench
from chalicelib.storage.figures import Scope, Tallied

_CONVERTED_FOR: Final = timedelta(days=3_650)
"""An item that is reopened and won again converts nobody anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened at one step: a line of history, or a new status of a mail."""

    step_id: StepId
    type: str
    state: str
    took_s: int | None = None

    def figures(self) -> tuple[Figure, ...]:
        """Return which figures it adds one to."""
        if self.type == "machine":
            return (Figure.MACHINE_OPENED,)
        if self.type == "mail":
            figure = BY_MAIL_STATUS.get(MailStatus(self.state))
            return (figure,) if figure else ()
        return figures_of(self.type, self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the table, as the stream told it under its event id."""

    event_id: str
    happened: Sequence[Happened]
    flow_version: int | None = None
    day: date | None = None

    def tallied(self) -> Tallied:
        """Return what it adds, by step."""
        added: dict[StepId, Counter[Figure]] = defaultdict(Counter)
        for each in self.happened:
            added[each.step_id].update(each.figures())
        took = [
            (each.step_id, bucket_of(each.took_s))
            for each in self.happened
            if each.took_s is not None
        ]
        return Tallied(
            event_id=self.event_id,
            added={step_id: figures for step_id, figures in added.items() if figures},
            scope=Scope(flow_version=self.flow_version, day=self.day, took=took),
        )


def add(sequence_id: SequenceId, changes: Sequence[Change], *, bench: Bench) -> bool:
    """Tally changes of one sequence, each exactly once however often it is heard of.

    Several are tallied together or not at all; whether they were. Not tallied, each may be given
    alone: that is always right, and one that was tallied before adds nothing.
    """
    tallied = [change.tallied() for change in changes]
    counted = [each for each in tallied if each.added]
    if counted:
        figures = bench.stores.figures
        is_added = figures.add_together(sequence_id, counted, now=bench.now())
        if not is_added and len(changes) > 1:
            return False
        tests = {key for each in counted for key in each.added if not key.startswith("#")}
        ab_tests.settle_all(sequence_id, tests, bench=bench)
    return True


def convert(sequence_id: SequenceId, enrollment_id: EnrollmentId, *, bench: Bench) -> None:
    """Count once that the item of an enrollment was won or converted, in the sequence or after."""
    bench.stores.figures.add(
        sequence_id,
        {StepId(CONVERTED): {Figure.GOAL: 1}},
        event_id=f"converted-{enrollment_id}",
        now=bench.now(),
        scope=Scope(day=bench.now().date()),
        remembered_for=_CONVERTED_FOR,
    )
