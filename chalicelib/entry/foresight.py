"""HTTP doors to what would happen: a flow drawn, walked through, and played with many."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.domain.errors import NotAcceptableError, Problem, RuleError
from chalicelib.domain.ids import ItemId, SequenceId, StepId
from chalicelib.domain.sequences import simulation
from chalicelib.domain.sequences.check_sentences import problem
from chalicelib.domain.sequences.checks import MOST_NODES
from chalicelib.domain.sequences.previewing import Foreseen
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.entry.http import Answer, Request, answers, data, text
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import foresight as shapes
from chalicelib.entry.shapes.answers import Instant
from chalicelib.services import foresight, overview, sequences, simulating
from chalicelib.services.sequence_lifecycle import FlowNotReadyError

routes = Blueprint(__name__)

_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_SVG = "image/svg+xml"
_MERMAID = "text/vnd.mermaid"
_AS_SVG = frozenset({"*/*", "image/*", _SVG})
_AS_MERMAID = frozenset({"text/*", "text/plain", _MERMAID})

Chance = Annotated[float, Meta(ge=0, le=1)]


class Previewing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of a preview: for whom, from when, and what they would answer.

    `answers` holds `yes` or `no` for questions, an outcome for calls, by step id; else nobody
    answers.
    """

    item_id: ItemId | None = None
    start_at: Instant | None = None
    answers: Mapping[StepId, str] = {}


class GivenChances(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How probable each answer is; `steps` for single steps or questions, by id."""

    replied: Chance = 0.08
    opened: Chance = 0.4
    clicked: Chance = 0.05
    attachment_opened: Chance = 0.05
    answered: Chance = 0.3
    field: Chance = 0.5
    steps: Mapping[StepId, Chance] = {}


class Simulating(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of a simulation; much of it (records times steps over 5,000) is a job.

    The tenant's caps hold; `daily_cap` stands for its sender's. Recipients spread over
    `recipient_domains`, else each has one of their own.
    """

    records: Annotated[int, Meta(ge=1, le=simulation.MOST_RECORDS)] = 100
    start_at: Instant | None = None
    days: Annotated[int, Meta(ge=1, le=simulation.MOST_DAYS)] = 1
    senders: Annotated[int, Meta(ge=1, le=simulation.MOST_SENDERS)] = 1
    daily_cap: Annotated[int, Meta(ge=1)] | None = None
    recipient_domains: Annotated[int, Meta(ge=1)] | None = None
    work_for: timedelta = timedelta(hours=4)
    chances: GivenChances = GivenChances()
    seed: Annotated[int, Meta(ge=0, le=2**31)] = 1


@routes.route("/v1/sequences/{sequence_id}/diagram", methods=["GET"], cors=True)
@answers(routes, queries=("counts",))
@promises(says=(_SVG, _MERMAID), refuses=(NotAcceptableError,), reads={"counts": bool})
def draw_sequence(request: Request, sequence_id: str) -> Answer:
    """Draw the flow as SVG or, by `Accept`, Mermaid; `?counts=true` says how many stand where."""
    from chalicelib.domain.sequences.diagram import mermaid_of  # noqa: PLC0415 - drawing is rare
    from chalicelib.domain.sequences.flow_picture import picture_of  # noqa: PLC0415 - as above

    known = SequenceId(sequence_id)
    sequence = sequences.get(known, caller=request.caller, stores=request.stores)
    flow, waiting = read_flow(sequence.flow), None
    if len(flow.steps) > MOST_NODES:
        raise RuleError(
            problem("$.flow.steps", "too_many_nodes", count=len(flow.steps), most=MOST_NODES)
        )
    if _is_true(request, "counts"):
        waiting = overview.waiting(known, bench=request.bench)
    accept = _kinds(request.header("accept"))
    if accept & _AS_SVG:
        return text(picture_of(flow, title=sequence.name, waiting=waiting), content_type=_SVG)
    if accept & _AS_MERMAID:
        return text(mermaid_of(flow, waiting), content_type=_MERMAID)
    raise NotAcceptableError(kinds=f"{_SVG}, {_MERMAID}, text/plain")


@routes.route("/v1/sequences/{sequence_id}/preview", methods=["POST"], cors=True)
@answers(routes, scope="read")
@promises(takes=Previewing, gives=shapes.Preview, refuses=(FlowNotReadyError,))
def preview_sequence(request: Request, sequence_id: str) -> Answer:
    """Walk through the flow on an imagined clock: every step, its instant, and why then."""
    body = request.body(Previewing)
    sequence = sequences.get(SequenceId(sequence_id), caller=request.caller, stores=request.stores)
    found = foresight.preview(
        sequence,
        item_id=body.item_id,
        start_at=_start(body.start_at),
        answers=body.answers,
        caller_id=request.caller.user_id,
        bench=request.bench,
    )
    return data(
        {
            "steps": [_step(row, found) for row in found.rows],
            "outcome": found.end.outcome or found.end.reason,
            "ends_at": found.end.ended_at,
        }
    )


@routes.route("/v1/sequences/{sequence_id}/simulate", methods=["POST"], cors=True)
@answers(routes, scope="read")
@promises(
    takes=Simulating,
    gives=shapes.Simulation,
    statuses=(200, 202),
    refuses=(FlowNotReadyError,),
)
def simulate_sequence(request: Request, sequence_id: str) -> Answer:
    """Play many imagined items through the flow: sends, steps, collisions, endings, a picture."""
    body = request.body(Simulating)
    sequence = sequences.get(SequenceId(sequence_id), caller=request.caller, stores=request.stores)
    if not timedelta(minutes=1) <= body.work_for <= timedelta(days=30):
        message = "Give from PT1M to P30D."
        raise RuleError(Problem(path="$.work_for", code="wrong_value", message=message))
    imagined = simulation.Imagined(
        records=body.records,
        begin_at=_start(body.start_at) or request.now,
        days=body.days,
        senders=body.senders,
        daily_cap=body.daily_cap,
        recipient_domains=body.recipient_domains,
        work_for=body.work_for,
        chances=simulation.Chances(**msgspec.structs.asdict(body.chances)),
        seed=body.seed,
    )
    by, bench = request.caller.user_id, request.bench
    size = simulating.size_of(sequence, body.records)
    if size > simulating.MOST:
        message = f"Records times steps may be {simulating.MOST:,} at the most; give fewer."
        raise RuleError(Problem(path="$.records", code="too_many", message=message))
    if size > simulating.DIRECTLY:
        job = simulating.simulate_later(sequence, imagined, caller_id=by, bench=bench)
        return data({"job_id": job.id}, status=202)
    return data(simulating.simulate(sequence, imagined, caller_id=by, bench=bench))


def _step(row: Foreseen, found: foresight.Preview) -> dict[str, object]:
    words = found.texts.get(row.step_id)
    return {
        "step_id": row.step_id,
        "type": row.type,
        "name": row.name,
        "reached_at": row.reached_at,
        "planned_at": row.planned_at,
        "left_at": row.left_at,
        "state": row.state,
        "why_then": row.why_then,
        "text": words and {"subject": words.subject, "body": words.body, "missing": words.missing},
    }


def _kinds(accept: str | None) -> set[str]:
    return {part.partition(";")[0].strip().lower() for part in (accept or "*/*").split(",")}


def _start(given: datetime | None) -> datetime | None:
    """Refuse an instant so late that what follows it would lie beyond the years there are."""
    if given is not None and not _FIRST_YEAR <= given.year <= _LAST_YEAR:
        message = f"Give an instant of the years {_FIRST_YEAR} to {_LAST_YEAR}."
        raise RuleError(Problem(path="$.start_at", code="wrong_value", message=message))
    return given.astimezone(UTC) if given else None


def _is_true(request: Request, name: str) -> bool:
    given = request.query(name)
    if given not in {None, "true", "false"}:
        raise RuleError(Problem(path=name, code="wrong_value", message="Give `true` or `false`."))
    return given == "true"
