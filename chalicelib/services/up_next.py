"""What was done with an item in its sequence, what is to be done now, and what comes then.

Only the current step can be worked; what is done and what comes is for reading (M20).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import StepId, UserId
from chalicelib.domain.sequences.definition import ConditionStep, Flow, Step
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.steps import next_of, type_of
from chalicelib.services import enrollments, pulse
from chalicelib.services.decisions import Bench
from chalicelib.services.pulse import Shown
from chalicelib.storage import keys

_DONE: Final = frozenset({"completed", "sent", "skipped", "yes", "no", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A step that is behind the item."""

    step_id: StepId
    type: str
    name: str | None
    state: str
    at: datetime
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A step that may follow; `when` is next, yes or no."""

    step_id: StepId
    type: str
    name: str | None
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpNext:
    """The widget of one item; `enrollment` is None where a prompt to connect one belongs."""

    enrollment: Enrollment | None = None
    current: Step | None = None
    task: Shown | None = None
    done: tuple[Done, ...] = ()
    coming: tuple[Coming, ...] = ()


def of(item: ItemRef, *, bench: Bench) -> UpNext:
    """Return what an item's page shows beside it (D365-SEQ-11, 12); raises MissingError."""
    found = enrollments.of_item(item, bench=bench)
    if not found:
        return UpNext()
    enrollment = max(found, key=lambda each: (not each.is_over, each.started_at))
    flow = _flow(enrollment, bench)
    current = None
    if not enrollment.is_over and enrollment.step_id is not None:
        current = flow.by_id()[enrollment.step_id]
    return UpNext(
        enrollment=enrollment,
        current=current,
        task=_task(enrollment, bench),
        done=tuple(_behind(flow, bench.stores.enrollments.history(enrollment.id))),
        coming=tuple(_ways(current, flow, set())),
    )


def _flow(enrollment: Enrollment, bench: Bench) -> Flow:
    sequences = bench.stores.sequences
    return sequences.flow_version(enrollment.sequence_id, enrollment.flow_version).flow


def _task(enrollment: Enrollment, bench: Bench) -> Shown | None:
    """Return the entry of the feed that the item waits for."""
    if enrollment.is_over:
        return None
    step_id = enrollment.mail_ahead or (enrollment.step_id if enrollment.has_task else None)
    if step_id is None:
        return None
    task = pulse.find(keys.task_id(enrollment.id, step_id), bench=bench)
    return pulse.show(task, bench=bench)


def _behind(flow: Flow, history: list[Record]) -> Iterator[Done]:
    step_by_id = flow.by_id()
    for line in history:
        step = step_by_id.get(line.step_id or StepId(""))
        if step is not None and line.state in _DONE:
            yield Done(
                step_id=step.id,
                type=line.type,
                name=step.name,
                state=line.state,
                at=line.at,
                by=line.by,
            )


def _ways(step: Step | None, flow: Flow, passed: set[StepId]) -> Iterator[Coming]:
    """Yield where the current step leads; a condition on it is passed through to both answers.

    Once for each condition: branches that join would double the ways again and again.
    """
    if step is None:
        return
    if isinstance(step, ConditionStep):
        ways = {"yes": step.yes, "no": step.no}
    else:
        ways = {"next": next_of(step)}
    for when, step_id in ways.items():
        following = flow.by_id().get(step_id or StepId(""))
        if following is None:
            continue
        yield Coming(step_id=following.id, type=type_of(following), name=following.name, when=when)
        if isinstance(following, ConditionStep) and following.id not in passed:
            passed.add(following.id)
            yield from _ways(following, flow, passed)
