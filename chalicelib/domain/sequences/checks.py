"""Why a flow may not run: all reasons at once, each with its step, a code and a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, assert_never

from chalicelib.domain.crm.items import STATUSES, ItemKind, ItemStatus
from chalicelib.domain.crm.liquid_texts import fault_of
from chalicelib.domain.errors import Problem
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    LinkedInStep,
    Step,
    WaitStep,
    ways_out,
)
from chalicelib.domain.sequences.paths import count_steps, cycles, parents, reachable_from
from chalicelib.domain.sequences.texts import unknown_fields

MOST_STEPS: Final = 40
"""Counted as people count (`paths.count_steps`)."""
MOST_NODES: Final = 200
"""Counted with waits, conditions and ends."""

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "empty_flow": "The sequence has no steps; add one.",
        "no_start": "`start` names no step; say with which one the sequence begins.",
        "too_many_steps": "There are {count} steps; a sequence has at most {most}.",
        "too_many_nodes": "There are {count} steps, waits, conditions and ends; at most {most}.",
        "dangling_reference": "`{key}` names `{to}`, and there is no such step.",
        "unreachable": "Nothing leads to this step; connect it or delete it.",
        "cycle": "These steps lead back to each other: {trip}. A sequence must come to an end.",
        "wait_last": "A branch cannot end with a wait; delete it or put a step behind it.",
        "condition_not_after_its_step": "This condition asks about `{of}`, so it must stand "
        "directly after it, or after another condition on it.",
        "condition_needs_email": "Only an e-mail can be replied to, and `{of}` is none.",
        "condition_needs_call": "Only a call can be answered, and `{of}` is none.",
        "email_without_text": "An automatic e-mail needs `{key}`.",
        "bad_text": "`{key}` cannot be read: {fault}.",
        "subject_line_break": "`subject` is one line; take the line break out.",
        "unknown_merge_field": "`{key}` names `{field}`; a sequence for a {kind} knows item, "
        "{kind}, person, organization and sender (its name, first_name, email and signature).",
        "reply_to_not_before": "`reply_to_step` names `{to}`, which is not an e-mail before this.",
        "status_not_for_kind": "A {kind} cannot be set to `{status}`.",
    }
)
"""Every code, and what it says to the author."""

_NOBODY: Final = StepId("")
_NOT_FOR_ENDS: Final = frozenset({ItemStatus.OPEN, ItemStatus.DELETED, ItemStatus.CONVERTED})
"""What an end cannot bring about by setting a status alone."""


def problems_of(flow: Flow, kind: ItemKind) -> list[Problem]:
    """Return everything that keeps `flow` from running for items of `kind`; empty means it may."""
    if not flow.steps:
        return [_problem("$.steps", "empty_flow")]
    if len(flow.steps) > MOST_NODES:
        # What else is wrong is not looked for, so that no document costs more than a sequence may.
        return [_problem("$.steps", "too_many_nodes", count=len(flow.steps), most=MOST_NODES)]
    return [problem for rule in RULES for problem in rule(flow, kind)]


def _start(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    if flow.start is None:
        yield _problem("$.start", "no_start")
    elif flow.start not in flow.by_id():
        yield _problem("$.start", "dangling_reference", key="start", to=flow.start)


def _size(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    count = count_steps(flow)
    if count > MOST_STEPS:
        yield _problem("$.steps", "too_many_steps", count=count, most=MOST_STEPS)


def _references(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    known = flow.by_id()
    for step in flow.steps:
        for key, to in _named(step):
            if to is not None and to not in known:
                yield _problem(step.id, "dangling_reference", key=key, to=to)


def _reach(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    if flow.start not in flow.by_id():
        return  # said once; without a start nothing can be reached
    reached = reachable_from(flow, flow.start)
    for step in flow.steps:
        if step.id not in reached:
            yield _problem(step.id, "unreachable")


def _cycles(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    for trip in cycles(flow):
        yield _problem(trip[0], "cycle", trip=" → ".join((*trip, trip[0])))


def _waits(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    """D365-SEQ-27. An end that does something to the item may follow a wait."""
    step_by_id = flow.by_id()
    for step in flow.steps:
        if isinstance(step, WaitStep):
            following = step_by_id.get(step.next) if step.next else None
            is_bare_end = isinstance(following, EndStep) and following.item_action is None
            if step.next is None or is_bare_end:
                yield _problem(step.id, "wait_last")


def _conditions(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    step_by_id, parents_by_id = flow.by_id(), parents(flow)
    for step in flow.steps:
        if not isinstance(step, ConditionStep) or step.of is None or step.of not in step_by_id:
            continue
        of = step_by_id[step.of]
        if step.on is Asked.REPLIED and not isinstance(of, EmailStep):
            yield _problem(step.id, "condition_needs_email", of=of.id)
        if step.on is not Asked.REPLIED and not _is_call(of):
            yield _problem(step.id, "condition_needs_call", of=of.id)
        before = parents_by_id[step.id]
        is_first = flow.start == step.id or not before
        if is_first or not all(_asks_or_is(each, of) for each in before):
            yield _problem(step.id, "condition_not_after_its_step", of=of.id)


def _texts(flow: Flow, kind: ItemKind) -> Iterator[Problem]:
    for step in flow.steps:
        for key, text in _texts_of(step):
            fault = fault_of(text)
            if fault is not None:
                yield _problem(step.id, "bad_text", key=key, fault=fault)
                continue
            for field in unknown_fields(text, kind):
                yield _problem(
                    step.id, "unknown_merge_field", key=key, field=field, kind=kind.value
                )


def _emails(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    for step in flow.steps:
        if not isinstance(step, EmailStep):
            continue
        for key, text in (("subject", step.subject), ("body", step.body)):
            if step.automatic and not (text or "").strip():
                yield _problem(step.id, "email_without_text", key=key)
        if step.subject and len(step.subject.splitlines()) > 1:
            yield _problem(step.id, "subject_line_break")


def _replies(flow: Flow, _: ItemKind) -> Iterator[Problem]:
    step_by_id = flow.by_id()
    for step in flow.steps:
        earlier = step_by_id.get(_answered_by(step) or _NOBODY)
        if earlier is None:
            continue
        is_later = step.id in reachable_from(flow, earlier.id) and earlier is not step
        if not isinstance(earlier, EmailStep) or not is_later:
            yield _problem(step.id, "reply_to_not_before", to=earlier.id)


def _ends(flow: Flow, kind: ItemKind) -> Iterator[Problem]:
    for step in flow.steps:
        if isinstance(step, EndStep) and step.item_action is not None:
            status = step.item_action.set_status
            if status is not None and status not in STATUSES[kind] - _NOT_FOR_ENDS:
                yield _problem(step.id, "status_not_for_kind", kind=kind.value, status=status.value)


RULES: Final[tuple[Callable[[Flow, ItemKind], Iterator[Problem]], ...]] = (
    _start,
    _size,
    _references,
    _reach,
    _cycles,
    _waits,
    _conditions,
    _emails,
    _texts,
    _replies,
    _ends,
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


def _texts_of(step: Step) -> Sequence[tuple[str, str]]:
    """Return the texts that are filled in for an item, with their keys."""
    match step:
        case EmailStep():
            return (("subject", step.subject or ""), ("body", step.body or ""))
        case ActivityStep() | LinkedInStep():
            return (("subject", step.subject or ""), ("note", step.note))
        case WaitStep() | ConditionStep() | EndStep():
            return ()
        case _:
            assert_never(step)


def _is_call(step: Step) -> bool:
    return isinstance(step, ActivityStep) and step.activity_type == "call"


def _asks_or_is(step: Step, of: Step) -> bool:
    return step is of or (isinstance(step, ConditionStep) and step.of == of.id)


def _problem(path: str, code: str, **values: object) -> Problem:
    return Problem(path=path, code=code, message=SENTENCES[code].format_map(values))
