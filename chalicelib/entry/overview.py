"""HTTP door to how a sequence goes."""

from chalice.app import Blueprint

from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.figures import Figure
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
    Figure.CLICKED,
    Figure.REPLIED,
    Figure.BOUNCED,
)


@routes.route("/v1/sequences/{sequence_id}/overview", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Overview)
def get_overview(request: Request, sequence_id: str) -> Answer:
    """Show the three counts, exact now, and the figures of every step, a moment old."""
    sequences.get(SequenceId(sequence_id), caller=request.caller, stores=request.stores)
    found = service.overview(SequenceId(sequence_id), bench=request.bench)
    counts = (Count.IN_PROGRESS, Count.COMPLETED, Count.FAILED)
    return data(
        {
            "status": found.sequence.status,
            "counts": {count.value: found.counts[count] for count in counts},
            "steps": [_step(row) for row in found.steps],
        }
    )


def _step(row: service.StepRow) -> dict[str, object]:
    figures = {figure.value: row.figures.values.get(figure, 0) for figure in _SHOWN}
    return {
        "step_id": row.step_id,
        "type": row.type,
        "name": row.name,
        "waiting": row.figures.waiting,
        **figures,
    }
