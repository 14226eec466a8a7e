"""HTTP doors to a sequence's life: check, activate, deactivate, pause, resume, consent."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.domain.errors import (
    ActiveSequenceLimitError,
    IllegalMoveError,
    StaleWriteError,
)
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.access import NotOwnerError
from chalicelib.domain.sequences.definition import Sequence
from chalicelib.entry.http import Answer, Request, answers, data, deleted
from chalicelib.entry.promises import promises
from chalicelib.entry.sequence_bodies import show, show_consent, show_problems
from chalicelib.entry.shapes import sequences as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import consents, flow_checks, sequence_lifecycle, sequences

routes = Blueprint(__name__)

_MERMAID = "text/vnd.mermaid"
_NEWEST = 999_999_999


@routes.route("/v1/sequences/{sequence_id}/validate", methods=["POST"], cors=True)
@answers(routes, scope="read")
@promises(gives=shapes.Check)
def validate_sequence(request: Request, sequence_id: str) -> Answer:
    """Say everything that keeps the sequence from running; changes nothing."""
    request.nothing()
    sequence = sequences.get(SequenceId(sequence_id), caller=request.caller, stores=request.stores)
    return data(show_problems(flow_checks.problems_of(sequence, stores=request.stores)))


@routes.route("/v1/sequences/{sequence_id}/activate", methods=["POST"], cors=True)
@answers(routes)
@promises(
    gives=shapes.Sequence,
    is_versioned=True,
    refuses=(
        NotOwnerError,
        ActiveSequenceLimitError,
        IllegalMoveError,
        sequence_lifecycle.FlowNotReadyError,
        sequence_lifecycle.StillLettingGoError,
    ),
)
def activate_sequence(request: Request, sequence_id: str) -> Answer:
    """Let the sequence take items: 422 with every problem, 403 for one too many."""

    def activated(sequence: Sequence) -> Sequence:
        return sequence_lifecycle.activate(sequence, stores=request.stores, now=request.now)

    return data(show(_moved(request, sequence_id, "activate", activated)))


@routes.route("/v1/sequences/{sequence_id}/deactivate", methods=["POST"], cors=True)
@answers(routes)
@promises(
    gives=shapes.StoppedSequence,
    refuses=(
        NotOwnerError,
        IllegalMoveError,
        StaleWriteError,
    ),
)
def deactivate_sequence(request: Request, sequence_id: str) -> Answer:
    """Let the sequence take no more items, and say how many it let go."""
    request.nothing()
    known, by = SequenceId(sequence_id), request.caller.user_id
    disconnected = sequences.move(
        known,
        "deactivate",
        lambda each: sequence_lifecycle.deactivate(each, by=by, bench=request.bench),
        caller=request.caller,
        stores=request.stores,
    )
    return data({**show(request.stores.sequences.get(known)), "disconnected": disconnected})


@routes.route("/v1/sequences/{sequence_id}/pause", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Sequence, is_versioned=True, refuses=(NotOwnerError, IllegalMoveError))
def pause_sequence(request: Request, sequence_id: str) -> Answer:
    """Hold a sequence with all that is in it: nothing is sent, and every clock stands still."""

    def paused(sequence: Sequence) -> Sequence:
        return sequence_lifecycle.pause(sequence, stores=request.stores, now=request.now)

    return data(show(_moved(request, sequence_id, "pause", paused)))


@routes.route("/v1/sequences/{sequence_id}/resume", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.Sequence, is_versioned=True, refuses=(NotOwnerError, IllegalMoveError))
def resume_sequence(request: Request, sequence_id: str) -> Answer:
    """Let a held sequence go on; what was planned comes later by the length of the pause."""

    def resumed(sequence: Sequence) -> Sequence:
        by = request.caller.user_id
        return sequence_lifecycle.resume(sequence, by=by, bench=request.bench)

    return data(show(_moved(request, sequence_id, "resume", resumed)))


@routes.route("/v1/sequences/{sequence_id}/consent", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Consent)
def get_consent(request: Request, sequence_id: str) -> Answer:
    """Say whether the caller lets this sequence send in their name."""
    known = SequenceId(sequence_id)
    consent = consents.find(known, caller=request.caller, stores=request.stores)
    return data(show_consent(known, request.caller.user_id, consent))


@routes.route("/v1/sequences/{sequence_id}/consent", methods=["PUT"], cors=True)
@answers(routes)
@promises(gives=shapes.Consent)
def give_consent(request: Request, sequence_id: str) -> Answer:
    """Let this one sequence send in the caller's name."""
    request.nothing()
    known = SequenceId(sequence_id)
    consent = consents.give(known, caller=request.caller, bench=request.bench)
    return data(show_consent(known, request.caller.user_id, consent))


@routes.route("/v1/sequences/{sequence_id}/consent", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted)
def withdraw_consent(request: Request, sequence_id: str) -> Answer:
    """Take the caller's consent back."""
    consents.withdraw(SequenceId(sequence_id), caller=request.caller, stores=request.stores)
    return deleted(sequence_id)


def _moved(
    request: Request, sequence_id: str, action: str, moved: Callable[[Sequence], Sequence]
) -> Sequence:
    """Return the sequence as moved, if the caller may and has read it; the body must be empty."""
    request.nothing()
    return sequences.move(
        SequenceId(sequence_id),
        action,
        moved,
        read_version=request.if_match(),
        caller=request.caller,
        stores=request.stores,
    )
