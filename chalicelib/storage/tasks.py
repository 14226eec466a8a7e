"""Keeps the Pulse feed: every task in its enrollment's partition, open ones listed by assignee."""

from dataclasses import replace
from datetime import datetime

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import EnrollmentId, StepId, TaskId, TenantId, UserId
from chalicelib.domain.sequences.effects import CloseTask
from chalicelib.domain.sequences.tasks import Task, TaskState, mail_ahead_of
from chalicelib.storage import keys, reading, spelling
from chalicelib.storage.rows.enrollments import HeadRow
from chalicelib.storage.rows.tasks import TaskRow
from chalicelib.storage.transaction import Transaction


class TaskStore:
    """The tasks of one tenant's users."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def get(self, task_id: TaskId) -> Task:
        """Read a task strongly; raises MissingError."""
        enrollment_id, _, step_id = task_id.partition("-")
        pk = keys.enrollment(self._tenant_id, EnrollmentId(enrollment_id))
        try:
            row = TaskRow.get(pk, keys.task(StepId(step_id)), consistent_read=True)
        except DoesNotExist:
            raise MissingError(kind="task", id=task_id) from None
        return row.to_domain()

    def find(self, enrollment_id: EnrollmentId, step_id: StepId) -> Task | None:
        """Return the task of a step, if the step was ever in a feed."""
        return self.find_by_id(keys.task_id(enrollment_id, step_id))

    def find_by_id(self, task_id: TaskId) -> Task | None:
        """Return a task, if there is one."""
        try:
            return self.get(task_id)
        except MissingError:
            return None

    def ahead(self, task_id: TaskId) -> Task | None:
        """Return the entry of a mail that goes out by itself, as its user edited it."""
        enrollment_id, _, step_id = task_id.partition("-")
        pk = keys.enrollment(self._tenant_id, EnrollmentId(enrollment_id))
        try:
            head = HeadRow.get(pk, keys.HEAD, consistent_read=True).to_domain()
        except DoesNotExist:
            return None
        entry = mail_ahead_of(head, task_id)
        if entry is None or entry.step_id != step_id:
            return None
        draft = self.find(head.id, entry.step_id) if head.edited == step_id else None
        return entry if draft is None else entry.with_draft(draft)

    def of_enrollment(self, enrollment_id: EnrollmentId) -> list[Task]:
        """Return every task the enrollment ever had."""
        pk = keys.enrollment(self._tenant_id, enrollment_id)
        raws = reading.between(pk, keys.TASKS, f"{keys.TASKS}~")
        return [TaskRow.from_raw_data(raw).to_domain() for raw in raws]

    def page(
        self,
        assignee_id: UserId,
        *,
        limit: int,
        cursor: dict[str, str] | None,
        due_before: datetime | None = None,
    ) -> tuple[list[Task], dict[str, str] | None]:
        """Return open tasks by due instant, then priority, and where to go on.

        Mails that go out by themselves are among them: their heads are listed beside the tasks.
        """
        found, following = reading.listed(
            [keys.pulse_list(self._tenant_id, assignee_id)],
            limit=limit,
            cursor=cursor,
            high=spelling.instant(due_before) if due_before else "~",
        )
        tasks = [_entry(raw) for raw in reading.many(found)]
        return [task for task in tasks if task and task.state is TaskState.OPEN], following

    def add(self, tx: Transaction, task: Task) -> None:
        """Put a task into the feed."""
        tx.put(TaskRow.of(self._tenant_id, task))

    def say_why(
        self, tx: Transaction, enrollment_id: EnrollmentId, step_id: StepId, why: str
    ) -> None:
        """Tell why an open task still stands there; what its user edited stays."""
        row = self._row(enrollment_id, step_id)
        tx.update(row, [TaskRow.why.set(why), TaskRow.revision.add(1)], TaskRow.pk.exists())

    def close(self, tx: Transaction, enrollment_id: EnrollmentId, closing: CloseTask) -> None:
        """Take a task out of the feed."""
        actions = [
            TaskRow.state.set(closing.state),
            TaskRow.list_pk.remove(),
            TaskRow.list_sk.remove(),
        ]
        if closing.outcome:
            actions.append(TaskRow.outcome.set(closing.outcome))
        tx.update(self._row(enrollment_id, closing.step_id), actions, TaskRow.pk.exists())

    def keep_draft(self, tx: Transaction, task: Task) -> None:
        """Keep what a user wrote into a mail that goes out by itself; its head is the entry."""
        tx.put(TaskRow.of(self._tenant_id, task))

    def edit(self, tx: Transaction, task: Task) -> None:
        """Write what a user changed of an open task, as it was read.

        StaleWriteError if it was closed, or edited by another, meanwhile: look at it anew.
        """
        as_read: Condition = TaskRow.revision == task.revision
        if not task.revision:
            as_read = TaskRow.revision.does_not_exist()
        tx.put(
            TaskRow.of(self._tenant_id, replace(task, revision=task.revision + 1)),
            (TaskRow.state == TaskState.OPEN) & as_read,
            refusal=StaleWriteError(kind="task", id=task.id),
        )

    def _row(self, enrollment_id: EnrollmentId, step_id: StepId) -> TaskRow:
        return TaskRow(pk=keys.enrollment(self._tenant_id, enrollment_id), sk=keys.task(step_id))


def _entry(raw: reading.Raw) -> Task | None:
    """Read a task, or the mail ahead of an enrollment that is listed by its head."""
    if raw["sk"]["S"] != keys.HEAD:
        return TaskRow.from_raw_data(raw).to_domain()
    head = HeadRow.from_raw_data(raw).to_domain()
    if head.mail_ahead is None:
        return None
    return mail_ahead_of(head, keys.task_id(head.id, head.mail_ahead))
