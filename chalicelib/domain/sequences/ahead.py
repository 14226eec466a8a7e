"""What the engine may ask of the world in its next decision: the steps it can get to at once.

From the step where an enrollment stands, a decision may end that step, pass conditions and field
updates, and take mails that go out by themselves. What such steps ask for is read beforehand;
everything else is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.domain.crm.comparisons import leaves
from chalicelib.domain.crm.field_paths import split_path
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    AdvanceStep,
    Asked,
    ConditionStep,
    EmailStep,
    Flow,
    Step,
    UpdateFieldStep,
    ways_out,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What the steps ahead ask for."""

    asks_item: bool = False
    asks_related: bool = False
    """Its person or organization, too."""
    tests: tuple[AbTestStep, ...] = ()
    sequences: tuple[SequenceId, ...] = ()


_NOTHING = Ahead()


def look(flow: Flow, step_id: StepId | None, kind: ItemKind) -> Ahead:
    """Return what the decision about an enrollment at `step_id` may ask for."""
    return _asked_by(list(_reachable_at_once(flow, step_id)), kind)


def look_to_the_end(flow: Flow, kind: ItemKind) -> Ahead:
    """Return what all decisions together may ask for, from the first step to the last."""
    return _asked_by(flow.steps, kind)


def _asked_by(steps: Sequence[Step], kind: ItemKind) -> Ahead:
    asking = [each for each in steps if _asks_item(each)]
    tests = tuple(each for each in steps if isinstance(each, AbTestStep))
    targets = tuple(each.sequence_id for each in steps if isinstance(each, AdvanceStep))
    if not (asking or tests or targets):
        return _NOTHING
    return Ahead(
        asks_item=bool(asking),
        asks_related=any(_asks_related(each, kind) for each in asking),
        tests=tests,
        sequences=tuple(dict.fromkeys(targets)),
    )


def _reachable_at_once(flow: Flow, step_id: StepId | None) -> Iterator[Step]:
    step_by_id = flow.by_id()
    waiting = [step_id] if step_id in step_by_id else []
    seen = set(waiting)
    while waiting:
        at = waiting.pop()
        step = step_by_id[at]  # type: ignore[index]  # only known ids are put there
        yield step
        if at != step_id and not _takes_no_time(step):
            continue
        following = [each for each in ways_out(step) if each in step_by_id and each not in seen]
        seen.update(following)
        waiting.extend(following)


def _takes_no_time(step: Step) -> bool:
    return isinstance(step, ConditionStep | UpdateFieldStep | EmailStep)


def _asks_item(step: Step) -> bool:
    if isinstance(step, ConditionStep):
        return step.on in {Asked.FIELD, Asked.STAGE}
    return isinstance(step, UpdateFieldStep)


def _asks_related(step: Step, kind: ItemKind) -> bool:
    if not isinstance(step, ConditionStep):
        return False
    paths = (split_path(each.field or "", kind) for each in leaves(step.comparison))
    return any(path is not None and path[0] is not kind for path in paths)
