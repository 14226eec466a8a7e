"""HTTP doors to enrollments: read the request, call one service, shape the answer."""

from typing import Annotated, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.items import ENROLLABLE, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import (
    IllegalMoveError,
    MissingError,
    Problem,
    RuleError,
    StaleWriteError,
    StateError,
)
from chalicelib.domain.ids import EnrollmentId, ItemId, SequenceId, StepId, UserId
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Count, Enrollment, Status, count_of
from chalicelib.domain.sequences.signals import ResumeMode
from chalicelib.entry.answering import asked_for
from chalicelib.entry.enrollment_bodies import body_of
from chalicelib.entry.http import PAGING, Answer, Request, answers, data, page
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import enrollments as shapes
from chalicelib.entry.shapes.answers import Instant
from chalicelib.entry.shapes.jobs import JobAsked
from chalicelib.services import enrolling, sequences
from chalicelib.services import enrollments as service
from chalicelib.services.item_sight import ItemSight
from chalicelib.services.jobs import enrolling as many
from chalicelib.services.jobs import enrolling_found as found
from chalicelib.services.jobs.enrolling_terms import Terms

routes = Blueprint(__name__)

MOST_ITEMS: Final = 100
"""Answered at once; more are a job."""
MOST_ITEMS_OF_A_JOB: Final = 50_000


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which items of the sequence's kind to enroll, instead of their ids; always a job."""

    status: ItemStatus | None = None
    owner_id: UserId | None = None
    tag: str | None = None
    q: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    without_sequence: bool = True

    @property
    def has_criterion(self) -> bool:
        """Whether it names anything: everybody there is is nobody's intention."""
        return any((self.status, self.owner_id, self.tag, self.q))


class Enrolling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that enrolls items."""

    item_ids: list[ItemId] | None = None
    filter: Finding | None = None
    owner_id: UserId | None = None
    dry_run: bool = False
    start_step_id: StepId | None = None


class Pausing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that holds an enrollment."""

    until: Instant | None = None


class Resuming(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that lets an enrollment go on."""

    mode: ResumeMode = ResumeMode.SHIFT


@routes.route("/v1/sequences/{sequence_id}/enrollments", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Enrolling,
    gives=list[shapes.EnrollingRow] | JobAsked,
    statuses=(200, 202),
    refuses=(enrolling.SequenceNotActiveError,),
)
def enroll(request: Request, sequence_id: str) -> Answer:
    """Enroll items: one row each, in the order asked; of more than a hundred as a job (202)."""
    body = request.body(Enrolling)
    item_ids = _ids(body)
    _see(request, sequence_id)
    if body.filter is not None:
        return _enroll_found(request, SequenceId(sequence_id), body, body.filter)
    if len(item_ids) > MOST_ITEMS:
        return _enroll_as_job(request, SequenceId(sequence_id), body, item_ids)
    rows = enrolling.enroll(
        SequenceId(sequence_id),
        item_ids=item_ids,
        caller_id=request.caller.user_id,
        owner_id=body.owner_id,
        start_step_id=body.start_step_id,
        is_dry_run=body.dry_run,
        bench=request.bench,
    )
    return data([row.told() for row in rows])


@routes.route("/v1/sequences/{sequence_id}/enrollments", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "status", "owner_id"))
@promises(lists=shapes.Enrollment, reads={"status": shapes.StatusOrCount})
def list_enrollments(request: Request, sequence_id: str) -> Answer:
    """List a sequence's enrollments (PD-SEQ-20), filtered by status and owner (PD-SEQ-22)."""
    asked = request.page()
    status, owner_id = _status(request.query("status")), request.query("owner_id")
    _see(request, sequence_id)
    listing = request.stores.enrollments.list_page(
        SequenceId(sequence_id),
        limit=asked.limit,
        cursor=asked.cursor,
        keep=lambda each: _is_wanted(each, status, owner_id),
    )
    return page([body_of(each) for each in listing.rows], listing.cursor)


@routes.route("/v1/enrollments/{enrollment_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.EnrollmentWithHistory)
def get_enrollment(request: Request, enrollment_id: str) -> Answer:
    """Show one enrollment with its history."""
    known = _seen(request, enrollment_id)
    enrollment = request.stores.enrollments.get(known)
    history = request.stores.enrollments.history(known)
    return data({**body_of(enrollment), "history": [_line(line) for line in history]})


@routes.route("/v1/enrollments/{enrollment_id}/pause", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Pausing, gives=shapes.Enrollment, refuses=(IllegalMoveError, StaleWriteError, StateError)
)
def pause_enrollment(request: Request, enrollment_id: str) -> Answer:
    """Hold one enrollment; its clocks stand still."""
    until = request.body(Pausing).until
    by = request.caller.user_id
    paused = service.pause(_seen(request, enrollment_id), until=until, by=by, bench=request.bench)
    return data(body_of(paused))


@routes.route("/v1/enrollments/{enrollment_id}/resume", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Resuming, gives=shapes.Enrollment, refuses=(IllegalMoveError, StaleWriteError, StateError)
)
def resume_enrollment(request: Request, enrollment_id: str) -> Answer:
    """Let one enrollment go on."""
    mode, by = request.body(Resuming).mode, request.caller.user_id
    known = _seen(request, enrollment_id)
    return data(body_of(service.resume(known, mode=mode, by=by, bench=request.bench)))


@routes.route("/v1/enrollments/{enrollment_id}/exit", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Enrollment, refuses=(IllegalMoveError, StaleWriteError, StateError))
def exit_enrollment(request: Request, enrollment_id: str) -> Answer:
    """Take an item out of its sequence by hand."""
    request.nothing()
    by = request.caller.user_id
    return data(body_of(service.remove(_seen(request, enrollment_id), by=by, bench=request.bench)))


@routes.route("/v1/items/{kind}/{item_id}/enrollments", methods=["GET"], cors=True)
@answers(routes)
@promises(lists=shapes.Enrollment)
def item_enrollments(request: Request, kind: str, item_id: str) -> Answer:
    """List the sequences of an item."""
    item = ItemSight(request.caller, request.stores).get(_item(kind, item_id))
    found = service.of_item(item.ref, bench=request.bench)
    return page([body_of(each) for each in found], None)


def _see(request: Request, sequence_id: str) -> None:
    """Insist that the caller may see the sequence: another business unit's is not found."""
    sequences.get(SequenceId(sequence_id), caller=request.caller, stores=request.stores)


def _seen(request: Request, enrollment_id: str) -> EnrollmentId:
    """Insist that the caller may see the enrollment."""
    known = EnrollmentId(enrollment_id)
    return service.seen(known, caller=request.caller, stores=request.stores)


def _item(kind: str, item_id: str) -> ItemRef:
    if kind not in {each.value for each in ENROLLABLE}:
        raise MissingError(kind=kind, id=item_id)
    return ItemRef(ItemKind(kind), ItemId(item_id))


def _status(asked: str | None) -> str | None:
    known = {*(each.value for each in Count), *(each.value for each in Status)}
    if asked is None or asked in known:
        return asked
    message = f"Give one of {', '.join(sorted(known))}."
    raise RuleError(Problem(path="status", code="wrong_value", message=message))


def _is_wanted(it: Enrollment, status: str | None, owner_id: str | None) -> bool:
    has_status = status in {None, it.status.value, count_of(it.status, it.reason).value}
    return has_status and owner_id in {None, it.owner_id}


def _ids(body: Enrolling) -> list[ItemId]:
    """Insist on ids or a filter, and on no more ids than one job takes."""
    if (body.item_ids is None) == (body.filter is None):
        message = "Give either `item_ids` or a `filter`."
        raise RuleError(Problem(path="$.item_ids", code="one_of_two", message=message))
    ids = body.item_ids or []
    if body.filter is None and not 1 <= len(ids) <= MOST_ITEMS_OF_A_JOB:
        message = f"Give 1 to {MOST_ITEMS_OF_A_JOB} ids in one request."
        raise RuleError(Problem(path="$.item_ids", code="wrong_length", message=message))
    if body.filter is not None and not body.filter.has_criterion:
        message = "Say which: give at least one of `status`, `owner_id`, `tag` and `q`."
        raise RuleError(Problem(path="$.filter", code="no_criterion", message=message))
    return ids


def _enroll_found(
    request: Request, sequence_id: SequenceId, body: Enrolling, wanted: Finding
) -> Answer:
    job = found.ask(
        _terms(sequence_id, body),
        wanted=found.Wanted(
            status=wanted.status,
            owner_id=wanted.owner_id,
            tag=wanted.tag,
            q=wanted.q,
            without_sequence=wanted.without_sequence,
        ),
        caller_id=request.caller.user_id,
        bench=request.bench,
    )
    return asked_for(job.id)


def _enroll_as_job(
    request: Request, sequence_id: SequenceId, body: Enrolling, item_ids: list[ItemId]
) -> Answer:
    job = many.ask(
        _terms(sequence_id, body),
        item_ids=item_ids,
        caller_id=request.caller.user_id,
        bench=request.bench,
    )
    return asked_for(job.id)


def _terms(sequence_id: SequenceId, body: Enrolling) -> Terms:
    return Terms(
        sequence_id=sequence_id,
        owner_id=body.owner_id,
        start_step_id=body.start_step_id,
        is_dry_run=body.dry_run,
    )


def _line(line: Record) -> dict[str, object]:
    return {
        "step_id": line.step_id,
        "type": line.type,
        "state": line.state,
        "at": line.at,
        "by": line.by,
        "why": line.why,
    }
