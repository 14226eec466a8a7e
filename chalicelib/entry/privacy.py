"""HTTP doors to privacy: all that is kept of a person, and a person taken out; both are jobs."""

from chalice.app import Blueprint

from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.ids import ItemId
from chalicelib.domain.jobs.job import JobKind
from chalicelib.entry.answering import asked_for
from chalicelib.entry.http import Answer, Request, answers
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes.jobs import JobAsked
from chalicelib.services.jobs import privacy

routes = Blueprint(__name__)


@routes.route("/v1/persons/{item_id}/export", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=JobAsked, statuses=(202,), refuses=(RoleMissingError,))
def export_person(request: Request, item_id: str) -> Answer:
    """Write all that is kept of a person into one JSON file, as a job; for admins."""
    return _asked(request, JobKind.EXPORT_PERSON, item_id)


@routes.route("/v1/persons/{item_id}/erase", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=JobAsked, statuses=(202,), refuses=(RoleMissingError,))
def erase_person(request: Request, item_id: str) -> Answer:
    """Erase a person for good, as a job; for admins.

    Their mails, files, addresses, words to search by, and the person go. The job's report says what
    stays. Nothing of it can be restored.
    """
    return _asked(request, JobKind.ERASE_PERSON, item_id)


def _asked(request: Request, kind: JobKind, person_id: str) -> Answer:
    request.nothing()
    job = privacy.ask(kind, ItemId(person_id), caller=request.caller, bench=request.bench)
    return asked_for(job.id)
