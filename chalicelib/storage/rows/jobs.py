"""The rows of a job: itself, a page of its results, a mark of what it did."""

from datetime import datetime
from typing import Self

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from chalicelib.domain.ids import JobId, TenantId, UserId
from chalicelib.domain.jobs.job import KEPT_FOR, Job, JobKind, JobState
from chalicelib.storage import job_keys, keys
from chalicelib.storage.rows.base import Row


class JobRow(Row):
    """A job; it stands in the due index as long as somebody must look at it."""

    job_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    asked_by = UnicodeAttribute()
    about = JSONAttribute()
    state = UnicodeAttribute()
    done = NumberAttribute()
    total = NumberAttribute(null=True)
    position = JSONAttribute()
    report = JSONAttribute()
    trouble = UnicodeAttribute(null=True)
    tries = NumberAttribute()
    worker = UnicodeAttribute(null=True)
    leased_until = UTCDateTimeAttribute(null=True)
    created_at = UTCDateTimeAttribute()
    ended_at = UTCDateTimeAttribute(null=True)
    version = NumberAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, job: Job, *, look_at: datetime | None) -> Self:
        """Write the job down, one version on."""
        row = cls(
            job_keys.job(tenant_id, job.id),
            keys.HEAD,
            job_id=job.id,
            kind=job.kind.value,
            asked_by=job.asked_by,
            about=dict(job.about),
            state=job.state.value,
            done=job.done,
            total=job.total,
            position=dict(job.position),
            report=dict(job.report),
            trouble=job.trouble,
            tries=job.tries,
            worker=job.worker,
            leased_until=job.leased_until,
            created_at=job.created_at,
            ended_at=job.ended_at,
            version=job.version + 1,
            expires_at=int((job.created_at + KEPT_FOR).timestamp()),
        )
        if look_at is not None:
            row.due_pk = job_keys.WAITING_JOBS
            row.due_sk = job_keys.look_at(look_at, tenant_id, job.id)
        return row

    def to_domain(self) -> Job:
        """Read the job."""
        return Job(
            id=JobId(self.job_id),
            kind=JobKind(self.kind),
            asked_by=UserId(self.asked_by),
            about=self.about,
            state=JobState(self.state),
            done=int(self.done),
            total=int(self.total) if self.total else None,
            position=self.position,
            report=self.report,
            trouble=self.trouble,
            tries=int(self.tries),
            worker=self.worker,
            leased_until=self.leased_until,
            created_at=self.created_at,
            ended_at=self.ended_at,
            version=int(self.version),
        )


class ResultsRow(Row):
    """A page of a job's results."""

    rows = JSONAttribute()


class MarkRow(Row):
    """What a job did to one thing."""

    what = JSONAttribute()
