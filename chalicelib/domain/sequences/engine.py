"""Signal in, next enrollment and effects out: the one function that moves enrollments.

The runner, the preview and the simulator call the same `decide`. It is pure: it reads no clock and
keeps nothing, so deciding twice gives the same answer. What to do at a step when time comes is in
`walk`; here is what each signal means.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import StepId, UserId
from chalicelib.domain.sequences import walk
from chalicelib.domain.sequences.definition import ConditionStep, EmailStep, Flow
from chalicelib.domain.sequences.effects import CloseTask, Effect, Record, SettleMail
from chalicelib.domain.sequences.enrollment import Enrollment, LastStep, Move, Phase, Status, move
from chalicelib.domain.sequences.signals import (
    ExitReason,
    Heard,
    MailEvent,
    MailHeld,
    MailPostponed,
    MailRefused,
    MailSent,
    MailUnknown,
    PauseAsked,
    PauseReason,
    ResumeAsked,
    SendAsked,
    Signal,
    Stopped,
    TaskDone,
    TaskSkipped,
    TimeCame,
)
from chalicelib.domain.sequences.walk import LOOK_AGAIN_AFTER, Decision, Facts


def decide(
    enrollment: Enrollment, flow: Flow, signal: Signal, now: datetime, facts: Facts
) -> Decision:
    """Return the enrollment after `signal` and what the outside must do.

    Raises `IllegalMoveError` for what a person asked and the state does not allow. What time, mail
    or the CRM bring too late or twice changes nothing instead.
    """
    decision = _decide(enrollment, flow, signal, now, facts)
    return decision.fenced(enrollment)


def _decide(
    enrollment: Enrollment, flow: Flow, signal: Signal, now: datetime, facts: Facts
) -> Decision:
    match signal:
        case TimeCame():
            return _time_came(enrollment, flow, signal, now, facts)
        case TaskDone() | TaskSkipped():
            return _task_closed(enrollment, flow, signal, now, facts)
        case SendAsked():
            return _send_asked(enrollment, signal, now)
        case MailSent():
            return _mail_sent(enrollment, flow, signal, now, facts)
        case MailUnknown() | MailHeld():
            return _mail_to_hand(enrollment, flow, signal, now)
        case MailPostponed():
            return _mail_postponed(enrollment, signal)
        case MailRefused():
            return _mail_refused(enrollment, signal, now)
        case Heard():
            return _heard(enrollment, flow, signal, now, facts)
        case Stopped():
            return _stopped(enrollment, signal.reason, now, by=signal.by)
        case PauseAsked():
            return _pause(enrollment, signal, now)
        case ResumeAsked():
            return _resume(enrollment, flow, now, by=signal.by)
        case _:
            assert_never(signal)


def _time_came(
    enrollment: Enrollment, flow: Flow, signal: TimeCame, now: datetime, facts: Facts
) -> Decision:
    if enrollment.is_over or signal.token != enrollment.token:
        return Decision(enrollment)
    if enrollment.due_at is not None and enrollment.due_at > now:
        return Decision(enrollment)
    if enrollment.status is Status.PAUSED:
        if enrollment.resume_at is not None:
            return _resume(enrollment, flow, now, by=None)
        return Decision(replace(enrollment, due_at=now + LOOK_AGAIN_AFTER))
    match enrollment.phase:
        case Phase.READY:
            return walk.take(enrollment, flow, enrollment.step_id, now, facts)
        case Phase.WAITING:
            return walk.waited(enrollment, flow, now, facts)
        case Phase.ASKED:
            return Decision(replace(enrollment, due_at=now + LOOK_AGAIN_AFTER))
        case Phase.SENDING if enrollment.lease is not None and enrollment.lease.until > now:
            return Decision(enrollment)
        case Phase.SENDING | Phase.UNKNOWN:
            if enrollment.step_id is None:  # pragma: no cover - nothing is sent without a step
                return Decision(enrollment)
            return Decision(enrollment, (SettleMail(step_id=enrollment.step_id),))
        case _:
            assert_never(enrollment.phase)


def _task_closed(
    enrollment: Enrollment,
    flow: Flow,
    signal: TaskDone | TaskSkipped,
    now: datetime,
    facts: Facts,
) -> Decision:
    """Only the current step can be worked (Dynamics 2.6); what follows is armed on completion."""
    is_skip = isinstance(signal, TaskSkipped)
    _insist_on_task(enrollment, signal.step_id, "skip" if is_skip else "complete")
    outcome = None if isinstance(signal, TaskSkipped) else signal.outcome
    state = "skipped" if is_skip else "completed"
    step = flow.by_id()[signal.step_id]
    after = replace(
        enrollment,
        approved_by=None,
        last=LastStep(
            step_id=signal.step_id,
            arrived_at=enrollment.arrived_at,
            done_at=now,
            outcome=outcome,
            is_skipped=is_skip,
        ),
    )
    done = (
        CloseTask(step_id=signal.step_id, state="skipped" if is_skip else "done", outcome=outcome),
        Record(
            step_id=signal.step_id,
            type=walk.type_of(step),
            state=state,
            at=now,
            by=signal.by,
            why=outcome or "",
        ),
    )
    return walk.take(after, flow, walk.next_of(step), now, facts, base=now, done=done)


def _insist_on_task(enrollment: Enrollment, step_id: str, wish: str) -> None:
    is_current = enrollment.step_id == step_id and enrollment.phase is Phase.ASKED
    if not is_current or enrollment.status is not Status.ACTIVE:
        raise IllegalMoveError(
            kind="enrollment", id=enrollment.id, status=enrollment.status, move=wish
        )


def _send_asked(enrollment: Enrollment, signal: SendAsked, now: datetime) -> Decision:
    _insist_on_task(enrollment, signal.step_id, "send")
    return Decision(replace(enrollment, phase=Phase.READY, due_at=now, approved_by=signal.by))


def _mail_sent(
    enrollment: Enrollment, flow: Flow, signal: MailSent, now: datetime, facts: Facts
) -> Decision:
    if enrollment.is_over or enrollment.step_id != signal.step_id:
        return Decision(enrollment)
    step = flow.by_id()[signal.step_id]
    first = enrollment.wire_ids[:1]
    after = replace(
        enrollment,
        lease=None,
        tries=0,
        approved_by=None,
        wire_ids=(*first, signal.wire_id),
        last=LastStep(
            step_id=signal.step_id, arrived_at=enrollment.arrived_at, done_at=signal.sent_at
        ),
    )
    done: tuple[Effect, ...] = (
        *_closing(enrollment, "done"),
        Record(step_id=signal.step_id, type="email", state="sent", at=signal.sent_at),
    )
    if enrollment.status is Status.PAUSED:
        # The mail left while somebody paused: the next step's clock starts on resume.
        later = replace(
            after,
            step_id=walk.next_of(step),
            phase=Phase.READY,
            arrived_at=now,
            has_task=False,
        )
        reached = walk.reached(flow, later.step_id, now)
        return Decision(later, (*done, *reached))
    return walk.take(after, flow, walk.next_of(step), now, facts, base=signal.sent_at, done=done)


def _mail_to_hand(
    enrollment: Enrollment, flow: Flow, signal: MailUnknown | MailHeld, now: datetime
) -> Decision:
    """The mail becomes a draft in the owner's feed, saying why (never a silent failure)."""
    if enrollment.is_over or enrollment.step_id != signal.step_id:
        return Decision(enrollment)
    step = flow.by_id()[signal.step_id]
    why = (
        "perhaps sent: the mail service gave no answer; look before you send it again"
        if isinstance(signal, MailUnknown)
        else signal.why
    )
    after = replace(
        enrollment,
        phase=Phase.ASKED,
        has_task=True,
        lease=None,
        approved_by=None,
        due_at=now + LOOK_AGAIN_AFTER,
        why_then=why,
    )
    ask = replace(
        walk.ask(step, enrollment, flow, now),
        why=why,
        is_reopened=enrollment.has_task,
    )
    return Decision(
        after, (ask, Record(step_id=step.id, type="email", state="held", at=now, why=why))
    )


def _mail_postponed(enrollment: Enrollment, signal: MailPostponed) -> Decision:
    if enrollment.is_over or enrollment.step_id != signal.step_id:
        return Decision(enrollment)
    after = replace(enrollment, phase=Phase.READY, lease=None)
    if enrollment.status is Status.PAUSED:
        return Decision(after)
    return Decision(replace(after, due_at=signal.until, why_then=signal.why))


def _mail_refused(enrollment: Enrollment, signal: MailRefused, now: datetime) -> Decision:
    if enrollment.is_over or enrollment.step_id != signal.step_id:
        return Decision(enrollment)
    after = replace(move(enrollment, Move.FAIL), reason=signal.reason, ended_at=now, lease=None)
    return Decision(
        after,
        (
            *_closing(enrollment, "cancelled"),
            Record(step_id=signal.step_id, type="email", state="failed", at=now, why=signal.reason),
        ),
    )


def _heard(
    enrollment: Enrollment, flow: Flow, signal: Heard, now: datetime, facts: Facts
) -> Decision:
    """A reply answers the condition that asks for it, else it ends the sequence (section 2)."""
    if enrollment.is_over or signal.event is not MailEvent.REPLIED:
        return Decision(enrollment)
    if not signal.is_proven:
        if enrollment.status is not Status.ACTIVE:
            return Decision(enrollment)
        return _pause(enrollment, PauseAsked(reason=PauseReason.UNVERIFIED_REPLY), now)
    noted = Record(step_id=signal.step_id, type="reply", state="received", at=signal.at)
    if enrollment.has_answer:
        return Decision(enrollment, (noted,))
    if _is_awaited(enrollment, flow):
        if enrollment.status is Status.ACTIVE and enrollment.phase is Phase.WAITING:
            return walk.answered(enrollment, flow, now, facts)
        return Decision(enrollment, (noted,))
    if facts.exit_on_reply:
        return _stopped(enrollment, ExitReason.REPLIED, now)
    return Decision(enrollment, (noted,))


def _is_awaited(enrollment: Enrollment, flow: Flow) -> bool:
    """Whether the current step, or the one directly after the current mail, asks for a reply."""
    steps = flow.by_id()
    step = steps.get(enrollment.step_id) if enrollment.step_id else None
    if isinstance(step, EmailStep) and step.next:
        step = steps.get(step.next)
    return isinstance(step, ConditionStep) and walk.asks_for_reply(step)


def _stopped(
    enrollment: Enrollment, reason: ExitReason, now: datetime, *, by: UserId | None = None
) -> Decision:
    if enrollment.is_over:
        return Decision(enrollment)
    after = replace(move(enrollment, Move.EXIT), reason=reason, ended_at=now)
    record = Record(
        step_id=enrollment.step_id, type="exit", state=reason, at=now, by=by, why=reason
    )
    return Decision(after, (*_closing(enrollment, "cancelled"), record))


def _pause(enrollment: Enrollment, signal: PauseAsked, now: datetime) -> Decision:
    after = replace(
        move(enrollment, Move.PAUSE),
        reason=signal.reason,
        paused_at=now,
        resume_at=signal.until,
        due_at=signal.until or now + LOOK_AGAIN_AFTER,
    )
    record = Record(
        step_id=enrollment.step_id,
        type="pause",
        state="paused",
        at=now,
        by=signal.by,
        why=signal.reason,
    )
    return Decision(after, (record,))


def _resume(enrollment: Enrollment, flow: Flow, now: datetime, *, by: UserId | None) -> Decision:
    """Go on where the clocks stood still: everything planned moves by the length of the pause."""
    stood_for = now - (enrollment.paused_at or now)
    planned_at = enrollment.planned_at + stood_for if enrollment.planned_at else None
    step = flow.by_id().get(enrollment.step_id or StepId(""))
    grace = walk.GRACE if isinstance(step, ConditionStep) else timedelta()
    due_at = {
        Phase.WAITING: (planned_at or now) + grace,
        Phase.ASKED: now + LOOK_AGAIN_AFTER,
    }.get(enrollment.phase, now)
    after = replace(
        move(enrollment, Move.RESUME),
        reason=None,
        paused_at=None,
        resume_at=None,
        planned_at=planned_at,
        due_at=due_at,
    )
    record = Record(step_id=enrollment.step_id, type="pause", state="resumed", at=now, by=by)
    return Decision(after, (record,))


def _closing(enrollment: Enrollment, state: str) -> tuple[CloseTask, ...]:
    """Close the task of the current step, if it stands in a feed."""
    if not enrollment.has_task or enrollment.step_id is None:
        return ()
    return (CloseTask(step_id=enrollment.step_id, state=state),)
