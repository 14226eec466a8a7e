"""HTTP doors to the A/B tests of a sequence: how they stand, and how a person ends one."""

from typing import Final

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.ab_tests import Letter, Score
from chalicelib.domain.sequences.access import NotOwnerError
from chalicelib.entry.http import Answer, Request, answers, data
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import ab_tests as shapes
from chalicelib.services import ab_tests as service
from chalicelib.services import sequences

routes = Blueprint(__name__)

_PATH: Final = "/v1/sequences/{sequence_id}/ab-tests"


class StoppingTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that ends a test: the version that everybody gets from now on."""

    version: Letter


@routes.route(_PATH, methods=["GET"], cors=True)
@answers(routes)
@promises(gives=list[shapes.AbTest])
def list_ab_tests(request: Request, sequence_id: str) -> Answer:
    """List every A/B test of the flow: its state, how its versions do, and what came of it."""
    sequence = sequences.get(SequenceId(sequence_id), caller=request.caller, stores=request.stores)
    return data([_show(each) for each in service.of_sequence(sequence, bench=request.bench)])


@routes.route(f"{_PATH}/{{step_id}}/stop", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=StoppingTest,
    gives=shapes.AbTest,
    refuses=(NotOwnerError, MissingError, service.TestOverError),
)
def stop_ab_test(request: Request, sequence_id: str, step_id: str) -> Answer:
    """End a test by hand: whoever comes to its step from now on gets this version."""
    body = request.body(StoppingTest)
    sequence = sequences.changeable(
        SequenceId(sequence_id), "stop a test of", caller=request.caller, stores=request.stores
    )
    return data(_show(service.stop(sequence, StepId(step_id), body.version, bench=request.bench)))


def _show(test: service.Shown) -> dict[str, object]:
    step, verdict = test.step, test.verdict
    return {
        "step_id": step.id,
        "name": step.name,
        "state": test.state,
        "metric": step.metric,
        "share_a": step.share_a,
        "ends_at": step.ends_at,
        "default": step.default,
        "versions": {letter.value: _score(score) for letter, score in test.scores.items()},
        "result": verdict and verdict.result,
        "winner": verdict and verdict.letter,
        "decided_at": verdict and verdict.decided_at,
    }


def _score(score: Score) -> dict[str, object]:
    rate = round(score.hits / score.sent, 4) if score.sent else None
    return {"sent": score.sent, "hits": score.hits, "rate": rate}
