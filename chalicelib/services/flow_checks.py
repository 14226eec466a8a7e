"""Why a sequence may not run: what its flow says, and what the tenant does not have."""

from collections.abc import Iterator

from chalicelib.domain.crm import custom_fields
from chalicelib.domain.crm.comparisons import leaves
from chalicelib.domain.crm.field_paths import split_path
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import Problem
from chalicelib.domain.ids import EmailTemplateId, SequenceId, StepId, UserId
from chalicelib.domain.sequences import checks
from chalicelib.domain.sequences.check_sentences import problem
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    ConditionStep,
    EmailStep,
    Flow,
    Sequence,
    SequenceStatus,
    Step,
    UpdateFieldStep,
)
from chalicelib.domain.sequences.reading import read_what_can_be
from chalicelib.domain.sequences.texts import unknown_fields
from chalicelib.storage.stores import Stores


def problems_of(sequence: Sequence, *, stores: Stores) -> list[Problem]:
    """Return everything that keeps the sequence from running; empty means it may be activated.

    Where steps cannot be read at all, the others are looked at as far as they hang together.
    """
    flow, faults = read_what_can_be(sequence.flow)
    if faults:
        return [*faults, *checks.graph_problems_of(flow)]
    return [
        *checks.problems_of(flow, sequence.item_kind, sequence.settings),
        *_assignees(flow, stores),
        *_templates(flow, sequence.item_kind, stores),
        *_own_fields(flow, sequence.item_kind, stores),
        *_targets(flow, sequence, stores),
        *_locked_tests(flow, sequence, stores),
    ]


def _assignees(flow: Flow, stores: Stores) -> Iterator[Problem]:
    """Yield the steps whose task nobody would ever see."""
    for step in flow.steps:
        if not isinstance(step, ActivityStep) or step.assignee == "owner":
            continue
        user = stores.users.find(UserId(step.assignee))
        if user is None or not user.is_active:
            yield problem(step.id, "unknown_assignee")


def _templates(flow: Flow, kind: ItemKind, stores: Stores) -> Iterator[Problem]:
    for step in flow.steps:
        for template_id in _named_templates(step) if isinstance(step, EmailStep) else ():
            template = stores.email_templates.find(EmailTemplateId(template_id))
            if template is None:
                yield problem(step.id, "template_missing", template=template_id)
                continue
            for key in ("subject", "body"):
                for field in unknown_fields(getattr(template, key), kind):
                    named = f"{key} of the template"
                    yield problem(
                        step.id, "unknown_merge_field", key=named, field=field, kind=kind.value
                    )


def _named_templates(step: EmailStep) -> Iterator[str]:
    versions = (step.a, step.b) if isinstance(step, AbTestStep) else (step,)
    yield from (each.template_id for each in versions if each.template_id is not None)


def _own_fields(flow: Flow, kind: ItemKind, stores: Stores) -> Iterator[Problem]:
    """Yield what the tenant's own fields do not allow, where it has defined any."""
    wanted = [each for step in flow.steps for each in _own_paths(step, kind)]
    defined = {of: stores.custom_fields.of(of) for of in {of for _, of, _, _ in wanted}}
    for step_id, of, name, value in wanted:
        by_key = {field.key: field for field in defined[of]}
        if by_key and name not in by_key:
            yield problem(step_id, "unknown_item_field", field=name, kind=of.value)
        elif value is not None:
            for each in custom_fields.value_problems(by_key, {name: value}):
                why = each.message.rstrip(".")
                yield problem(step_id, "value_not_for_field", why=why)


def _own_paths(
    step: object, kind: ItemKind
) -> Iterator[tuple[StepId, ItemKind, str, str | int | float | bool | None]]:
    """Yield every own field that a step names, and the value it is given."""
    if isinstance(step, ConditionStep):
        for each in leaves(step.comparison):
            path = split_path(each.field or "", kind)
            if path is not None and path[2]:
                yield step.id, path[0], path[1], None
    if isinstance(step, UpdateFieldStep):
        path = split_path(step.field, kind)
        if path is not None and path[2] and path[0] is kind:
            yield step.id, path[0], path[1], step.value


def _targets(flow: Flow, sequence: Sequence, stores: Stores) -> Iterator[Problem]:
    """Only active sequences for the same kind of item, and never round in a circle (M6)."""
    for step in flow.steps:
        if not isinstance(step, AdvanceStep):
            continue
        target = stores.sequences.find(step.sequence_id)
        if target is None:
            yield problem(step.id, "advance_target_missing", to=step.sequence_id)
            continue
        if target.item_kind is not sequence.item_kind:
            yield problem(
                step.id,
                "advance_other_kind",
                to=target.id,
                its=target.item_kind.value,
                ours=sequence.item_kind.value,
            )
        if target.id != sequence.id and target.status is not SequenceStatus.ACTIVE:
            yield problem(
                step.id, "advance_target_inactive", to=target.id, state=target.status.value
            )
        trip = _way_back(target.id, sequence.id, stores)
        if trip:
            yield problem(step.id, "advance_loop", trip=" → ".join((sequence.id, *trip)))


def _way_back(start: SequenceId, home: SequenceId, stores: Stores) -> tuple[SequenceId, ...]:
    """Return the sequences through which `start` hands over to `home`; empty if it never does."""
    waiting: list[tuple[SequenceId, ...]] = [(start,)]
    seen = {start}
    while waiting:
        trip = waiting.pop()
        if trip[-1] == home:
            return trip
        for following in _targets_of(trip[-1], stores):
            if following not in seen or following == home:
                seen.add(following)
                waiting.append((*trip, following))
    return ()


def _targets_of(sequence_id: SequenceId, stores: Stores) -> list[SequenceId]:
    sequence = stores.sequences.find(sequence_id)
    if sequence is None or sequence.flow_version is None:
        return []
    flow = stores.sequences.flow_version(sequence.id, sequence.flow_version).flow
    return [step.sequence_id for step in flow.steps if isinstance(step, AdvanceStep)]


def _locked_tests(flow: Flow, sequence: Sequence, stores: Stores) -> Iterator[Problem]:
    """A test that was published stands as it is: what it has found would mean nothing else."""
    if sequence.flow_version is None:
        return
    published = stores.sequences.flow_version(sequence.id, sequence.flow_version).flow.by_id()
    for step in flow.steps:
        before = published.get(step.id)
        is_known = isinstance(step, AbTestStep) and isinstance(before, AbTestStep)
        if is_known and _terms(step) != _terms(before):
            yield problem(step.id, "ab_test_locked")


def _terms(step: Step | None) -> tuple[object, ...]:
    if not isinstance(step, AbTestStep):
        return ()
    return (step.a, step.b, step.share_a, step.metric, step.ends_at, step.default)
