"""Where the steps of a flow lead: what comes before what, what is reached, how long it takes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import (
    COUNTED,
    ConditionStep,
    Flow,
    Step,
    WaitStep,
    ways_out,
)

_DAY: Final = timedelta(days=1)


def next_steps(step: Step, step_by_id: Mapping[StepId, Step]) -> list[Step]:
    """Return the steps that `step` may lead to; ends and dangling references lead nowhere."""
    ids = dict.fromkeys(way for way in ways_out(step) if way is not None)
    return [step_by_id[each] for each in ids if each in step_by_id]


def parents(flow: Flow) -> Mapping[StepId, list[Step]]:
    """Return the steps that lead directly to each step."""
    step_by_id = flow.by_id()
    parents_by_id: dict[StepId, list[Step]] = {each: [] for each in step_by_id}
    for step in flow.steps:
        for following in next_steps(step, step_by_id):
            parents_by_id[following.id].append(step)
    return parents_by_id


def reachable_from(flow: Flow, start: StepId | None) -> set[StepId]:
    """Return every step that can come after `start`, itself included."""
    step_by_id = flow.by_id()
    waiting = [step_by_id[start]] if start in step_by_id and start is not None else []
    reached: set[StepId] = set()
    while waiting:
        step = waiting.pop()
        if step.id not in reached:
            reached.add(step.id)
            waiting.extend(next_steps(step, step_by_id))
    return reached


def cycles(flow: Flow) -> Iterator[list[StepId]]:
    """Yield one round trip for every knot of steps that lead back to each other."""
    step_by_id = dict(flow.by_id())
    while _trim(step_by_id):
        trip = [next(iter(step_by_id.values()))]
        while (following := next_steps(trip[-1], step_by_id)[0]) not in trip:
            trip.append(following)
        loop = [step.id for step in trip[trip.index(following) :]]
        yield loop
        for each in loop:
            del step_by_id[each]


def _trim(step_by_id: dict[StepId, Step]) -> bool:
    """Take away, again and again, what leads nowhere; return whether anything is left."""
    while idle := [each for each, step in step_by_id.items() if not next_steps(step, step_by_id)]:
        for each in idle:
            del step_by_id[each]
    return bool(step_by_id)


def count_steps(flow: Flow) -> int:
    """Return how many steps people would count: no waits, conditions or ends (D365-TPL-05)."""
    return sum(isinstance(step, COUNTED) for step in flow.steps)


def count_days(flow: Flow) -> int:
    """Return the days of the longest path: its waits and the time limits of its conditions.

    A condition on a call takes no time: it is decided when the call is done. The flow has no cycle.
    """
    step_by_id = flow.by_id()
    length_by_id: dict[StepId, timedelta] = {}
    for step in _last_first(flow):
        lengths = (length_by_id[each.id] for each in next_steps(step, step_by_id))
        length_by_id[step.id] = _time_at(step) + max(lengths, default=timedelta())
    longest = length_by_id.get(flow.start, timedelta()) if flow.start else timedelta()
    return math.ceil(longest / _DAY)


def _time_at(step: Step) -> timedelta:
    match step:
        case WaitStep():
            return step.wait_for
        case ConditionStep(within=timedelta() as within):
            return within
        case _:
            return timedelta()


def _last_first(flow: Flow) -> Sequence[Step]:
    """Return the steps so that each comes after all that it leads to."""
    step_by_id = flow.by_id()
    left = {each: len(next_steps(step, step_by_id)) for each, step in step_by_id.items()}
    before = parents(flow)
    order = [step_by_id[each] for each, count in left.items() if count == 0]
    for step in order:  # grows while it is read
        for parent in before[step.id]:
            left[parent.id] -= 1
            if left[parent.id] == 0:
                order.append(parent)
    return order
