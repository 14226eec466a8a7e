"""Keeps jobs: how far each has come, its results, and who must look at it when."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.errors import MissingError, StaleWriteError
from chalicelib.domain.ids import JobId, TenantId
from chalicelib.domain.jobs.job import KEPT_FOR, Job, Page
from chalicelib.domain.jobs.job import Row as Result
from chalicelib.storage import job_keys, keys, reading
from chalicelib.storage.listing import Listing
from chalicelib.storage.rows.jobs import JobRow, MarkRow, ResultsRow
from chalicelib.storage.transaction import Transaction

LOOK_AFTER: Final = timedelta(minutes=2)
"""A job that was handed on and not taken up by then is handed on again."""
_PAGES_AT_ONCE: Final = 8


class JobStore:
    """The jobs of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def get(self, job_id: JobId) -> Job:
        """Return one job."""
        try:
            row = JobRow.get(job_keys.job(self._tenant_id, job_id), keys.HEAD, consistent_read=True)
        except JobRow.DoesNotExist:
            raise MissingError(kind=job_keys.JOB, id=job_id) from None
        return row.to_domain()

    def save(self, job: Job, *, look_at: datetime | None) -> Job:
        """Write if nobody has written since `job` was read; `look_at` None: nobody need look."""
        with Transaction() as tx:
            return self.put(tx, job, look_at=look_at)

    def put(self, tx: Transaction, job: Job, *, look_at: datetime | None) -> Job:
        """Add the same write to a transaction, together with what makes the job necessary."""
        row = JobRow.from_domain(self._tenant_id, job, look_at=look_at)
        is_unmoved = JobRow.version == job.version if job.version else JobRow.pk.does_not_exist()
        tx.put(row, is_unmoved, refusal=StaleWriteError(kind=job_keys.JOB, id=job.id))
        return replace(job, version=job.version + 1)

    def record(self, job: Job, page: Page) -> Job:
        """Keep a page's results together with where the work goes on; refused if it moved."""
        moved = replace(
            job,
            done=page.done,
            position=page.position,
            total=job.total if page.total is None else page.total,
            report={**job.report, **page.report},
            tries=1,
        )
        with Transaction() as tx:
            if page.rows:
                row = ResultsRow(
                    job_keys.job(self._tenant_id, job.id),
                    job_keys.page(page.done - len(page.rows)),
                    rows=[dict(each) for each in page.rows],
                    expires_at=_garbage_from(job),
                )
                tx.put(row)
            return self.put(tx, moved, look_at=job.leased_until)

    def results(
        self, job_id: JobId, *, limit: int, cursor: Mapping[str, object] | None
    ) -> Listing[Result]:
        """Return part of a job's results, in order; the cursor names the next one."""
        first = int(str(cursor["first"])) if cursor else 0
        found: list[Result] = []
        for at, result in self._results_from(job_id, first):
            if len(found) == limit:
                return Listing(rows=found, cursor={"first": str(at)})
            found.append(result)
        return Listing(rows=found, cursor=None)

    def every_result(self, job_id: JobId) -> Iterator[Result]:
        """Yield all results of a job, in order."""
        return (result for _, result in self._results_from(job_id, 0))

    def mark(self, tx: Transaction, job: Job, of: str, what: Result) -> None:
        """Add to `tx` what the job does to one thing, so that a repetition of its page knows."""
        pk = job_keys.job(self._tenant_id, job.id)
        tx.put(MarkRow(pk, job_keys.mark(of), what=dict(what), expires_at=_garbage_from(job)))

    def marks(self, job_id: JobId, of: Collection[str]) -> dict[str, Result]:
        """Return what the job did already to those of `of` that it got to."""
        pk = job_keys.job(self._tenant_id, job_id)
        by_sk = {job_keys.mark(each): each for each in of}
        rows = [MarkRow.from_raw_data(raw) for raw in reading.many([(pk, sk) for sk in by_sk])]
        return {by_sk[row.sk]: row.what for row in rows}

    def _results_from(self, job_id: JobId, first: int) -> Iterator[tuple[int, Result]]:
        """Yield (number, result) from the `first`-th on: its page begins at or before it."""
        pk = job_keys.job(self._tenant_id, job_id)
        before = ResultsRow.query(
            pk,
            ResultsRow.sk.between(job_keys.PAGES, job_keys.page(first)),
            scan_index_forward=False,
            limit=1,
            consistent_read=True,
        )
        start = next((row.sk for row in before), job_keys.PAGES)
        pages = ResultsRow.query(
            pk,
            ResultsRow.sk.between(start, f"{job_keys.PAGES}~"),
            page_size=_PAGES_AT_ONCE,
            consistent_read=True,
        )
        for page in pages:
            begins = int(page.sk.removeprefix(job_keys.PAGES))
            for at, result in enumerate(page.rows, begins):
                if at >= first:
                    yield at, result


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingJob:
    """A job that somebody must look at, of whatever tenant."""

    tenant_id: TenantId
    job_id: JobId


def waiting(until: datetime) -> Iterator[list[WaitingJob]]:
    """Yield pages of jobs that are to be looked at by `until`, across tenants: keys alone."""
    for page in reading.due(job_keys.WAITING_JOBS, until=until):
        yield [_waiting(due_sk) for due_sk in page]


def _waiting(due_sk: str) -> WaitingJob:
    _, tenant_id, job_id = due_sk.split("#")
    return WaitingJob(tenant_id=TenantId(tenant_id), job_id=JobId(job_id))


def _garbage_from(job: Job) -> int:
    return int((job.created_at + KEPT_FOR).timestamp())
