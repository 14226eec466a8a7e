"""HTTP doors to the Pulse feed: what a user is to do next."""

from typing import Annotated, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.errors import (
    IllegalMoveError,
    Problem,
    RuleError,
    StaleWriteError,
    StateError,
)
from chalicelib.domain.ids import UserId
from chalicelib.entry.http import PAGING, Answer, Request, answers, data, page
from chalicelib.entry.promises import promises
from chalicelib.entry.pulse_bodies import body_of, own_task
from chalicelib.entry.queries import instant_of
from chalicelib.entry.shapes import enrollments as shapes
from chalicelib.entry.shapes.answers import Instant
from chalicelib.services import drafts, working
from chalicelib.services import pulse as service
from chalicelib.services.trial_mails import TestMailError

routes = Blueprint(__name__)

MOST_SUBJECT: Final = 998
"""The longest line of a mail (RFC 5322, 2.1.1)."""
MOST_BODY: Final = 64 * 1024
MOST_TO: Final = 10


REFUSALS: Final = (IllegalMoveError, StaleWriteError, StateError)


class Completing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that says a task is done."""

    outcome: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None


class Snoozing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that puts a task off."""

    until: Instant


Address = Annotated[str, msgspec.Meta(max_length=254)]


class Sending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that sends a draft."""

    subject: Annotated[str, msgspec.Meta(max_length=MOST_SUBJECT)] | None = None
    body: Annotated[str, msgspec.Meta(max_length=MOST_BODY)] | None = None


class Writing(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"sender": "from"},
):
    """The body that edits a draft."""

    subject: Annotated[str, msgspec.Meta(max_length=MOST_SUBJECT)] | None = None
    body: Annotated[str, msgspec.Meta(max_length=MOST_BODY)] | None = None
    to: Annotated[list[Address], msgspec.Meta(min_length=1, max_length=MOST_TO)] | None = None
    sender: (
        Annotated[Address, msgspec.Meta(description="The address of the user whose mail it is.")]
        | None
    ) = None


class Assigning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that hands something to another user."""

    user_id: UserId


@routes.route("/v1/pulse", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "due_before", "type", "q"))
@promises(lists=shapes.Task)
def list_pulse(request: Request) -> Answer:
    """Show the caller's open tasks by due instant, then priority (PD-SEQ-13)."""
    asked = request.page()
    shown, following = service.feed(
        request.caller.user_id,
        limit=asked.limit,
        cursor=None if asked.cursor is None else {k: str(v) for k, v in asked.cursor.items()},
        due_before=instant_of(request, "due_before"),
        wanted=service.Wanted(type=request.query("type"), q=request.query("q")),
        bench=request.bench,
    )
    return page([body_of(each) for each in shown], following)


@routes.route("/v1/pulse/{task_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Task)
def get_task(request: Request, task_id: str) -> Answer:
    """Show one task."""
    task = service.find(own_task(request, task_id), bench=request.bench)
    return data(body_of(service.show(task, bench=request.bench)))


@routes.route("/v1/pulse/{task_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(takes=Writing, gives=shapes.Task, refuses=REFUSALS)
def edit_task(request: Request, task_id: str) -> Answer:
    """Keep what a user wrote into a draft, or into a mail that goes out by itself (PD-SEQ-12)."""
    body = request.body(Writing)
    _insist_on_one_line(body.subject)
    written = drafts.Written(
        subject=body.subject,
        body=body.body,
        to=None if body.to is None else tuple(body.to),
        sender=body.sender,
    )
    return data(body_of(drafts.edit(own_task(request, task_id), written, bench=request.bench)))


@routes.route("/v1/pulse/{task_id}/complete", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Completing,
    gives=shapes.Task,
    refuses=(working.OutcomeRequiredError, *REFUSALS),
)
def complete_task(request: Request, task_id: str) -> Answer:
    """Mark a task as done; the next step is armed by it."""
    body = request.body(Completing)
    done = working.complete(
        own_task(request, task_id),
        outcome=body.outcome,
        note=body.note,
        by=request.caller.user_id,
        bench=request.bench,
    )
    return data(body_of(done))


@routes.route("/v1/pulse/{task_id}/skip", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Task, refuses=REFUSALS)
def skip_task(request: Request, task_id: str) -> Answer:
    """Pass a step over; a condition on it goes to No."""
    request.nothing()
    own = own_task(request, task_id)
    skipped = working.skip(own, by=request.caller.user_id, bench=request.bench)
    return data(body_of(skipped))


@routes.route("/v1/pulse/{task_id}/snooze", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Snoozing, gives=shapes.Task, refuses=(StaleWriteError, StateError))
def snooze_task(request: Request, task_id: str) -> Answer:
    """Put a task off."""
    until = request.body(Snoozing).until
    own = own_task(request, task_id)
    return data(body_of(working.snooze(own, until=until, bench=request.bench)))


@routes.route("/v1/pulse/{task_id}/send", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Sending,
    gives=shapes.Task,
    statuses=(202,),
    refuses=REFUSALS,
)
def send_task(request: Request, task_id: str) -> Answer:
    """Let a drafted mail go out now; it is on its way when this answers, not yet gone."""
    body = request.body(Sending)
    _insist_on_one_line(body.subject)
    sent = drafts.send(
        own_task(request, task_id),
        drafts.Written(subject=body.subject, body=body.body),
        by=request.caller.user_id,
        bench=request.bench,
    )
    return data(body_of(sent), status=202)


@routes.route("/v1/pulse/{task_id}/test", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Task, refuses=(TestMailError, StateError))
def try_task(request: Request, task_id: str) -> Answer:
    """Mail a draft to the caller alone, as it stands now."""
    request.nothing()
    own = own_task(request, task_id)
    return data(body_of(drafts.try_out(own, by=request.caller.user_id, bench=request.bench)))


@routes.route("/v1/pulse/{task_id}/assign", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Assigning, gives=shapes.Task, refuses=REFUSALS)
def assign_task(request: Request, task_id: str) -> Answer:
    """Hand one task to another user; what comes after it stays with the enrollment's owner."""
    user_id = request.body(Assigning).user_id
    own = own_task(request, task_id)
    return data(body_of(working.assign(own, user_id=user_id, bench=request.bench)))


@routes.route("/v1/pulse/{task_id}/retry", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Task, refuses=REFUSALS)
def retry_task(request: Request, task_id: str) -> Answer:
    """Let an automatic mail that was held go out by itself after all."""
    request.nothing()
    own = own_task(request, task_id)
    return data(body_of(working.retry(own, by=request.caller.user_id, bench=request.bench)))


def _insist_on_one_line(subject: str | None) -> None:
    """Refuse a subject with a line break: it would begin a header."""
    if subject and len(f"{subject}.".splitlines()) > 1:
        message = "`subject` is one line; take the line break out."
        raise RuleError(Problem(path="$.subject", code="subject_line_break", message=message))
