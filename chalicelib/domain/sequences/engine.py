"""Signal in, next enrollment and effects out: the one function that moves enrollments.

The runner, the preview and the simulator call the same `decide`. It is pure: it reads no clock and
keeps nothing, so deciding twice gives the same answer. What to do at a step when time comes is in
`walk`; here is what each signal means.
"""

from datetime import datetime
from typing import assert_never

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import (
    absences,
    choices,
    conditions,
    handwork,
    heeding,
    mail_fates,
    overdue,
    standing,
    starting,
    steps,
    walk,
)
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import AdvanceStep, ConditionStep, EmailStep, Flow
from chalicelib.domain.sequences.effects import CloseTask, Record, SettleMail
from chalicelib.domain.sequences.enrollment import Enrollment, LastStep, Phase, Status, changed
from chalicelib.domain.sequences.signals import (
    DraftKept,
    ExitReason,
    Heard,
    MailEvent,
    MailHeld,
    MailPostponed,
    MailRefused,
    MailSent,
    MailUnknown,
    OwnerChanged,
    PauseAsked,
    PauseReason,
    ResumeAsked,
    RetryAsked,
    SendAsked,
    SequenceWentOn,
    Signal,
    Stopped,
    TaskDone,
    TaskSkipped,
    TimeCame,
    WaitSkipped,
)
from chalicelib.domain.sequences.walk import LOOK_AGAIN_AFTER, Decision


def decide(
    enrollment: Enrollment, flow: Flow, signal: Signal, now: datetime, facts: Facts
) -> Decision:
    """Return the enrollment after `signal` and what the outside must do.

    Raises `IllegalMoveError` for what a person asked and the state does not allow. What time, mail
    or the CRM bring too late or twice changes nothing instead.
    """
    decision = overdue.watched(_decide(enrollment, flow, signal, now, facts), facts)
    return _announcing(decision.fenced(enrollment), flow, now)


def _announcing(decision: Decision, flow: Flow, now: datetime) -> Decision:
    """Note which mail goes out next, for the feed of the enrollment's owner (PD-SEQ-13)."""
    after = decision.enrollment
    ahead = handwork.mail_ahead(after, flow, now)
    if ahead == after.mail_ahead:
        return decision
    return Decision(changed(after, mail_ahead=ahead), decision.effects)


def _decide(
    enrollment: Enrollment, flow: Flow, signal: Signal, now: datetime, facts: Facts
) -> Decision:
    match signal:
        case TimeCame():
            return _time_came(enrollment, flow, signal, now, facts)
        case TaskDone() | TaskSkipped():
            return _task_closed(enrollment, flow, signal, now, facts)
        case RetryAsked() | DraftKept() | WaitSkipped() | OwnerChanged():
            return handwork.taken(enrollment, flow, signal, now, facts)
        case (
            SendAsked() | MailSent() | MailUnknown() | MailHeld() | MailPostponed() | MailRefused()
        ):
            return mail_fates.taken(enrollment, flow, signal, now, facts)
        case Heard():
            return _heard(enrollment, flow, signal, now, facts)
        case Stopped():
            return standing.stopped(enrollment, signal.reason, now, by=signal.by)
        case SequenceWentOn():
            return heeding.went_on(enrollment, flow, now, facts)
        case PauseAsked():
            return standing.pause(enrollment, signal, now)
        case ResumeAsked():
            return standing.resume(enrollment, flow, now, facts, by=signal.by, mode=signal.mode)
        case _:
            assert_never(signal)


def _time_came(
    enrollment: Enrollment, flow: Flow, signal: TimeCame, now: datetime, facts: Facts
) -> Decision:
    if enrollment.is_over or signal.token != enrollment.token:
        return Decision(enrollment)
    if enrollment.due_at is not None and enrollment.due_at > now:
        return Decision(enrollment)
    heeded = heeding.heeded(enrollment, flow, now, facts)
    if isinstance(heeded, Decision):
        return heeded
    enrollment = heeded
    if enrollment.status is Status.PAUSED:
        if enrollment.resume_at is not None:
            return standing.resume(enrollment, flow, now, facts, by=None)
        return Decision(changed(enrollment, due_at=now + LOOK_AGAIN_AFTER))
    if enrollment.status is Status.PENDING:
        return starting.looked_at(enrollment, now, facts)
    decision = _phase_over(enrollment, flow, now, facts)
    return absences.unless_away(enrollment, decision, now, facts)


def _phase_over(enrollment: Enrollment, flow: Flow, now: datetime, facts: Facts) -> Decision:
    match enrollment.phase:
        case Phase.READY:
            return walk.take(enrollment, flow, enrollment.step_id, now, facts)
        case Phase.WAITING:
            return walk.waited(enrollment, flow, now, facts)
        case Phase.ASKED:
            skip = overdue.skip_or_wait(enrollment, now, facts)
            if isinstance(skip, TaskSkipped):
                return _task_closed(enrollment, flow, skip, now, facts)
            return skip
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
    standing.insist_on_task(enrollment, signal.step_id, "skip" if is_skip else "complete")
    outcome = None if isinstance(signal, TaskSkipped) else signal.outcome
    note = signal.why if isinstance(signal, TaskSkipped) else signal.note
    state = "skipped" if is_skip else "completed"
    step = flow.by_id()[signal.step_id]
    if isinstance(step, ConditionStep | AdvanceStep):
        return choices.chosen(enrollment, step, flow, signal, now, facts)
    after = changed(
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
            type=steps.type_of(step),
            state=state,
            at=now,
            by=signal.by,
            why="; ".join(filter(None, (outcome, note))),
            version=steps.version_of(enrollment, signal.step_id),
        ),
    )
    return walk.take(after, flow, steps.next_of(step), now, facts, base=now, done=done)


def _heard(
    enrollment: Enrollment, flow: Flow, signal: Heard, now: datetime, facts: Facts
) -> Decision:
    """A reply answers the condition that asks for it, else it ends the sequence (section 2)."""
    if enrollment.is_over:
        return Decision(enrollment)
    if signal.event is not MailEvent.REPLIED:
        step = flow.by_id().get(enrollment.step_id or StepId(""))
        is_active = enrollment.status is Status.ACTIVE and enrollment.phase is Phase.WAITING
        if is_active and isinstance(step, ConditionStep):
            return walk.answered(enrollment, flow, now, facts)
        return Decision(enrollment)
    if not signal.is_proven:
        if enrollment.status is not Status.ACTIVE:
            return Decision(enrollment)
        return standing.pause(enrollment, PauseAsked(reason=PauseReason.UNVERIFIED_REPLY), now)
    noted = Record(step_id=signal.step_id, type="reply", state="received", at=signal.at)
    if enrollment.has_answer:
        return Decision(enrollment, (noted,))
    if _awaiting(enrollment, flow) is not None:
        if enrollment.status is Status.ACTIVE:
            return walk.answered(enrollment, flow, now, facts).after(noted)
        return Decision(enrollment, (noted,))
    if facts.exit_on_reply:
        return standing.stopped(enrollment, ExitReason.REPLIED, now).after(noted)
    return Decision(enrollment, (noted,))


def _awaiting(enrollment: Enrollment, flow: Flow) -> ConditionStep | None:
    """Return the condition that a reply would answer: the current one, or that after this mail."""
    step = flow.by_id().get(enrollment.step_id or StepId(""))
    if isinstance(step, EmailStep):
        return conditions.after_mail(step, flow)
    is_asking = isinstance(step, ConditionStep) and conditions.asks_for_reply(step)
    return step if is_asking and isinstance(step, ConditionStep) else None
