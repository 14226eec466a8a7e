"""When taking a step fails again and again: later, then not at all until a person has looked.

Nothing is tried for ever, nothing fails silently: the fifth failure in a row stops the enrollment
where it stands, says why, and whoever mended the reason resumes it. A worker that was killed says
nothing: when its message comes again, the next try is counted before it is made.
"""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import schedule
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment, Move, Status, changed, move
from chalicelib.domain.sequences.signals import PauseReason
from chalicelib.domain.sequences.walk import LOOK_AGAIN_AFTER, Decision

AGAIN_AFTER: Final = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60))
"""A bad release can be taken back before anybody is parked for it."""
MOST_FAULTS: Final = len(AGAIN_AFTER) + 1
KILLED: Final = "its worker ended without a word (out of time, or of memory)"


def faulted(enrollment: Enrollment, token: int, why: str, now: datetime) -> Decision:
    """Count a failed try of the wake-up `token`; of an old one nothing counts."""
    if enrollment.is_over or token != enrollment.token:
        return Decision(enrollment)
    faults = enrollment.faults + 1
    if faults >= MOST_FAULTS:
        return _parked(enrollment, why, now).fenced(enrollment)
    later = changed(
        enrollment,
        faults=faults,
        due_at=now + AGAIN_AFTER[faults - 1],
        why_then=f"tried again: {why} (failed {faults} of {MOST_FAULTS} times)",
    )
    return Decision(later).fenced(enrollment)


def suspected(enrollment: Enrollment, token: int, now: datetime) -> Decision:
    """Count a try that is about to be made, for the one before may have killed its worker.

    The fifth such try is not made.
    """
    if enrollment.is_over or token != enrollment.token:
        return Decision(enrollment)
    if enrollment.faults + 1 >= MOST_FAULTS:
        return _parked(enrollment, KILLED, now).fenced(enrollment)
    return Decision(changed(enrollment, faults=enrollment.faults + 1))


def tried(enrollment: Enrollment, now: datetime) -> Enrollment:
    """Return an enrollment as its next try takes it: if that goes well, its faults are forgotten.

    If it failed before the try in hand, that is what made it late. It is taken as due now: planned
    anew, as the late are, it would be forgotten before it is tried. One fault proves nothing, for
    after an outage every message comes again; those are planned anew, lest they end in a blast.
    """
    if enrollment.faults > 1:
        return changed(enrollment, faults=0, due_at=now)
    return changed(enrollment, faults=0) if enrollment.faults else enrollment


def acquitted(enrollment: Enrollment, token: int) -> Decision:
    """Take a suspicion back: the try failed with words, which is counted or passes by itself."""
    if enrollment.is_over or token != enrollment.token or not enrollment.faults:
        return Decision(enrollment)
    return Decision(changed(enrollment, faults=enrollment.faults - 1))


def retried(enrollment: Enrollment, now: datetime, *, over: timedelta) -> Decision:
    """Let one that is parked go on by itself, at an instant of its own within `over`.

    Many are retried together when what they failed of was mended: never all at once. One that is
    not parked, or goes on already, stays as it is.
    """
    if not is_parked(enrollment):
        return Decision(enrollment)
    at = now + schedule.jitter(enrollment.id, enrollment.step_id or StepId(""), at_most=over)
    why_then = f"parked, and tried again at {at:%Y-%m-%d %H:%M} UTC"
    after = changed(enrollment, resume_at=at, due_at=at, why_then=why_then)
    return Decision(after).fenced(enrollment)


def is_parked(enrollment: Enrollment) -> bool:
    """Whether it waits for a person because its step failed again and again."""
    return enrollment.reason == PauseReason.PARKED and enrollment.resume_at is None


def _parked(enrollment: Enrollment, why: str, now: datetime) -> Decision:
    """Stand still with the reason; one that stood still already is not resumed by time."""
    paused = enrollment
    if enrollment.status is not Status.PAUSED:
        paused = changed(move(enrollment, Move.PAUSE), paused_at=now)
    after = changed(
        paused,
        reason=PauseReason.PARKED,
        resume_at=None,
        faults=0,
        due_at=now + LOOK_AGAIN_AFTER,
        why_then=f"parked after {MOST_FAULTS} failed tries: {why}; mend that, then resume it",
    )
    record = Record(step_id=enrollment.step_id, type="pause", state="paused", at=now, why="parked")
    return Decision(after, (record,))
