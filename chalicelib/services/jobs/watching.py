"""Finds jobs that were left: a message that was lost, a worker that died."""

import json

from chalicelib.gateways.outside import Outside
from chalicelib.storage import jobs


def find_left(*, outside: Outside) -> int:
    """Hand on every job that somebody should have taken up by now; return how many."""
    found = 0
    for page in jobs.waiting(outside.clock.now()):
        bodies = [json.dumps({"t": each.tenant_id, "j": each.job_id}) for each in page]
        outside.queues.send("bulk", bodies)
        found += len(bodies)
    return found
