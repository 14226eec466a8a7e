"""The HTTP door to many entries of the Pulse feed at once."""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import TaskId, UserId
from chalicelib.entry.http import Answer, Request, answers, data
from chalicelib.entry.promises import promises
from chalicelib.entry.pulse_bodies import own_task
from chalicelib.entry.shapes import enrollments as shapes
from chalicelib.entry.shapes.answers import Instant
from chalicelib.services import bulk_work as service
from chalicelib.services.bulk_work import Work

routes = Blueprint(__name__)

MOST_TASKS: Final = 100
"""In one request."""

_NEEDED: Final[Mapping[Work, str]] = {Work.SNOOZE: "until", Work.ASSIGN: "user_id"}
_TAKEN: Final[Mapping[Work, frozenset[str]]] = {
    Work.COMPLETE: frozenset({"outcome", "note"}),
    Work.SNOOZE: frozenset({"until"}),
    Work.ASSIGN: frozenset({"user_id"}),
}
_DETAILS: Final = ("outcome", "note", "until", "user_id")


class Working(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that works many entries."""

    action: Work
    ids: Annotated[list[TaskId], msgspec.Meta(min_length=1, max_length=MOST_TASKS)]
    outcome: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None
    until: Instant | None = None
    user_id: UserId | None = None


@routes.route("/v1/pulse/bulk", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Working, gives=list[shapes.WorkedRow])
def work_in_bulk(request: Request) -> Answer:
    """Do the same with up to a hundred entries: one row each, in the order asked."""
    body = request.body(Working)
    _insist_on_details(body)
    bulk = service.Bulk(
        work=body.action,
        task_ids=body.ids,
        outcome=body.outcome,
        note=body.note,
        until=body.until,
        user_id=body.user_id,
    )
    rows = service.do(
        bulk,
        may=lambda task_id: _insist_on_own(request, task_id),
        by=request.caller.user_id,
        bench=request.bench,
    )
    return data([_row(row) for row in rows])


def _insist_on_own(request: Request, task_id: TaskId) -> None:
    own_task(request, task_id)


def _insist_on_details(body: Working) -> None:
    """Refuse what the action needs and has not, and what it has and does not need."""
    needed = _NEEDED.get(body.action)
    given = {name for name in _DETAILS if getattr(body, name) is not None}
    problems = [
        Problem(path=f"$.{name}", code="not_for_this", message=f"`{body.action}` takes no {name}.")
        for name in sorted(given - _TAKEN.get(body.action, frozenset()))
    ]
    if needed is not None and needed not in given:
        message = f"`{body.action}` needs {needed}."
        problems.append(Problem(path=f"$.{needed}", code="missing", message=message))
    if problems:
        raise RuleError(*problems)


def _row(row: service.Row) -> dict[str, object]:
    told: dict[str, object] = {"id": row.task_id, "done": row.is_done}
    if not row.is_done:
        told.update(code=row.code, message=row.message)
    return told
