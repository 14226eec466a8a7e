"""Doors to jobs: HTTP to ask how far one is, the `bulk` queue to work on it."""

import json

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.errors import IllegalMoveError, StaleWriteError
from chalicelib.domain.ids import JobId, TenantId
from chalicelib.domain.jobs.job import Job, JobKind, JobState
from chalicelib.entry import wiring
from chalicelib.entry.answering import asked_for
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.http import PAGING, Answer, Request, answers
from chalicelib.entry.observability import logger, metrics
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


@routes.on_sqs_message(queue="bulk", batch_size=1)
def bulk_work(event: SQSEvent) -> Failures:
    """Do some pages of a job; the message is trusted for its ids only."""
    return one_by_one(event, _work)


def _work(body: str) -> None:
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - doors load what they use
    from chalicelib.services.jobs.kinds import work_of  # noqa: PLC0415 - as above
    from chalicelib.services.jobs.working import carry_on  # noqa: PLC0415 - as above

    told = json.loads(body)
    bench = Bench(stores=wiring.stores_for(TenantId(told["t"])), outside=wiring.outside())
    ended = carry_on(JobId(told["j"]), work_of=work_of, bench=bench)
    if ended is not None and ended.kind is JobKind.RECOUNT:
        _tell_drift(ended)


def _tell_drift(recounted: Job) -> None:
    """Have alarms see what a recount found wrong; what was moving meanwhile proves nothing."""
    from chalicelib.services.recounting import drifts_in  # noqa: PLC0415 - doors load what they use

    metrics.add_metric(name="RecountDrift", unit=MetricUnit.Count, value=drifts_in(recounted))
    logger.info("recounted", extra={"job_id": recounted.id, "found": dict(recounted.report)})
