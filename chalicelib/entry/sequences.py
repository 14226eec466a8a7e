"""HTTP doors to sequences: make, list, show, change, copy, delete."""

from chalice.app import Blueprint

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import Problem, RuleError, StateError
from chalicelib.domain.ids import SequenceId, UserId
from chalicelib.domain.sequences.access import CreationRestrictedError, NotOwnerError
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.entry.http import PAGING, Answer, Request, answers, created, data, page
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import choice_of
from chalicelib.entry.sequence_bodies import (
    Copying,
    NewSequence,
    SequenceChange,
    show,
    show_briefly,
)
from chalicelib.entry.shapes import sequences as shapes
from chalicelib.services import sequences as service
from chalicelib.services.sequence_lifecycle import FlowNotReadyError

routes = Blueprint(__name__)


@routes.route("/v1/sequences", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "item_kind", "status", "owner_id", "tag"))
@promises(lists=shapes.SequenceLine, reads={"status": SequenceStatus})
def list_sequences(request: Request) -> Answer:
    """List sequences, oldest first, without their flows."""
    asked = request.page()
    owner_id = request.query("owner_id")
    listing = service.list_page(
        wanted=service.SequenceFilter(
            item_kind=choice_of(request, "item_kind", ItemKind),
            status=choice_of(request, "status", SequenceStatus),
            owner_id=None if owner_id is None else UserId(owner_id),
            tag=request.query("tag"),
        ),
        limit=asked.limit,
        cursor=asked.cursor,
        caller=request.caller,
        stores=request.stores,
    )
    return page([show_briefly(each) for each in listing.rows], listing.cursor)


@routes.route("/v1/sequences", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=NewSequence, gives=shapes.Sequence, statuses=(201,), refuses=(CreationRestrictedError,)
)
def create_sequence(request: Request) -> Answer:
    """Make a draft, from scratch or from a template."""
    body = request.body(NewSequence)
    sequence = service.create(
        changes=body.changes(),
        item_kind=body.item_kind,
        template_key=body.template_key,
        language=body.language,
        caller=request.caller,
        stores=request.stores,
        mint=request.outside.mint,
        now=request.now,
    )
    return created(show(sequence))


@routes.route("/v1/sequences/{sequence_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Sequence)
def get_sequence(request: Request, sequence_id: str) -> Answer:
    """Show one sequence with its flow as it was written."""
    known = SequenceId(sequence_id)
    return data(show(service.get(known, caller=request.caller, stores=request.stores)))


@routes.route("/v1/sequences/{sequence_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(
    takes=SequenceChange,
    gives=shapes.Sequence,
    is_versioned=True,
    refuses=(NotOwnerError, FlowNotReadyError),
)
def change_sequence(request: Request, sequence_id: str) -> Answer:
    """Change what is given; on a running sequence a new flow is checked and published."""
    body = request.body(SequenceChange)
    changed = service.change(
        SequenceId(sequence_id),
        changes=body.changes(),
        change_note=body.change_note,
        read_version=request.if_match(),
        caller=request.caller,
        stores=request.stores,
        now=request.now,
    )
    return data(show(changed))


@routes.route("/v1/sequences/{sequence_id}", methods=["DELETE"], cors=True)
@answers(routes, queries=("disconnect",))
@promises(
    gives=shapes.DeletedSequence,
    is_versioned=True,
    refuses=(NotOwnerError, StateError),
)
def delete_sequence(request: Request, sequence_id: str) -> Answer:
    """Delete a sequence for good; one that runs only with `?disconnect=true`."""
    disconnected = service.delete(
        SequenceId(sequence_id),
        disconnects=_disconnects(request),
        read_version=request.if_match(),
        caller=request.caller,
        bench=request.bench,
    )
    return data({"id": sequence_id, "deleted": True, "disconnected": disconnected})


@routes.route("/v1/sequences/{sequence_id}/copy", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Copying, gives=shapes.Sequence, statuses=(201,), refuses=(CreationRestrictedError,))
def copy_sequence(request: Request, sequence_id: str) -> Answer:
    """Make a draft of one's own from any sequence one may see."""
    sequence = service.copy(
        SequenceId(sequence_id),
        name=request.body(Copying).name,
        caller=request.caller,
        stores=request.stores,
        mint=request.outside.mint,
        now=request.now,
    )
    return created(show(sequence))


def _disconnects(request: Request) -> bool:
    given = request.query("disconnect")
    if given not in {None, "true", "false"}:
        message = "Give `true` or `false`."
        raise RuleError(Problem(path="disconnect", code="wrong_value", message=message))
    return given == "true"
