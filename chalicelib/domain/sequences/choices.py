"""What a person decides where the engine could not: Yes or No, hand over or end here."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.sequences import steps, walk
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import AdvanceStep, ConditionStep, Flow
from chalicelib.domain.sequences.effects import CloseTask, Record
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.signals import TaskDone, TaskSkipped
from chalicelib.domain.sequences.walk import Decision

YES = "yes"
NO = "no"


def chosen(  # noqa: PLR0917 - as every decision
    enrollment: Enrollment,
    step: ConditionStep | AdvanceStep,
    flow: Flow,
    signal: TaskDone | TaskSkipped,
    now: datetime,
    facts: Facts,
) -> Decision:
    """Go on as a person says; to skip a question is a No, to skip a hand-over ends the sequence."""
    outcome = signal.outcome if isinstance(signal, TaskDone) else None
    is_skip = isinstance(signal, TaskSkipped)
    closing = CloseTask(step_id=step.id, state="skipped" if is_skip else "done", outcome=outcome)
    match step:
        case ConditionStep():
            state = YES if outcome == YES else NO
            record = _line(step, state, now, signal)
            way = step.yes if state == YES else step.no
            return walk.take(enrollment, flow, way, now, facts, base=now, done=(closing, record))
        case AdvanceStep() if is_skip:
            record = _line(step, "skipped", now, signal)
            return walk.take(enrollment, flow, None, now, facts, base=now, done=(closing, record))
        case AdvanceStep() if step.sequence_id in facts.closed:
            raise IllegalMoveError(
                kind="enrollment", id=enrollment.id, status=enrollment.status, move="advance"
            )
        case AdvanceStep():
            ready = replace(enrollment, phase=Phase.READY, has_task=False)
            return walk.take(ready, flow, step.id, now, facts, base=now, done=(closing,))
        case _:
            assert_never(step)


def _line(
    step: ConditionStep | AdvanceStep, state: str, now: datetime, signal: TaskDone | TaskSkipped
) -> Record:
    note = signal.note if isinstance(signal, TaskDone) else signal.why
    return Record(
        step_id=step.id,
        type=steps.type_of(step),
        state=state,
        at=now,
        by=signal.by,
        why=note or "",
    )
