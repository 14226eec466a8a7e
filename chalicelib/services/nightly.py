"""Every night: a recount and a clearing a tenant, as jobs that the minute's round finds.

The row of a job is all there is to write; the same night asks for the same jobs, so a round that
died halfway is simply begun again.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.crm.users import Tenant
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import JobId, TenantId, UserId
from chalicelib.domain.jobs.job import Job, JobKind
from chalicelib.services import recounting
from chalicelib.storage import tenants
from chalicelib.storage.stores import Stores

ASKER: Final = UserId("nightly")
"""No user: admins see its jobs, as they see everybody's."""
_A_SECOND: Final = 5
"""So many recounts begin in a second, for people's own jobs go through the same queue."""

StoresFor = Callable[[TenantId], Stores]


def begin(*, stores_for: StoresFor, now: datetime) -> int:
    """Ask for tonight's jobs of every tenant that is open; return how many there are.

    Whoever is suspended keeps what they have: nothing of theirs goes while they cannot look.
    """
    asked = 0
    day = f"{now.date()}"
    for page in tenants.listed():
        for tenant in _open(page):
            look_at = now + timedelta(seconds=asked // _A_SECOND)
            stores = stores_for(tenant.id)
            _ask(stores, _recount(f"recount-{day}", day, now), look_at=look_at)
            _ask(stores, _clearing(day, now), look_at=look_at)
            asked += 1
    return asked


def begin_one(*, stores: Stores, now: datetime) -> JobId:
    """Ask for a recount of one tenant with all its figures, to begin within a minute."""
    stores.tenant.get()  # a mistyped tenant is refused
    name = f"recount-{now:%Y-%m-%dT%H.%M.%S}"
    return _ask(stores, _recount(name, recounting.EVERY_NIGHT, now), look_at=now)


def _open(page: Iterable[Tenant]) -> Iterable[Tenant]:
    return (each for each in page if not each.is_suspended)


def _recount(name: str, figures: str, now: datetime) -> Job:
    return Job(
        id=JobId(name),
        kind=JobKind.RECOUNT,
        asked_by=ASKER,
        about={"figures": figures},
        created_at=now,
    )


def _clearing(day: str, now: datetime) -> Job:
    return Job(
        id=JobId(f"retain-{day}"), kind=JobKind.RETAIN, asked_by=ASKER, about={}, created_at=now
    )


def _ask(stores: Stores, job: Job, *, look_at: datetime) -> JobId:
    with suppress(StaleWriteError):  # asked before
        stores.jobs.save(job, look_at=look_at)
    return job.id
