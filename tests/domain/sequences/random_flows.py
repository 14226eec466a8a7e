"""Random flows that pass the checks, and random signals for whoever is in them."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from chalicelib.domain.ids import SignalId, StepId, UserId, WireId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    LinkedInAction,
    LinkedInStep,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import (
    ExitReason,
    FailureReason,
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

SALLY = UserId("user-sally")


def _name(at: int) -> StepId:
    return StepId(f"s{at}")


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Draw a flow whose every way leads forward, so that it must end."""
    length = draw(st.integers(1, 8))
    steps: list[Step] = []
    for at in range(length):
        steps.append(_step(draw, at, length, steps[-1] if steps else None))
    steps.append(EndStep(id=_name(length), outcome="done"))
    return Flow(start=_name(0), steps=tuple(steps))


def _step(draw: st.DrawFn, at: int, length: int, before: Step | None) -> Step:
    later = st.integers(at + 1, length).map(_name)
    kinds = ["mail", "draft", "call", "linkedin", "wait"]
    if isinstance(before, EmailStep | ActivityStep) and before.next == _name(at):
        kinds = [*kinds, "condition", "condition", "condition"]
    match draw(st.sampled_from(kinds)):
        case "mail" | "draft" as kind:
            return EmailStep(
                id=_name(at), automatic=kind == "mail", subject="s", body="b", next=_name(at + 1)
            )
        case "call":
            return ActivityStep(id=_name(at), activity_type="call", subject="c", next=_name(at + 1))
        case "linkedin":
            return LinkedInStep(id=_name(at), action=LinkedInAction.CONNECT, next=draw(later))
        case "wait":
            days = draw(st.integers(1, 30))
            return WaitStep(id=_name(at), wait_for=timedelta(days=days), next=draw(later))
        case _:
            is_mail = isinstance(before, EmailStep)
            return ConditionStep(
                id=_name(at),
                on=Asked.REPLIED if is_mail else Asked.ANSWERED,
                of=_name(at - 1),
                within=timedelta(days=draw(st.integers(1, 5))) if is_mail else None,
                at_once=draw(st.booleans()),
                yes=draw(later),
                no=draw(later),
            )


def signals(enrollment: Enrollment, now: datetime, number: int) -> st.SearchStrategy[Signal]:
    """Draw what may happen next: sensible, late, doubled or out of place."""
    step_id = enrollment.step_id or StepId("s0")
    reply = Heard(id=SignalId(f"reply-{number}"), event=MailEvent.REPLIED, step_id=step_id, at=now)
    likely: list[Signal] = [
        TimeCame(token=enrollment.token),
        TaskDone(step_id=step_id, by=SALLY, outcome="answered"),
        TaskDone(step_id=step_id, by=SALLY, outcome="not_answered"),
        MailSent(step_id=step_id, wire_id=WireId(f"w{number}"), sent_at=now),
    ]
    rare: list[Signal] = [
        TimeCame(token=enrollment.token - 1),
        TaskSkipped(step_id=step_id, by=SALLY),
        SendAsked(step_id=step_id, by=SALLY),
        MailHeld(step_id=step_id, why="consent missing"),
        MailUnknown(step_id=step_id),
        MailPostponed(step_id=step_id, until=now + timedelta(minutes=5), why="throttled"),
        MailRefused(step_id=step_id, reason=FailureReason.SEND_REJECTED),
        reply,
        Heard(
            id=SignalId(f"unproven-{number}"),
            event=MailEvent.REPLIED,
            step_id=step_id,
            at=now,
            is_proven=False,
        ),
        Stopped(id=SignalId(f"stop-{number}"), reason=ExitReason.BOUNCED, at=now),
        PauseAsked(reason=PauseReason.MANUAL),
        PauseAsked(reason=PauseReason.MANUAL, until=now + timedelta(days=1)),
        ResumeAsked(by=SALLY),
    ]
    return st.one_of(st.sampled_from(likely), st.sampled_from(rare))
