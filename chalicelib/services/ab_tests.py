"""What becomes of A/B tests: who leads, when one ends by itself, when a person ends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.errors import MissingError, StateError
from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences import ab_tests
from chalicelib.domain.sequences.ab_tests import Letter, Metric, Result, Score, TestState, Verdict
from chalicelib.domain.sequences.definition import AbTestStep, Sequence
from chalicelib.domain.sequences.figures import Figure, StepFigures
from chalicelib.domain.sequences.reading import read_what_can_be
from chalicelib.services.decisions import Bench

_FIGURE_BY_METRIC: Final = {
    Metric.GOAL: Figure.GOAL,
    Metric.CLICKED: Figure.CLICKED,
    Metric.OPENED: Figure.OPENED,
}


class TestOverError(StateError):
    """A test that is over stays over (Dynamics 2.1)."""

    __test__ = False  # pytest takes the name for a test's
    code = "ab_test_over"
    sentence = "The test is {state}; {remedy}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A test with its figures and, if it is over, its end."""

    step: AbTestStep
    state: TestState
    verdict: Verdict | None
    scores: dict[Letter, Score]


def winner(sequence_id: SequenceId, step: AbTestStep, *, bench: Bench) -> Letter | None:
    """Return the version that everybody gets from now on, or None while the test goes on."""
    known = bench.stores.ab_tests.find(sequence_id, step.id)
    if known is None and step.ends_at is not None and step.ends_at <= bench.now():
        known = settle(sequence_id, step, bench=bench)
    return None if known is None else known.letter


def settle(sequence_id: SequenceId, step: AbTestStep, *, bench: Bench) -> Verdict | None:
    """End the test if its figures or its date say so; return how it ended, if it has."""
    known = bench.stores.ab_tests.find(sequence_id, step.id)
    if known is not None:
        return known
    scores = scores_of(step, bench.stores.figures.of(sequence_id))
    verdict = ab_tests.verdict(
        scores[Letter.A],
        scores[Letter.B],
        default=step.default,
        ends_at=step.ends_at,
        now=bench.now(),
    )
    if verdict is None or bench.stores.ab_tests.end(sequence_id, step.id, verdict):
        return verdict
    return bench.stores.ab_tests.find(sequence_id, step.id)


def settle_all(sequence_id: SequenceId, keys: Iterable[StepId], *, bench: Bench) -> None:
    """Look at the tests whose figures (`step#a`) have just changed."""
    changed = {StepId(key.split("#")[0]) for key in keys if "#" in key}
    sequence = bench.stores.sequences.find(sequence_id) if changed else None
    if sequence is None or sequence.flow_version is None:
        return
    flow = bench.stores.sequences.flow_version(sequence_id, sequence.flow_version).flow
    for step in flow.steps:
        if isinstance(step, AbTestStep) and step.id in changed:
            settle(sequence_id, step, bench=bench)


def stop(sequence: Sequence, step_id: StepId, letter: Letter, *, bench: Bench) -> Shown:
    """End a test by hand: everybody who comes later gets this version."""
    shown = _of(sequence, step_id, bench)
    if shown.state is TestState.DRAFT:
        raise TestOverError(kind="test", state=shown.state, remedy="activate its sequence first")
    over = Verdict(letter=letter, result=Result.STOPPED, decided_at=bench.now())
    if not bench.stores.ab_tests.end(sequence.id, step_id, over):
        raise TestOverError(kind="test", state="over", remedy="make a new one to try again")
    return _of(sequence, step_id, bench)


def of_sequence(sequence: Sequence, *, bench: Bench) -> list[Shown]:
    """Return every test of a sequence with its figures."""
    if sequence.flow_version is None:
        flow, _ = read_what_can_be(sequence.flow)
    else:
        flow = bench.stores.sequences.flow_version(sequence.id, sequence.flow_version).flow
    tests = [step for step in flow.steps if isinstance(step, AbTestStep)]
    figures = bench.stores.figures.of(sequence.id) if tests else {}
    return [_shown(sequence, step, figures, bench) for step in tests]


def scores_of(step: AbTestStep, figures: dict[StepId, StepFigures]) -> dict[Letter, Score]:
    """Return how each version does by the metric of the test."""
    return {letter: _score(step, letter, figures) for letter in Letter}


def _of(sequence: Sequence, step_id: StepId, bench: Bench) -> Shown:
    shown = (each for each in of_sequence(sequence, bench=bench) if each.step.id == step_id)
    found = next(shown, None)
    if found is None:
        raise MissingError(kind="test", id=step_id)
    return found


def _shown(
    sequence: Sequence, step: AbTestStep, figures: dict[StepId, StepFigures], bench: Bench
) -> Shown:
    verdict = bench.stores.ab_tests.find(sequence.id, step.id)
    state = TestState.DRAFT if sequence.flow_version is None else TestState.IN_PROGRESS
    return Shown(
        step=step,
        state=verdict.state if verdict else state,
        verdict=verdict,
        scores=scores_of(step, figures),
    )


def _score(step: AbTestStep, letter: Letter, figures: dict[StepId, StepFigures]) -> Score:
    values = figures.get(ab_tests.figure_key(step.id, letter), StepFigures(values={})).values
    return Score(
        sent=values.get(Figure.SENT, 0), hits=values.get(_FIGURE_BY_METRIC[step.metric], 0)
    )
