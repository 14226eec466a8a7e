"""How a sequence goes: its three counts, and what happened at every step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.ab_tests import Letter, figure_key
from chalicelib.domain.sequences.definition import AbTestStep, Sequence
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.figures import CONVERTED, Figure, StepFigures, median_of
from chalicelib.domain.sequences.reading import read_what_can_be
from chalicelib.domain.sequences.steps import type_of
from chalicelib.services.decisions import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step with its figures; those of an A/B test's versions by letter."""

    step_id: StepId
    type: str
    name: str | None
    figures: StepFigures
    median: timedelta | None
    versions: Mapping[Letter, StepFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of what somebody wants to know: one flow version, or a period; else of all."""

    flow_version: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the overview tab shows (PD-SEQ-20)."""

    sequence: Sequence
    counts: Mapping[Count, int]
    steps: tuple[StepRow, ...]
    endings: Mapping[str, int]
    """How many ended how: `exit#replied`, `end#interested`."""
    converted: int


def overview(sequence_id: SequenceId, asked: Asked | None = None, *, bench: Bench) -> Overview:
    """Return counts and figures of a sequence; raises MissingError."""
    stores, asked = bench.stores, asked or Asked()
    sequence = stores.sequences.get(sequence_id)
    figures = _figures(sequence_id, asked, bench)
    took = stores.figures.took(sequence_id)
    number = asked.flow_version or sequence.flow_version
    flow = (
        read_what_can_be(sequence.flow)[0]
        if number is None
        else stores.sequences.flow_version(sequence_id, number).flow
    )
    none = StepFigures(values={})
    return Overview(
        sequence=sequence,
        counts=stores.counts.of(sequence_id),
        steps=tuple(
            StepRow(
                step_id=step.id,
                type=type_of(step),
                name=step.name,
                figures=figures.get(step.id, none),
                median=median_of(took.get(step.id, {})),
                versions={
                    letter: figures.get(figure_key(step.id, letter), none)
                    for letter in (Letter if isinstance(step, AbTestStep) else ())
                },
            )
            for step in flow.steps
        ),
        endings={
            key.removeprefix("#"): sum(each.values.values())
            for key, each in figures.items()
            if key.startswith(("#exit#", "#end#"))
        },
        converted=figures.get(StepId(CONVERTED), none).values.get(Figure.GOAL, 0),
    )


def _figures(sequence_id: SequenceId, asked: Asked, bench: Bench) -> dict[StepId, StepFigures]:
    if asked.since is None and asked.until is None:
        return bench.stores.figures.of(sequence_id, flow_version=asked.flow_version)
    since, until = asked.since or date.min, asked.until or date.max
    return bench.stores.figures.of_days(sequence_id, since, until)


def waiting(sequence_id: SequenceId, *, bench: Bench) -> dict[StepId, int]:
    """Return how many stand at each step now."""
    figures = bench.stores.figures.of(sequence_id)
    return {step_id: each.waiting for step_id, each in figures.items()}
