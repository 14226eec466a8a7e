"""What a person may do to an enrollment besides working its task.

A wait is passed over, the rest is handed to another user, a mail that waits for its hour is edited,
a mail that was held is let go by itself again.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import standing, steps, walk
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import EmailStep, Flow, WaitStep
from chalicelib.domain.sequences.effects import CloseTask, Record
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.signals import DraftKept, OwnerChanged, RetryAsked, WaitSkipped
from chalicelib.domain.sequences.walk import Decision

Wish = RetryAsked | DraftKept | WaitSkipped | OwnerChanged


def taken(enrollment: Enrollment, flow: Flow, wish: Wish, now: datetime, facts: Facts) -> Decision:
    """Decide on what a person wishes; raises IllegalMoveError where the state does not allow it."""
    match wish:
        case RetryAsked():
            return retry_asked(enrollment, flow, wish, now)
        case DraftKept():
            return draft_kept(enrollment, wish)
        case WaitSkipped():
            return wait_skipped(enrollment, flow, wish, now, facts)
        case OwnerChanged():
            return owner_changed(enrollment, wish, now)
        case _:
            assert_never(wish)


def wait_skipped(
    enrollment: Enrollment, flow: Flow, signal: WaitSkipped, now: datetime, facts: Facts
) -> Decision:
    """Go on at once from a wait, or send a mail that waits for its hour (Dynamics, M19).

    The gates are asked all the same: a send window holds a mail back again.
    """
    step = flow.by_id().get(enrollment.step_id or StepId(""))
    match step:
        case WaitStep() if _is_active(enrollment, Phase.WAITING):
            record = _line(step.id, "wait", "skipped", now, signal)
            return walk.take(enrollment, flow, step.next, now, facts, base=now, done=(record,))
        case EmailStep() if _is_active(enrollment, Phase.READY) and _is_ahead(enrollment, now):
            sooner = replace(
                enrollment, due_at=now, planned_at=now, why_then="at once: its wait was skipped"
            )
            return Decision(sooner, (_line(step.id, "email", "hurried", now, signal),))
        case _:
            raise _illegal(enrollment, "skip the wait of")


def owner_changed(enrollment: Enrollment, signal: OwnerChanged, now: datetime) -> Decision:
    """Hand what is still to come to another user; the task that stands open stays (M20)."""
    if enrollment.is_over:
        raise _illegal(enrollment, "assign")
    if signal.owner_id == enrollment.owner_id:
        return Decision(enrollment)
    record = Record(
        step_id=enrollment.step_id,
        type="owner",
        state="changed",
        at=now,
        by=signal.by,
        why=f"from {enrollment.owner_id} to {signal.owner_id}",
    )
    return Decision(replace(enrollment, owner_id=signal.owner_id), (record,))


def draft_kept(enrollment: Enrollment, signal: DraftKept) -> Decision:
    """A user wrote into a mail that goes out by itself: what they wrote is what goes out."""
    if enrollment.mail_ahead != signal.step_id:
        raise _illegal(enrollment, "edit the mail of")
    return Decision(replace(enrollment, edited=signal.step_id))


def retry_asked(enrollment: Enrollment, flow: Flow, signal: RetryAsked, now: datetime) -> Decision:
    """Let a mail that was held go out by itself after all: what held it is mended."""
    standing.insist_on_task(enrollment, signal.step_id, "retry")
    step = flow.by_id()[signal.step_id]
    if not isinstance(step, EmailStep) or not step.automatic:
        raise _illegal(enrollment, "retry")
    ready = replace(
        enrollment,
        phase=Phase.READY,
        has_task=False,
        planned_at=now,
        due_at=now,
        why_then="at once: somebody asked to try again",
        # What its user wrote into the task goes out with it; said even where nothing was, for
        # somebody may write this very moment, and a write to the task is no business of the head.
        edited=signal.step_id,
    )
    closing = CloseTask(step_id=signal.step_id, state="cancelled")
    return Decision(ready, (closing, _line(signal.step_id, "email", "retried", now, signal)))


def mail_ahead(enrollment: Enrollment, flow: Flow, now: datetime) -> StepId | None:
    """Return the step of the automatic mail that goes out next if nothing happens (PD-SEQ-13)."""
    if enrollment.status is not Status.ACTIVE or enrollment.due_at is None:
        return None
    if enrollment.phase is Phase.ASKED:
        return None
    step_by_id = flow.by_id()
    step = step_by_id.get(enrollment.step_id or StepId(""))
    match step:
        case EmailStep(automatic=True) if _is_active(enrollment, Phase.READY):
            return step.id if _is_ahead(enrollment, now) else None
        case WaitStep() if _is_active(enrollment, Phase.WAITING):
            following = step_by_id.get(steps.next_of(step) or StepId(""))
            is_mail = isinstance(following, EmailStep) and following.automatic
            return following.id if is_mail and following else None
        case _:
            return None


def _is_active(enrollment: Enrollment, phase: Phase) -> bool:
    return enrollment.status is Status.ACTIVE and enrollment.phase is phase


def _is_ahead(enrollment: Enrollment, now: datetime) -> bool:
    return enrollment.due_at is not None and enrollment.due_at > now


def _line(
    step_id: StepId, kind: str, state: str, now: datetime, signal: WaitSkipped | RetryAsked
) -> Record:
    return Record(step_id=step_id, type=kind, state=state, at=now, by=signal.by)


def _illegal(enrollment: Enrollment, wish: str) -> IllegalMoveError:
    return IllegalMoveError(
        kind="enrollment", id=enrollment.id, status=enrollment.status, move=wish
    )
