"""Whose entries of a feed a caller may work, and how an entry is shown."""

from chalicelib.domain.crm.rights import Right, may
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import TaskId
from chalicelib.entry.http import Request
from chalicelib.services import pulse
from chalicelib.services.pulse import Shown


def own_task(request: Request, task_id: str) -> TaskId:
    """Insist that the task is the caller's; some roles may work any."""
    task = pulse.find(TaskId(task_id), bench=request.bench)
    is_own = task.assignee_id == request.caller.user_id
    if not is_own and not may(request.caller.role, Right.WORK_ALL_TASKS):
        raise MissingError(kind="task", id=task_id)
    return task.id


def body_of(shown: Shown) -> dict[str, object]:
    """Show an entry of the feed."""
    task, item = shown.task, shown.item
    return {
        "id": task.id,
        "type": task.type,
        "actionable": task.is_actionable,
        "enrollment_id": task.enrollment_id,
        "sequence_id": task.sequence_id,
        "step_id": task.step_id,
        "item": {
            "kind": task.item.kind,
            "id": task.item.id,
            "title": item.title if item else None,
        },
        "from": shown.sender,
        "to": shown.recipients,
        "subject": shown.subject,
        "body": shown.body,
        "note": shown.note,
        "due_at": task.due_at,
        "priority": task.priority,
        "assignee_id": task.assignee_id,
        "state": task.state,
        "outcome": task.outcome,
        "missing": shown.missing,
        "why": task.why,
    }
