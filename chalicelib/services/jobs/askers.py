"""In whose name a job works: its asker's, with the rights they have by then."""

from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.ids import ApiTokenId
from chalicelib.domain.jobs.job import HopelessError, Job
from chalicelib.storage.stores import Stores


def caller_of(job: Job, *, stores: Stores) -> Caller:
    """Return who asked for the job; one who has left can ask for nothing."""
    user = stores.users.find(job.asked_by)
    if user is None or not user.is_active:
        raise HopelessError(why="Who asked for this is no longer an active user.")
    return Caller(
        tenant_id=stores.tenant_id,
        user_id=user.id,
        role=user.role,
        token_id=ApiTokenId(f"job-{job.id}"),
        scopes=frozenset({Scope.READ, Scope.WRITE}),
    )
