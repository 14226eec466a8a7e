"""What a person does with an entry of their feed: done, passed over, put off, handed on."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domain.crm.settings import settings_in
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import Problem, RuleError, StateError
from chalicelib.domain.ids import TaskId, UserId
from chalicelib.domain.sequences.choices import NO, YES
from chalicelib.domain.sequences.definition import ConditionStep
from chalicelib.domain.sequences.ledger import SendState
from chalicelib.domain.sequences.signals import RetryAsked, Signal, TaskDone, TaskSkipped
from chalicelib.domain.sequences.tasks import Task
from chalicelib.domain.sequences.unattended import CHOICE
from chalicelib.services import progress
from chalicelib.services.decisions import Bench
from chalicelib.services.pulse import Shown, find, keep, open_task, show


class OutcomeRequiredError(RuleError):
    """A condition on the call follows, so its outcome must be told."""

    code = "outcome_required"
    sentence = "Say how the call went: a condition on it follows."


def complete(
    task_id: TaskId, *, outcome: str | None, note: str | None, by: UserId, bench: Bench
) -> Shown:
    """Mark a task as done; what follows is armed by it."""
    task = open_task(task_id, bench)
    if task.needs_outcome and outcome is None:
        message = "Give `outcome`, such as `answered` or `not_answered`."
        raise OutcomeRequiredError(
            Problem(path="$.outcome", code="outcome_required", message=message)
        )
    _insist_on_outcome(task, outcome, bench)
    signal = TaskDone(step_id=task.step_id, by=by, outcome=outcome, note=note)
    return _taken(task, signal, bench)


def _insist_on_outcome(task: Task, outcome: str | None, bench: Bench) -> None:
    """Refuse a word that no condition knows: misspelt, it would quietly mean No."""
    if outcome is None:
        return
    published = bench.stores.sequences.flow_version(task.sequence_id, task.flow_version)
    asked = {
        word
        for step in published.flow.steps
        if isinstance(step, ConditionStep)
        for word in step.outcomes
    }
    listed = settings_in(bench.stores.tenant.get()).call_outcomes
    known = [*listed, *sorted(asked - set(listed))]
    if task.type == CHOICE:
        known = [YES, NO]
    if outcome not in known:
        message = f"Give one of {', '.join(known)}."
        raise RuleError(Problem(path="$.outcome", code="unknown_outcome", message=message))


def skip(task_id: TaskId, *, by: UserId, bench: Bench) -> Shown:
    """Pass a step over; a condition on it goes to No."""
    task = open_task(task_id, bench)
    return _taken(task, TaskSkipped(step_id=task.step_id, by=by), bench)


def snooze(task_id: TaskId, *, until: datetime, bench: Bench) -> Shown:
    """Put a task off; the enrollment waits for it all the same."""
    if until <= bench.now():
        message = "`until` must lie in the future."
        raise RuleError(Problem(path="$.until", code="in_the_past", message=message))
    due_at = until.astimezone(UTC)
    return show(keep(task_id, lambda task: replace(task, due_at=due_at), bench), bench=bench)


def assign(task_id: TaskId, *, user_id: UserId, bench: Bench) -> Shown:
    """Hand one task to another user; the steps after it stay with the enrollment's owner (M20)."""
    assignee = active_user(user_id, bench)
    handed_on = keep(task_id, lambda task: replace(task, assignee_id=assignee.id), bench)
    return show(handed_on, bench=bench)


def retry(task_id: TaskId, *, by: UserId, bench: Bench) -> Shown:
    """Let a mail that was held go out by itself after all: what held it is mended."""
    task = open_task(task_id, bench)
    entry = bench.stores.ledger.find(task.enrollment_id, task.step_id)
    if entry is not None and entry.state is SendState.UNKNOWN:
        remedy = "look whether it arrived, then skip it or send it by hand"
        raise StateError(kind="task", state="a mail that may have gone out", remedy=remedy)
    return _taken(task, RetryAsked(step_id=task.step_id, by=by), bench)


def active_user(user_id: UserId, bench: Bench) -> User:
    """Return a user who can be given work; raises RuleError."""
    user = bench.stores.users.find(user_id)
    if user is None or not user.is_active:
        message = "There is no active user with this id."
        raise RuleError(Problem(path="$.user_id", code="not_found", message=message))
    return user


def _taken(task: Task, signal: Signal, bench: Bench) -> Shown:
    progress.take(task.enrollment_id, signal, stores=bench.stores, outside=bench.outside)
    return show(find(task.id, bench=bench), bench=bench)
