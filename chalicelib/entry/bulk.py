"""The queue door of jobs: some pages of one at a time."""

import json

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.ids import JobId, TenantId
from chalicelib.domain.jobs.job import Job, JobKind
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.observability import logger, metrics

routes = Blueprint(__name__)


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
