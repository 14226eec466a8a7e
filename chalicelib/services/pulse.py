"""What a user is to do next, and what happens when it is done: the Pulse feed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chalicelib.domain.crm.items import Item
from chalicelib.domain.crm.merge_fields import (
    Fields,
    MissingFieldError,
    TemplateError,
    fields_of,
    render,
)
from chalicelib.domain.errors import Problem, RuleError, StateError
from chalicelib.domain.ids import TaskId, UserId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    ConditionStep,
    EmailStep,
    LinkedInStep,
    Step,
)
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.signals import SendAsked, TaskDone, TaskSkipped
from chalicelib.domain.sequences.tasks import CALL_OUTCOMES, Task, TaskState
from chalicelib.services import gates, progress
from chalicelib.services.decisions import Bench
from chalicelib.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A task with its texts and its item, as a person sees it.

    `missing` names the merge fields that nothing could be filled in for: they stand in the text as
    their author wrote them, and it cannot be sent so.
    """

    task: Task
    item: Item | None
    subject: str
    body: str
    note: str
    is_automatic: bool
    missing: tuple[str, ...] = ()


class OutcomeRequiredError(RuleError):
    """A condition on the call follows, so its outcome must be told."""

    code = "outcome_required"
    sentence = "Say how the call went: a condition on it follows."


def feed(
    assignee_id: UserId,
    *,
    limit: int,
    cursor: dict[str, str] | None,
    due_before: datetime | None,
    bench: Bench,
) -> tuple[list[Shown], dict[str, str] | None]:
    """Return a page of a user's open tasks, by due instant, then priority."""
    tasks, following = bench.stores.tasks.page(
        assignee_id, limit=limit, cursor=cursor, due_before=due_before
    )
    return [show(task, bench=bench) for task in tasks], following


def show(task: Task, *, bench: Bench) -> Shown:
    """Return a task with its texts rendered for its item, unless its user edited them."""
    published = bench.stores.sequences.flow_version(task.sequence_id, task.flow_version)
    step = published.flow.by_id()[task.step_id]
    item = bench.stores.items.find(task.item)
    fields = {} if item is None else _fields(item, task, bench)
    subject, body, note = _texts(step)
    gaps: list[str] = []
    if task.subject is None:
        subject = _rendered(subject, fields, gaps, is_html=False)
    if task.body is None:
        body = _rendered(body, fields, gaps, is_html=True)
    return Shown(
        task=task,
        item=item,
        subject=task.subject if task.subject is not None else subject,
        body=task.body if task.body is not None else body,
        note=_rendered(note, fields, [], is_html=False),
        is_automatic=isinstance(step, EmailStep) and step.automatic,
        missing=tuple(dict.fromkeys(gaps)),
    )


def _fields(item: Item, task: Task, bench: Bench) -> Fields:
    person, organization = gates.related(item, bench=bench)
    sender = bench.stores.users.get(task.assignee_id)
    return fields_of(item, person, organization, sender)


def _texts(step: Step) -> tuple[str, str, str]:
    match step:
        case EmailStep():
            return step.subject or "", step.body or "", ""
        case ActivityStep():
            return step.subject, "", step.note
        case LinkedInStep():
            return step.subject or f"LinkedIn: {step.action}", "", step.note
        case _:
            raise TypeError(step)


def _rendered(template: str, fields: Fields, gaps: list[str], *, is_html: bool) -> str:
    """Render for a person's eyes: a gap is shown as its author wrote it, to be filled by hand."""
    try:
        return render(template, fields, is_html=is_html)
    except MissingFieldError as error:
        gaps.append(error.field)
    except TemplateError:
        gaps.append("the text itself")
    return template


def complete(
    task_id: TaskId, *, outcome: str | None, note: str | None, by: UserId, bench: Bench
) -> Shown:
    """Mark a task as done; what follows is armed by it."""
    task = _open(task_id, bench)
    if task.needs_outcome and outcome is None:
        message = "Give `outcome`, such as `answered` or `not_answered`."
        raise OutcomeRequiredError(
            Problem(path="$.outcome", code="outcome_required", message=message)
        )
    _insist_on_outcome(task, outcome, bench)
    signal = TaskDone(step_id=task.step_id, by=by, outcome=outcome, note=note)
    _take(task, signal, bench)
    return show(bench.stores.tasks.get(task_id), bench=bench)


def _insist_on_outcome(task: Task, outcome: str | None, bench: Bench) -> None:
    """Refuse a word that no condition knows: misspelt, it would quietly mean No."""
    published = bench.stores.sequences.flow_version(task.sequence_id, task.flow_version)
    asked = {
        word
        for step in published.flow.steps
        if isinstance(step, ConditionStep)
        for word in step.outcomes
    }
    known = [*CALL_OUTCOMES, *sorted(asked - set(CALL_OUTCOMES))]
    if outcome is not None and outcome not in known:
        message = f"Give one of {', '.join(known)}."
        raise RuleError(Problem(path="$.outcome", code="unknown_outcome", message=message))


def skip(task_id: TaskId, *, by: UserId, bench: Bench) -> Shown:
    """Pass a step over; a condition on it goes to No."""
    task = _open(task_id, bench)
    _take(task, TaskSkipped(step_id=task.step_id, by=by), bench)
    return show(bench.stores.tasks.get(task_id), bench=bench)


def send(
    task_id: TaskId, *, subject: str | None, body: str | None, by: UserId, bench: Bench
) -> Shown:
    """Let a drafted mail go out now, as edited; it is sent exactly once, soon after the answer.

    What was edited is kept together with the wish to send it, or not at all.
    """
    task = _open(task_id, bench)
    published = bench.stores.sequences.flow_version(task.sequence_id, task.flow_version)
    if not isinstance(published.flow.by_id()[task.step_id], EmailStep):
        raise StateError(kind="task", state=f"a {task.type}", remedy="complete it instead")
    shown = show(_edited(task, subject, body), bench=bench)
    _insist_on_filled_in(shown)
    final = replace(task, subject=shown.subject, body=shown.body)
    progress.take(
        task.enrollment_id,
        SendAsked(step_id=task.step_id, by=by),
        stores=bench.stores,
        outside=bench.outside,
        extra=lambda tx: bench.stores.tasks.edit(tx, final),
    )
    return show(bench.stores.tasks.get(task_id), bench=bench)


def _edited(task: Task, subject: str | None, body: str | None) -> Task:
    return replace(
        task,
        subject=subject if subject is not None else task.subject,
        body=body if body is not None else task.body,
    )


def _insist_on_filled_in(shown: Shown) -> None:
    """Refuse a text with gaps: no customer shall read braces."""
    texts = {"$.subject": shown.subject, "$.body": shown.body}
    gaps = ", ".join(shown.missing) or "what stands between the braces"
    message = f"Fill in {gaps} before you send: no value is known for it."
    problems = [
        Problem(path=path, code="missing_variable", message=message)
        for path, text in texts.items()
        if "{{" in text or "{%" in text
    ]
    if not shown.subject.strip():
        message = "Give the mail a subject."
        problems.append(Problem(path="$.subject", code="missing_subject", message=message))
    if problems:
        raise RuleError(*problems)


def edit(task_id: TaskId, *, subject: str | None, body: str | None, bench: Bench) -> Shown:
    """Keep what a user wrote into a draft."""
    task = _open(task_id, bench)
    head = bench.stores.enrollments.get(task.enrollment_id)
    if head.phase is not Phase.ASKED:
        raise StateError(kind="task", state="being sent", remedy="what you change comes too late")
    return show(_kept(_edited(task, subject, body), bench), bench=bench)


def _kept(task: Task, bench: Bench) -> Task:
    with Transaction() as tx:
        bench.stores.tasks.edit(tx, task)
    return task


def snooze(task_id: TaskId, *, until: datetime, bench: Bench) -> Shown:
    """Put a task off; the enrollment waits for it all the same."""
    if until <= bench.now():
        message = "`until` must lie in the future."
        raise RuleError(Problem(path="$.until", code="in_the_past", message=message))
    task = _open(task_id, bench)
    return show(_kept(replace(task, due_at=until.astimezone(UTC)), bench), bench=bench)


def _open(task_id: TaskId, bench: Bench) -> Task:
    task = bench.stores.tasks.get(task_id)
    if task.state is not TaskState.OPEN:
        remedy = "look into the feed for what is to be done now"
        raise StateError(kind="task", state=task.state, remedy=remedy)
    return task


def _take(task: Task, signal: TaskDone | TaskSkipped | SendAsked, bench: Bench) -> Enrollment:
    return progress.take(task.enrollment_id, signal, stores=bench.stores, outside=bench.outside)
