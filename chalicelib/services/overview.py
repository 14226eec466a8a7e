"""How a sequence goes: its three counts, and what happened at every step."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.definition import Sequence
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.figures import StepFigures
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.steps import type_of
from chalicelib.services.decisions import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step with its figures."""

    step_id: StepId
    type: str
    name: str | None
    figures: StepFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the overview tab shows (PD-SEQ-20)."""

    sequence: Sequence
    counts: Mapping[Count, int]
    steps: tuple[StepRow, ...]


def overview(sequence_id: SequenceId, *, bench: Bench) -> Overview:
    """Return counts and figures of a sequence; raises MissingError."""
    stores = bench.stores
    sequence = stores.sequences.get(sequence_id)
    figures = stores.figures.of(sequence_id)
    if sequence.flow_version is None:
        flow = read_flow(sequence.flow)
    else:
        flow = stores.sequences.flow_version(sequence_id, sequence.flow_version).flow
    return Overview(
        sequence=sequence,
        counts=stores.counts.of(sequence_id),
        steps=tuple(
            StepRow(
                step_id=step.id,
                type=type_of(step),
                name=step.name,
                figures=figures.get(step.id, StepFigures(values={})),
            )
            for step in flow.steps
        ),
    )


def waiting(sequence_id: SequenceId, *, bench: Bench) -> dict[StepId, int]:
    """Return how many stand at each step now."""
    figures = bench.stores.figures.of(sequence_id)
    return {step_id: each.waiting for step_id, each in figures.items()}
