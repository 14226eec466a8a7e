"""HTTP door to how a sequence goes."""

from datetime import date

from chalice.app import Blueprint

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.figures import Figure, StepFigures
from chalicelib.entry.http import Answer, Request, answers, data
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import sequences as shapes
from chalicelib.services import overview as service
from chalicelib.services import sequences

routes = Blueprint(__name__)

_SHOWN = (
    Figure.REACHED,
    Figure.COMPLETED,
    Figure.SKIPPED,
    Figure.SENT,
    Figure.DELIVERED,
    Figure.OPENED,
    Figure.MACHINE_OPENED,
    Figure.CLICKED,
    Figure.REPLIED,
    Figure.BOUNCED,
)


@routes.route("/v1/sequences/{sequence_id}/overview", methods=["GET"], cors=True)
@answers(routes, queries=("flow_version", "from", "to"))
@promises(gives=shapes.Overview, reads={"flow_version": int, "from": date, "to": date})
def get_overview(request: Request, sequence_id: str) -> Answer:
    """Show the three counts, exact now, and figures a moment old: of all, a version, a period."""
    sequence = sequences.get(SequenceId(sequence_id), caller=request.caller, stores=request.stores)
    asked = service.Asked(
        flow_version=_version(request, sequence.flow_version or 0),
        since=_day(request, "from"),
        until=_day(request, "to"),
    )
    if asked.flow_version is not None and (asked.since or asked.until):
        message = "Give either a version or a period."
        raise RuleError(Problem(path="flow_version", code="not_both", message=message))
    if asked.since and asked.until and asked.since > asked.until:
        message = "The first day must not come after the last."
        raise RuleError(Problem(path="to", code="wrong_value", message=message))
    found = service.overview(sequence.id, asked, bench=request.bench)
    counts = (Count.IN_PROGRESS, Count.COMPLETED, Count.FAILED)
    return data(
        {
            "status": found.sequence.status,
            "counts": {count.value: found.counts[count] for count in counts},
            "steps": [_step(row) for row in found.steps],
            "exit_reasons": _endings(found, "exit#"),
            "outcomes": _endings(found, "end#"),
            "converted": found.converted,
        }
    )


def _endings(found: service.Overview, kind: str) -> dict[str, int]:
    return {
        key.removeprefix(kind): count
        for key, count in sorted(found.endings.items())
        if key.startswith(kind)
    }


def _step(row: service.StepRow) -> dict[str, object]:
    return {
        "step_id": row.step_id,
        "type": row.type,
        "name": row.name,
        "waiting": row.figures.waiting,
        **_shown(row.figures),
        "median_time": row.median,
        "versions": {letter.value: _version_shown(each) for letter, each in row.versions.items()},
    }


def _shown(figures: StepFigures) -> dict[str, int]:
    return {figure.value: figures.values.get(figure, 0) for figure in _SHOWN}


def _version_shown(figures: StepFigures) -> dict[str, int]:
    """Show what a test may be about, too: how many of a version came to its goal."""
    return {**_shown(figures), "goal": figures.values.get(Figure.GOAL, 0)}


def _version(request: Request, latest: int) -> int | None:
    given = request.query("flow_version")
    if given is None:
        return None
    if given not in {str(number) for number in range(1, latest + 1)}:
        message = "There is no such published version."
        raise RuleError(Problem(path="flow_version", code="not_found", message=message))
    return int(given)


def _day(request: Request, name: str) -> date | None:
    given = request.query(name)
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        message = "Give a day such as 2026-03-01."
        raise RuleError(Problem(path=name, code="wrong_value", message=message)) from None
