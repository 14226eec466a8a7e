"""HTTP doors to jobs: ask how far one is, let one that failed go on."""

from chalice.app import Blueprint

from chalicelib.domain.errors import IllegalMoveError, StaleWriteError
from chalicelib.domain.ids import JobId
from chalicelib.domain.jobs.job import Job, JobState
from chalicelib.entry.answering import asked_for
from chalicelib.entry.http import PAGING, Answer, Request, answers
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import jobs as shapes
from chalicelib.services.jobs import asking

routes = Blueprint(__name__)


@routes.route("/v1/jobs/{job_id}", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(gives=shapes.Job, goes_on=True)
def get_job(request: Request, job_id: str) -> Answer:
    """Show how far a job is, and its results page by page; its asker and admins see it."""
    asked = request.page()
    job = asking.get(JobId(job_id), caller=request.caller, bench=request.bench)
    found = request.stores.jobs.results(job.id, limit=asked.limit, cursor=asked.cursor)
    body = {**_body(job, request), "results": found.rows}
    return Answer(
        body={"data": body, "additional_data": {"next_cursor": None}}, next_cursor=found.cursor
    )


@routes.route("/v1/jobs/{job_id}/retry", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.JobAsked, statuses=(202,), refuses=(IllegalMoveError, StaleWriteError))
def retry_job(request: Request, job_id: str) -> Answer:
    """Let a failed job go on where it stopped; what it did is not done again."""
    request.nothing()
    job = asking.retry(JobId(job_id), caller=request.caller, bench=request.bench)
    return asked_for(job.id)


def _body(job: Job, request: Request) -> dict[str, object]:
    file = job.report.get("file")
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "report": {name: value for name, value in job.report.items() if name != "file"},
        "trouble": job.trouble,
        "result_url": request.stores.job_files.link(job.id, str(file))
        if file is not None and job.state is JobState.DONE
        else None,
        "asked_by": job.asked_by,
        "created_at": job.created_at,
        "ended_at": job.ended_at,
    }
