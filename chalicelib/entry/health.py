"""Whether the API is up: answers without asking anybody."""

from chalice.app import Blueprint

from chalicelib.entry.http import Answer, OpenRequest, answers_anyone, data
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes.answers import Health

routes = Blueprint(__name__)


@routes.route("/v1/health", methods=["GET"], cors=True)
@answers_anyone(routes)
@promises(gives=Health)
def get_health(request: OpenRequest) -> Answer:
    """Say that the API is up, and what time it has."""
    return data({"status": "ok", "now": request.now})
