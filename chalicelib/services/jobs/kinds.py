"""What each kind of job does: the one table.

A new kind is a word in `JobKind`, a generator of pages that begins at `job.position` and bears
being begun again at any page's edge, and one line here; `asking.ask` begins a job of it.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.jobs.job import Job, JobKind
from chalicelib.services import departing, following, migration, recounting, simulating
from chalicelib.services.jobs import enrolling, enrolling_found, importing, privacy, retention
from chalicelib.services.jobs.working import Work

WORK: Final[Mapping[JobKind, Work]] = {
    JobKind.ENROLL: enrolling.work,
    JobKind.ENROLL_FOUND: enrolling_found.work,
    JobKind.FOLLOW: following.work,
    JobKind.DEPART: departing.work,
    JobKind.RECOUNT: recounting.work,
    JobKind.MIGRATE: migration.work,
    JobKind.SIMULATE: simulating.work,
    JobKind.RETAIN: retention.work,
    JobKind.IMPORT: importing.work,
    JobKind.EXPORT_PERSON: privacy.export,
    JobKind.ERASE_PERSON: privacy.erase,
}


def work_of(job: Job) -> Work:
    """Return how a job is done."""
    return WORK[job.kind]
