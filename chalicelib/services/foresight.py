"""What would happen to one item, step by step: the engine's own walk, with texts as they read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.crm.items import Item, ItemRef
from chalicelib.domain.crm.liquid_texts import proof_of
from chalicelib.domain.crm.merge_fields import Fields, TemplateError, fields_of, sender_fields
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import ItemId, StepId, UserId
from chalicelib.domain.sequences.definition import ConditionStep, EmailStep, Flow, Sequence
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.playing import with_answers
from chalicelib.domain.sequences.previewing import Foreseen, foreseen
from chalicelib.domain.sequences.steps import type_of
from chalicelib.services import imagining, related_items, wording
from chalicelib.services.decisions import Bench
from chalicelib.services.item_sight import ItemSight


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A mail as it would read; `missing` names every value without which it would fail."""

    subject: str
    body: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One walk through the flow."""

    rows: list[Foreseen]
    texts: Mapping[StepId, Text]
    end: Enrollment


def preview(
    sequence: Sequence,
    *,
    item_id: ItemId | None,
    start_at: datetime | None,
    answers: Mapping[StepId, str],
    caller_id: UserId,
    bench: Bench,
) -> Preview:
    """Walk through the flow as its author has it now; raises MissingError, FlowNotReadyError."""
    published = imagining.as_it_stands(sequence, bench=bench)
    item = None if item_id is None else _item(sequence, item_id, caller_id, bench)
    sender = _sender(item, caller_id, bench)
    head = imagining.imagined(
        published,
        kind=sequence.item_kind,
        item=item,
        sender=sender,
        start_at=start_at or bench.now(),
        bench=bench,
    )
    facts = imagining.facts_of(head, published, bench)
    flow = published.flow
    _insist_on_known(answers, flow)
    is_yes = {step_id: answer == "yes" for step_id, answer in answers.items()}
    if item is None:
        is_yes = {**dict.fromkeys(flow.by_id(), False), **is_yes}
    rows, end = foreseen(with_answers(flow, is_yes), head, facts, answers)
    return Preview(
        rows=[_called_by_name(row, flow) for row in rows],
        texts=dict(_texts(flow, end, _fields(item, sender, bench), bench)),
        end=end,
    )


def _insist_on_known(answers: Mapping[StepId, str], flow: Flow) -> None:
    """Refuse answers that would be heard by nobody."""
    steps = flow.by_id()
    problems = []
    for step_id, answer in answers.items():
        path = f"$.answers.{step_id}"
        if step_id not in steps:
            message = "There is no such step in the flow."
            problems.append(Problem(path=path, code="not_found", message=message))
        elif isinstance(steps[step_id], ConditionStep) and answer not in {"yes", "no"}:
            problems.append(Problem(path=path, code="wrong_value", message="Give yes or no."))
    if problems:
        raise RuleError(*problems)


def _sender(item: Item | None, caller_id: UserId, bench: Bench) -> User:
    owner = bench.stores.users.find(item.owner_id) if item else None
    return owner or bench.stores.users.get(caller_id)


def _fields(item: Item | None, sender: User, bench: Bench) -> Fields:
    if item is None:
        return {"item": {}, "person": {}, "organization": {}, "sender": sender_fields(sender)}
    return fields_of(item, *related_items.of(item, bench=bench), sender)


def _item(sequence: Sequence, item_id: ItemId, caller_id: UserId, bench: Bench) -> Item:
    sight = ItemSight(bench.stores.users.get(caller_id), bench.stores)
    return sight.get(ItemRef(sequence.item_kind, item_id))


def _texts(
    flow: Flow, end: Enrollment, fields: Fields, bench: Bench
) -> Iterator[tuple[StepId, Text]]:
    for step in flow.steps:
        if not isinstance(step, EmailStep):
            continue
        try:
            words = wording.words_of(step, end.versions, end.country, bench=bench)
        except wording.TemplateGoneError:
            yield step.id, Text(subject="", body="", missing=("template",))
            continue
        try:
            subject = proof_of(words.subject, fields, is_html=False)
            body = proof_of(words.body, fields, is_html=True)
        except TemplateError as error:
            raise RuleError(
                Problem(path=step.id, code="bad_template", message=str(error))
            ) from error
        missing = tuple(dict.fromkeys((*subject.missing, *body.missing)))
        yield step.id, Text(subject=" ".join(subject.text.split()), body=body.text, missing=missing)


def _called_by_name(row: Foreseen, flow: Flow) -> Foreseen:
    """Name a question by what it is, though it was answered beforehand and played as a wait."""
    kind = type_of(flow.by_id()[row.step_id])
    if row.type == kind:
        return row
    return replace(row, type=kind, state=None, planned_at=None, why_then="as you answered")
