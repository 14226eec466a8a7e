"""When its time comes, an enrollment first heeds its sequence: let go, held, let go on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.sequences import holds, standing
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import Flow, SequenceStatus
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.signals import PauseAsked, PauseReason
from chalicelib.domain.sequences.walk import Decision

_LOOK_AGAIN_AFTER: Final = timedelta(days=1)


def heeded(
    enrollment: Enrollment, flow: Flow, now: datetime, facts: Facts
) -> Decision | Enrollment:
    """Return what its sequence decides, or the enrollment whose time has really come."""
    is_moving = enrollment.status is Status.ACTIVE
    if is_moving and facts.state.status is SequenceStatus.ACTIVE and not facts.state.holds:
        return enrollment  # as nearly always: there is nothing to heed
    if enrollment.phase in {Phase.SENDING, Phase.UNKNOWN}:
        return enrollment  # what became of a mail is found out first
    reason = holds.ENDED_BY.get(facts.state.status)
    if reason is not None:
        return standing.stopped(enrollment, reason, now)
    since = holds.must_stand(enrollment, facts.state)
    if since is not None:
        asked = PauseAsked(reason=PauseReason.SEQUENCE_PAUSED, since=since)
        decision = standing.pause(enrollment, asked, now)
        return _looked_at_again(decision, now)
    if enrollment.reason == PauseReason.SEQUENCE_PAUSED and not holds.may_go_on(
        enrollment, facts.state
    ):
        return _looked_at_again(Decision(enrollment), now)
    if holds.may_go_on(enrollment, facts.state):
        return standing.resume(enrollment, flow, now, facts, by=None)
    later = holds.caught_up(enrollment, facts.state)
    if later.due_at is not None and later.due_at > now:
        return Decision(later)
    return later


def went_on(enrollment: Enrollment, flow: Flow, now: datetime, facts: Facts) -> Decision:
    """Count in a pause of the sequence that is over."""
    if holds.may_go_on(enrollment, facts.state):
        return standing.resume(enrollment, flow, now, facts, by=None)
    return Decision(holds.caught_up(enrollment, facts.state))


def _looked_at_again(decision: Decision, now: datetime) -> Decision:
    """Whoever goes on is told; should that fail, it shows within a day."""
    after = replace(decision.enrollment, due_at=now + _LOOK_AGAIN_AFTER)
    return replace(decision, enrollment=after)
