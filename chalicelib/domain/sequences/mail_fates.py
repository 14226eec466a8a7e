"""What became of a mail, and what that means for its enrollment."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import standing, steps, walk
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import EmailStep, Flow
from chalicelib.domain.sequences.effects import Effect, Record
from chalicelib.domain.sequences.enrollment import (
    Enrollment,
    LastStep,
    Move,
    Phase,
    Status,
    changed,
    move,
)
from chalicelib.domain.sequences.signals import (
    MailHeld,
    MailPostponed,
    MailRefused,
    MailSent,
    MailUnknown,
    SendAsked,
)
from chalicelib.domain.sequences.walk import LOOK_AGAIN_AFTER, Decision

Told = SendAsked | MailSent | MailUnknown | MailHeld | MailPostponed | MailRefused


def taken(
    enrollment: Enrollment, flow: Flow, signal: Told, now: datetime, facts: Facts
) -> Decision:
    """Decide on word about a mail."""
    match signal:
        case SendAsked():
            return send_asked(enrollment, signal, now)
        case MailSent():
            return sent(enrollment, flow, signal, now, facts)
        case MailUnknown() | MailHeld():
            return to_hand(enrollment, flow, signal, now)
        case MailPostponed():
            return postponed(enrollment, flow, signal)
        case MailRefused():
            return refused(enrollment, flow, signal, now, facts)
        case _:
            assert_never(signal)


def send_asked(enrollment: Enrollment, signal: SendAsked, now: datetime) -> Decision:
    """A person wants the draft to go out: the step is ready, whoever may send."""
    standing.insist_on_task(enrollment, signal.step_id, "send")
    return Decision(changed(enrollment, phase=Phase.READY, due_at=now, approved_by=signal.by))


def sent(
    enrollment: Enrollment, flow: Flow, signal: MailSent, now: datetime, facts: Facts
) -> Decision:
    """The mail is out: what follows counts from that instant."""
    if not _is_current_mail(enrollment, flow, signal.step_id):
        return Decision(enrollment)
    step = flow.by_id()[signal.step_id]
    first, first_step = enrollment.wire_ids[:1], enrollment.wire_steps[:1]
    has_both = len(first) == len(first_step)
    after = changed(
        enrollment,
        lease=None,
        tries=0,
        approved_by=None,
        wire_ids=(*first, signal.wire_id),
        wire_steps=(*first_step, signal.step_id) if has_both else (),
        last=LastStep(
            step_id=signal.step_id, arrived_at=enrollment.arrived_at, done_at=signal.sent_at
        ),
    )
    done: tuple[Effect, ...] = (
        *standing.closing(enrollment, "done"),
        Record(
            step_id=signal.step_id,
            type="email",
            state="sent",
            at=signal.sent_at,
            version=steps.version_of(enrollment, signal.step_id),
        ),
    )
    if enrollment.status is Status.PAUSED:
        # The mail left while somebody paused: the next step's clock starts on resume.
        later = walk.arrived(after, steps.next_of(step), now)
        reached = steps.reached(flow, later.step_id, now)
        return Decision(later, (*done, *reached))
    return walk.take(after, flow, steps.next_of(step), now, facts, base=signal.sent_at, done=done)


def to_hand(
    enrollment: Enrollment, flow: Flow, signal: MailUnknown | MailHeld, now: datetime
) -> Decision:
    """The mail becomes a draft in the owner's feed, saying why (never a silent failure)."""
    if not _is_current_mail(enrollment, flow, signal.step_id):
        return Decision(enrollment)
    step = flow.by_id()[signal.step_id]
    why = (
        "perhaps sent: the mail service gave no answer; look before you send it again"
        if isinstance(signal, MailUnknown)
        else signal.why
    )
    after = changed(
        enrollment,
        phase=Phase.ASKED,
        has_task=True,
        lease=None,
        approved_by=None,
        why_then=why,
    )
    if enrollment.status is not Status.PAUSED:  # else `due_at` says when the pause ends
        after = changed(after, due_at=now + LOOK_AGAIN_AFTER)
    ask = replace(
        steps.ask(step, enrollment, flow, now),
        why=why,
        is_reopened=enrollment.has_task,
    )
    return Decision(
        after, (ask, Record(step_id=step.id, type="email", state="held", at=now, why=why))
    )


def postponed(enrollment: Enrollment, flow: Flow, signal: MailPostponed) -> Decision:
    """The same mail will do later; while somebody paused, the resume says when."""
    if not _is_current_mail(enrollment, flow, signal.step_id):
        return Decision(enrollment)
    after = changed(enrollment, phase=Phase.READY, lease=None)
    if enrollment.status is Status.PAUSED:
        return Decision(after)
    return Decision(changed(after, due_at=signal.until, why_then=signal.why))


def refused(
    enrollment: Enrollment, flow: Flow, signal: MailRefused, now: datetime, facts: Facts
) -> Decision:
    """The mail can never go out, and the flow cannot go on without it.

    Where the author wants it, it becomes a draft instead: a person mends it, or skips the step.
    """
    if not _is_current_mail(enrollment, flow, signal.step_id):
        return Decision(enrollment)
    if facts.failed_to_manual:
        why = f"{signal.reason}: {signal.why}" if signal.why else signal.reason
        return to_hand(enrollment, flow, MailHeld(step_id=signal.step_id, why=why), now)
    after = changed(
        move(enrollment, Move.FAIL), reason=signal.reason, ended_at=now, lease=None, why_then=""
    )
    return Decision(
        after,
        (
            *standing.closing(enrollment, "cancelled"),
            Record(
                step_id=signal.step_id,
                type="email",
                state="failed",
                at=now,
                why=signal.why or signal.reason,
                reason=signal.reason,
                version=steps.version_of(enrollment, signal.step_id),
            ),
        ),
    )


def _is_current_mail(enrollment: Enrollment, flow: Flow, step_id: StepId) -> bool:
    """Whether the enrollment still stands at this mail; word about any other comes too late."""
    if enrollment.is_over or enrollment.step_id != step_id:
        return False
    return isinstance(flow.by_id().get(step_id), EmailStep)
