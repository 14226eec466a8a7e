"""Why a flow may not run: all reasons at once, each with its step, a code and a sentence.

Here is how its steps must hang together; what each must say is in `step_checks`.
"""

from collections.abc import Callable, Iterator
from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import Problem
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import step_checks
from chalicelib.domain.sequences.check_sentences import problem
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    AdvanceStep,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    Step,
    WaitStep,
    ways_out,
)
from chalicelib.domain.sequences.paths import count_steps, cycles, parents, reachable_from
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.step_checks import Ground

MOST_STEPS: Final = 40
"""Counted as people count (`paths.count_steps`)."""
MOST_NODES: Final = 200
"""Counted with waits, conditions and ends."""

_NOBODY: Final = StepId("")


def problems_of(flow: Flow, kind: ItemKind, settings: Settings | None = None) -> list[Problem]:
    """Return everything that keeps `flow` from running for items of `kind`; empty means it may."""
    if not flow.steps:
        return [problem("$.steps", "empty_flow")]
    if len(flow.steps) > MOST_NODES:
        # What else is wrong is not looked for, so that no document costs more than a sequence may.
        return [problem("$.steps", "too_many_nodes", count=len(flow.steps), most=MOST_NODES)]
    ground = Ground(flow=flow, kind=kind, settings=settings or Settings())
    return [each for rule in RULES for each in rule(ground)]


def graph_problems_of(flow: Flow) -> list[Problem]:
    """Return what is wrong with how the steps hang together, where some cannot be read at all."""
    if not flow.steps or len(flow.steps) > MOST_NODES:
        return []
    ground = Ground(flow=flow, kind=ItemKind.LEAD, settings=Settings())
    return [each for rule in (_size, _cycles, _waits) for each in rule(ground)]


def _start(on: Ground) -> Iterator[Problem]:
    flow = on.flow
    if flow.start is None:
        yield problem("$.start", "no_start")
    elif flow.start not in flow.by_id():
        yield problem("$.start", "dangling_reference", key="start", to=flow.start)
    elif isinstance(flow.by_id()[flow.start], AdvanceStep):
        yield problem(flow.start, "advance_first")


def _size(on: Ground) -> Iterator[Problem]:
    count = count_steps(on.flow)
    if count > MOST_STEPS:
        yield problem("$.steps", "too_many_steps", count=count, most=MOST_STEPS)


def _references(on: Ground) -> Iterator[Problem]:
    known = on.flow.by_id()
    for step in on.flow.steps:
        for key, to in _named(step):
            if to is not None and to not in known:
                yield problem(step.id, "dangling_reference", key=key, to=to)


def _reach(on: Ground) -> Iterator[Problem]:
    flow = on.flow
    if flow.start not in flow.by_id():
        return  # said once; without a start nothing can be reached
    reached = reachable_from(flow, flow.start)
    for step in flow.steps:
        if step.id not in reached:
            yield problem(step.id, "unreachable")


def _cycles(on: Ground) -> Iterator[Problem]:
    for trip in cycles(on.flow):
        yield problem(trip[0], "cycle", trip=" → ".join((*trip, trip[0])))


def _waits(on: Ground) -> Iterator[Problem]:
    """D365-SEQ-27. An end that does something to the item may follow a wait."""
    step_by_id = on.flow.by_id()
    for step in on.flow.steps:
        if isinstance(step, WaitStep):
            following = step_by_id.get(step.next) if step.next else None
            is_bare_end = isinstance(following, EndStep) and following.item_action is None
            if step.next is None or is_bare_end:
                yield problem(step.id, "wait_last")


def _conditions(on: Ground) -> Iterator[Problem]:
    step_by_id, parents_by_id = on.flow.by_id(), parents(on.flow)
    for step in on.flow.steps:
        if not isinstance(step, ConditionStep) or step.of is None or step.of not in step_by_id:
            continue
        of = step_by_id[step.of]
        if step.asked_of_mail and not isinstance(of, EmailStep):
            yield problem(step.id, "condition_needs_email", of=of.id)
        if not step.asked_of_mail and not _is_call(of):
            yield problem(step.id, "condition_needs_call", of=of.id)
        before = parents_by_id[step.id]
        is_first = on.flow.start == step.id or not before
        if is_first or not all(_asks_or_is(each, of) for each in before):
            yield problem(step.id, "condition_not_after_its_step", of=of.id)


def _replies(on: Ground) -> Iterator[Problem]:
    step_by_id = on.flow.by_id()
    for step in on.flow.steps:
        earlier = step_by_id.get(_answered_by(step) or _NOBODY)
        if earlier is None:
            continue
        is_later = step.id in reachable_from(on.flow, earlier.id) and earlier is not step
        if not isinstance(earlier, EmailStep) or not is_later:
            yield problem(step.id, "reply_to_not_before", to=earlier.id)


RULES: Final[tuple[Callable[[Ground], Iterator[Problem]], ...]] = (
    _start,
    _size,
    _references,
    _reach,
    _cycles,
    _waits,
    _conditions,
    *step_checks.RULES,
    _replies,
)


def _named(step: Step) -> Iterator[tuple[str, StepId | None]]:
    """Yield every reference to another step, with its key."""
    keys = ("yes", "no") if isinstance(step, ConditionStep) else ("next",)
    yield from zip(keys, ways_out(step), strict=False)
    if isinstance(step, ConditionStep):
        yield "of", step.of
    yield "reply_to_step", _answered_by(step)


def _answered_by(step: Step) -> StepId | None:
    return step.reply_to_step if isinstance(step, EmailStep) else None


def _is_call(step: Step) -> bool:
    return isinstance(step, ActivityStep) and step.activity_type == "call"


def _asks_or_is(step: Step, of: Step) -> bool:
    return step is of or (isinstance(step, ConditionStep) and step.of == of.id)
