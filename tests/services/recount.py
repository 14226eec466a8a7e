"""What is done every night, done at once."""

from chalicelib.domain.ids import JobId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, JobState, Row
from chalicelib.services import recounting
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import kinds, working


def recount(bench: Bench) -> list[Row]:
    """Do a whole recount, and return what it found."""
    now, jobs = bench.now(), bench.stores.jobs
    job = Job(
        id=JobId(f"recount-{now:%Y%m%d%H%M%S%f}"),
        kind=JobKind.RECOUNT,
        asked_by=UserId("nightly"),
        about={"figures": recounting.EVERY_NIGHT},
        created_at=now,
    )
    jobs.save(job, look_at=now)
    while jobs.get(job.id).state not in {JobState.DONE, JobState.FAILED}:
        working.carry_on(job.id, work_of=kinds.work_of, bench=bench)
    assert jobs.get(job.id).state is JobState.DONE
    return list(jobs.every_result(job.id))
