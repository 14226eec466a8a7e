"""A sender on leave: no task is put into the feed of somebody who is away.

Mails move by themselves (`planning`); where a task would be next, the enrollment stands still until
its owner is back.
"""

from datetime import datetime

from chalicelib.domain.sequences import planning, standing
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.effects import AskUser
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import PauseAsked, PauseReason
from chalicelib.domain.sequences.walk import Decision


def unless_away(before: Enrollment, decision: Decision, now: datetime, facts: Facts) -> Decision:
    """Return `decision`, or a pause of `before` if it asks something of somebody who is away."""
    if facts.times.absence is None:
        return decision
    asks_owner = any(
        isinstance(each, AskUser) and each.assignee_id == before.owner_id
        for each in decision.effects
    )
    back_at = planning.back_at(before, now, facts.times) if asks_owner else None
    if back_at is None:
        return decision
    return standing.pause(
        before, PauseAsked(reason=PauseReason.SENDER_UNAVAILABLE, until=back_at), now
    )
