"""HTTP doors to the Pulse feed: what a user is to do next."""

from typing import Annotated, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.users import Role
from chalicelib.domain.errors import (
    IllegalMoveError,
    MissingError,
    Problem,
    RuleError,
    StaleWriteError,
    StateError,
)
from chalicelib.domain.ids import TaskId
from chalicelib.domain.sequences.tasks import TaskState
from chalicelib.entry.http import PAGING, Answer, Request, answers, data, page
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import instant_of
from chalicelib.entry.shapes import enrollments as shapes
from chalicelib.entry.shapes.answers import Instant
from chalicelib.services import pulse as service

routes = Blueprint(__name__)

MOST_SUBJECT: Final = 998
"""The longest line of a mail (RFC 5322, 2.1.1)."""
MOST_BODY: Final = 64 * 1024


class Completing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that says a task is done."""

    outcome: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None


class Snoozing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that puts a task off."""

    until: Instant


class Writing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that edits or sends a draft."""

    subject: Annotated[str, msgspec.Meta(max_length=MOST_SUBJECT)] | None = None
    body: Annotated[str, msgspec.Meta(max_length=MOST_BODY)] | None = None


@routes.route("/v1/pulse", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "due_before", "type"))
@promises(lists=shapes.Task)
def list_pulse(request: Request) -> Answer:
    """Show the caller's open tasks by due instant, then priority (PD-SEQ-13)."""
    asked, kind = request.page(), request.query("type")
    shown, following = service.feed(
        request.caller.user_id,
        limit=asked.limit,
        cursor=None if asked.cursor is None else {k: str(v) for k, v in asked.cursor.items()},
        due_before=instant_of(request, "due_before"),
        bench=request.bench,
    )
    bodies = [_body(each) for each in shown]
    return page([each for each in bodies if kind in {None, each["type"]}], following)


@routes.route("/v1/pulse/{task_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Task)
def get_task(request: Request, task_id: str) -> Answer:
    """Show one task."""
    own = _own(request, task_id)
    task = request.stores.tasks.get(own)
    return data(_body(service.show(task, bench=request.bench)))


@routes.route("/v1/pulse/{task_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(takes=Writing, gives=shapes.Task, refuses=(StaleWriteError, StateError))
def edit_task(request: Request, task_id: str) -> Answer:
    """Keep what a user wrote into a draft."""
    body = _written(request)
    edited = service.edit(
        _own(request, task_id), subject=body.subject, body=body.body, bench=request.bench
    )
    return data(_body(edited))


@routes.route("/v1/pulse/{task_id}/complete", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Completing,
    gives=shapes.Task,
    refuses=(service.OutcomeRequiredError, IllegalMoveError, StaleWriteError, StateError),
)
def complete_task(request: Request, task_id: str) -> Answer:
    """Mark a task as done; the next step is armed by it."""
    body = request.body(Completing)
    done = service.complete(
        _own(request, task_id),
        outcome=body.outcome,
        note=body.note,
        by=request.caller.user_id,
        bench=request.bench,
    )
    return data(_body(done))


@routes.route("/v1/pulse/{task_id}/skip", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Task, refuses=(IllegalMoveError, StaleWriteError, StateError))
def skip_task(request: Request, task_id: str) -> Answer:
    """Pass a step over; a condition on it goes to No."""
    request.nothing()
    own = _own(request, task_id)
    skipped = service.skip(own, by=request.caller.user_id, bench=request.bench)
    return data(_body(skipped))


@routes.route("/v1/pulse/{task_id}/snooze", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Snoozing, gives=shapes.Task, refuses=(StaleWriteError, StateError))
def snooze_task(request: Request, task_id: str) -> Answer:
    """Put a task off."""
    until = request.body(Snoozing).until
    own = _own(request, task_id)
    return data(_body(service.snooze(own, until=until, bench=request.bench)))


@routes.route("/v1/pulse/{task_id}/send", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Writing,
    gives=shapes.Task,
    statuses=(202,),
    refuses=(IllegalMoveError, StaleWriteError, StateError),
)
def send_task(request: Request, task_id: str) -> Answer:
    """Let a drafted mail go out now; it is on its way when this answers, not yet gone."""
    body = _written(request)
    sent = service.send(
        _own(request, task_id),
        subject=body.subject,
        body=body.body,
        by=request.caller.user_id,
        bench=request.bench,
    )
    return data(_body(sent), status=202)


def _own(request: Request, task_id: str) -> TaskId:
    """Insist that the task is the caller's; admins and managers may work any."""
    task = request.stores.tasks.get(TaskId(task_id))
    is_boss = request.caller.role in {Role.ADMIN, Role.SEQUENCE_MANAGER, Role.SALES_MANAGER}
    if task.assignee_id != request.caller.user_id and not is_boss:
        raise MissingError(kind="task", id=task_id)
    return task.id


def _written(request: Request) -> Writing:
    """Read what was written into a draft; a subject with a line break would begin a header."""
    body = request.body(Writing)
    if body.subject and len(f"{body.subject}.".splitlines()) > 1:
        message = "`subject` is one line; take the line break out."
        raise RuleError(Problem(path="$.subject", code="subject_line_break", message=message))
    return body


def _body(shown: service.Shown) -> dict[str, object]:
    task, item = shown.task, shown.item
    return {
        "id": task.id,
        "type": task.type,
        "actionable": task.state is TaskState.OPEN,
        "enrollment_id": task.enrollment_id,
        "sequence_id": task.sequence_id,
        "step_id": task.step_id,
        "item": {
            "kind": task.item.kind,
            "id": task.item.id,
            "title": item.title if item else None,
        },
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
