"""What each step must say before its flow may run: texts, questions, values, fates of items."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, assert_never

from chalicelib.domain.crm import field_setting
from chalicelib.domain.crm.comparisons import OPERATORS, Operator, leaves
from chalicelib.domain.crm.field_paths import split_path, type_of
from chalicelib.domain.crm.items import STATUSES, ItemKind, ItemStatus
from chalicelib.domain.crm.liquid_texts import fault_of
from chalicelib.domain.errors import Problem
from chalicelib.domain.sequences.ab_tests import Letter, Metric
from chalicelib.domain.sequences.check_sentences import problem
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    LinkedInStep,
    Step,
    UpdateFieldStep,
    WaitStep,
)
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.texts import unknown_fields

_NOT_FOR_ENDS: Final = frozenset({ItemStatus.OPEN, ItemStatus.DELETED, ItemStatus.CONVERTED})
"""What an end cannot bring about by setting a status alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a check looks at."""

    flow: Flow
    kind: ItemKind
    settings: Settings


def _tracking(on: Ground) -> Iterator[Problem]:
    """Nothing is asked that nobody could ever hear of."""
    for step in on.flow.steps:
        asked: Sequence[Asked] = ()
        if isinstance(step, ConditionStep):
            asked = step.asked_of_mail
        elif isinstance(step, AbTestStep):
            asked = _ASKED_BY_METRIC[step.metric]
        for each in asked:
            if code := _untracked(each, on.settings):
                yield problem(step.id, code)


_ASKED_BY_METRIC: Final[Mapping[Metric, tuple[Asked, ...]]] = MappingProxyType(
    {Metric.GOAL: (), Metric.CLICKED: (Asked.CLICKED,), Metric.OPENED: (Asked.OPENED,)}
)


def _untracked(asked: Asked, settings: Settings) -> str | None:
    match asked:
        case Asked.OPENED if not settings.track_opens:
            return "open_tracking_off"
        case Asked.CLICKED if not settings.track_clicks:
            return "click_tracking_off"
        case Asked.ATTACHMENT_OPENED:
            return "attachment_tracking_off"
        case _:
            return None


def _questions(on: Ground) -> Iterator[Problem]:
    for step in on.flow.steps:
        if not isinstance(step, ConditionStep):
            continue
        if step.on is Asked.STAGE and on.kind is not ItemKind.DEAL:
            yield problem(step.id, "stage_not_for_kind", kind=on.kind.value)
        for each in leaves(step.comparison):
            yield from _field_problems(step, each.field or "", each.operator, on.kind)


def _field_problems(
    step: Step, field: str, operator: Operator | None, kind: ItemKind
) -> Iterator[Problem]:
    if split_path(field, kind) is None:
        yield problem(step.id, "unknown_item_field", field=field, kind=kind.value)
        return
    holds = type_of(field, kind)
    if holds is not None and operator not in OPERATORS[holds]:
        known = ", ".join(sorted(OPERATORS[holds]))
        yield problem(
            step.id, "operator_not_for_field", field=field, operator=operator, known=known
        )


def _emails(on: Ground) -> Iterator[Problem]:
    for step in on.flow.steps:
        match step:
            case AbTestStep():
                for letter in Letter:
                    yield from _version_problems(step, letter)
            case EmailStep():
                yield from _mail_problems(step)
            case _:
                pass


def _mail_problems(step: EmailStep) -> Iterator[Problem]:
    if step.template_id is not None:
        if step.subject is not None or step.body is not None:
            yield problem(step.id, "text_and_template")
        return
    for key, text in (("subject", step.subject), ("body", step.body)):
        if step.automatic and not (text or "").strip():
            yield problem(step.id, "email_without_text", key=key)
    if step.subject and len(step.subject.splitlines()) > 1:
        yield problem(step.id, "subject_line_break", key="subject")


def _version_problems(step: AbTestStep, letter: Letter) -> Iterator[Problem]:
    version = step.version(letter)
    if version.template_id is not None:
        if version.subject is not None or version.body is not None:
            yield problem(step.id, "text_and_template")
        return
    for key, text in (("subject", version.subject), ("body", version.body)):
        if not (text or "").strip():
            yield problem(step.id, "version_without_text", letter=letter.value.upper(), key=key)
    if version.subject and len(version.subject.splitlines()) > 1:
        yield problem(step.id, "subject_line_break", key=f"{letter}.subject")


def _texts(on: Ground) -> Iterator[Problem]:
    for step in on.flow.steps:
        for key, text in texts_of(step):
            fault = fault_of(text)
            if fault is not None:
                yield problem(step.id, "bad_text", key=key, fault=fault)
                continue
            for field in unknown_fields(text, on.kind):
                kind = on.kind.value
                yield problem(step.id, "unknown_merge_field", key=key, field=field, kind=kind)


def _updates(on: Ground) -> Iterator[Problem]:
    for step in on.flow.steps:
        if isinstance(step, UpdateFieldStep):
            for each in field_setting.problems_of(step.field, step.value, on.kind):
                yield problem(step.id, each.code, why=each.message.rstrip("."))


def _ends(on: Ground) -> Iterator[Problem]:
    for step in on.flow.steps:
        if isinstance(step, EndStep) and step.item_action is not None:
            status = step.item_action.set_status
            if status is not None and status not in STATUSES[on.kind] - _NOT_FOR_ENDS:
                kind = on.kind.value
                yield problem(step.id, "status_not_for_kind", kind=kind, status=status.value)
            if status is None and not (step.item_action.add_tag or "").strip():
                yield problem(step.id, "blank_tag")


RULES: Final[tuple[Callable[[Ground], Iterator[Problem]], ...]] = (
    _tracking,
    _questions,
    _emails,
    _texts,
    _updates,
    _ends,
)


def texts_of(step: Step) -> Sequence[tuple[str, str]]:
    """Return the texts that are filled in for an item, with their keys."""
    match step:
        case AbTestStep():
            return tuple(
                (f"{letter}.{key}", text or "")
                for letter in Letter
                for key, text in (
                    ("subject", step.version(letter).subject),
                    ("body", step.version(letter).body),
                )
            )
        case EmailStep():
            return (("subject", step.subject or ""), ("body", step.body or ""))
        case ActivityStep() | LinkedInStep():
            return (("subject", step.subject or ""), ("note", step.note))
        case WaitStep() | ConditionStep() | UpdateFieldStep() | AdvanceStep() | EndStep():
            return ()
        case _:
            assert_never(step)
