"""How keys of jobs are spelled: the job, its pages of results, what it did within a page."""

from datetime import datetime
from typing import Final

from chalicelib.domain.ids import JobId, TenantId
from chalicelib.storage.spelling import instant

JOB: Final = "job"
WAITING_JOBS: Final = "due#jobs"
"""Partition of the due index that holds every job somebody must look at; there are few."""
PAGES: Final = "page#"


def job(tenant_id: TenantId, job_id: JobId) -> str:
    """Partition of one job: itself, its pages of results, its marks."""
    return f"t#{tenant_id}#job#{job_id}"


def page(first: int) -> str:
    """Sort key of the page of results that begins with the `first`-th one."""
    return f"{PAGES}{first:08d}"


def mark(of: str) -> str:
    """Sort key of what a job did to one thing, written together with the deed."""
    return f"mark#{of}"


def look_at(when: datetime, tenant_id: TenantId, job_id: JobId) -> str:
    """Sort key of the due index: reads as a message for `bulk`."""
    return f"{instant(when)}#{tenant_id}#{job_id}"


def file(tenant_id: TenantId, job_id: JobId, name: str) -> str:
    """Key, in the bucket, of a file that belongs to a job; all of these end after a month."""
    return f"jobs/{tenant_id}/{job_id}/{name}"
