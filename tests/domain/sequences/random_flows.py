"""Random flows that pass the checks, and random signals for whoever is in them."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from chalicelib.domain.crm.comparisons import Operator
from chalicelib.domain.ids import SequenceId, SignalId, StepId, UserId, WireId
from chalicelib.domain.sequences.ab_tests import MailVersion
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    LinkedInAction,
    LinkedInStep,
    Step,
    UpdateFieldStep,
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
TARGETS = (SequenceId("open"), SequenceId("closed"))
RESULTS = (
    (Asked.REPLIED, Asked.OPENED),
    (Asked.CLICKED, Asked.OPENED),
    (Asked.OPENED,),
    (Asked.REPLIED, Asked.CLICKED),
)


def _name(at: int) -> StepId:
    return StepId(f"s{at}")


@st.composite
def flows(draw: st.DrawFn, *, is_rich: bool = False) -> Flow:
    """Draw a flow whose every way leads forward, so that it must end.

    A rich one has everything that Dynamics knows: tests, commands, questions about the item.
    """
    length = draw(st.integers(1, 8))
    steps: list[Step] = []
    for at in range(length):
        before = steps[-1] if steps else None
        if is_rich and draw(st.booleans()):
            steps.append(_rich_step(draw, at, length, before))
        else:
            steps.append(_step(draw, at, length, before))
    steps.append(EndStep(id=_name(length), outcome="done"))
    return Flow(start=_name(0), steps=tuple(steps))


def _rich_step(draw: st.DrawFn, at: int, length: int, before: Step | None) -> Step:
    later = st.integers(at + 1, length).map(_name)
    yes, no = draw(later), draw(later)
    kinds = ["test", "field", "stage", "update", "advance"]
    if isinstance(before, EmailStep) and before.next == _name(at):
        kinds = [*kinds, "results", "results"]
    match draw(st.sampled_from(kinds)):
        case "test":
            one, two = (MailVersion(subject=each, body="b") for each in "12")
            is_automatic = draw(st.booleans())
            return AbTestStep(
                id=_name(at), automatic=is_automatic, a=one, b=two, next=_name(at + 1)
            )
        case "field" | "stage" as kind:
            return _about_item(draw, at, kind, yes, no)
        case "update":
            value = draw(st.sampled_from(["big", "small", "x" * 300]))
            return UpdateFieldStep(id=_name(at), field="segment", value=value, next=yes)
        case "advance" if at:
            return AdvanceStep(id=_name(at), sequence_id=draw(st.sampled_from(TARGETS)))
        case "results":
            return ConditionStep(
                id=_name(at),
                on=draw(st.sampled_from([Asked.ANY_OF, Asked.ALL_OF])),
                of=_name(at - 1),
                results=draw(st.sampled_from(RESULTS)),
                within=timedelta(days=draw(st.integers(1, 5))),
                at_once=draw(st.booleans()),
                yes=yes,
                no=no,
            )
        case _:
            return LinkedInStep(id=_name(at), action=LinkedInAction.INMAIL, next=yes)


def _about_item(draw: st.DrawFn, at: int, kind: str, yes: StepId, no: StepId) -> Step:
    if kind == "stage":
        return ConditionStep(id=_name(at), on=Asked.STAGE, stages=("Offer",), yes=yes, no=no)
    return ConditionStep(
        id=_name(at),
        on=Asked.FIELD,
        field=draw(st.sampled_from(["segment", "title", "person.country"])),
        operator=Operator.EQUALS,
        value=draw(st.sampled_from(["big", "small"])),
        yes=yes,
        no=no,
    )


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
        TaskDone(step_id=step_id, by=SALLY, outcome="yes"),
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
        replace(reply, id=SignalId(f"open-{number}"), event=MailEvent.OPENED),
        replace(reply, id=SignalId(f"click-{number}"), event=MailEvent.CLICKED),
        replace(reply, id=SignalId(f"bot-{number}"), event=MailEvent.OPENED, is_machine=True),
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
