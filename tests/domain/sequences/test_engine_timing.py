"""Replies and refusals that come at the wrong moment: before a mail, during a pause."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
)
from chalicelib.domain.sequences.effects import (
    SendMail,
)
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Phase, Status
from chalicelib.domain.sequences.signals import (
    FailureReason,
    MailRefused,
    PauseAsked,
    PauseReason,
    ResumeAsked,
    TimeCame,
)
from tests.builders import NOW, a_reply, an_enrollment
from tests.domain.sequences.test_engine import A1, DAY, K1, M2, SENT, X1, X2, after, when_sent


def two_mails() -> Flow:
    """A mail, at once another, and whether that was answered."""
    steps = (
        EmailStep(id=A1, automatic=True, subject="s", body="b", next=M2),
        EmailStep(id=M2, automatic=True, subject="s", body="b", next=K1),
        ConditionStep(id=K1, on=Asked.REPLIED, of=M2, within=timedelta(days=1), yes=X1, no=X2),
        EndStep(id=X1, outcome="interested"),
        EndStep(id=X2, outcome="silent"),
    )
    return Flow(start=A1, steps=steps)


def test_a_reply_before_the_mail_that_a_condition_asks_about_keeps_that_mail_back() -> None:
    flow = two_mails()
    ready = decide(an_enrollment(), flow, SENT, NOW, Facts()).enrollment

    facts = Facts(heard=(a_reply(),))
    decision = decide(ready, flow, a_reply(), NOW + timedelta(hours=1), facts)

    assert decision.enrollment.outcome == "interested"
    assert not [each for each in decision.effects if isinstance(each, SendMail)]


def test_a_reply_during_a_pause_keeps_the_next_mail_back_after_the_resume() -> None:
    flow = two_mails()
    ready = decide(an_enrollment(), flow, SENT, NOW, Facts()).enrollment
    pause = PauseAsked(reason=PauseReason.MANUAL)
    paused = decide(ready, flow, pause, NOW, Facts()).enrollment
    heard = Facts(heard=(a_reply(),))
    noted = decide(paused, flow, a_reply(), NOW + timedelta(hours=1), heard).enrollment
    resumed = decide(noted, flow, ResumeAsked(), NOW + DAY, heard).enrollment

    decision = decide(resumed, flow, TimeCame(token=resumed.token), NOW + DAY, heard)

    assert noted.status is Status.PAUSED
    assert decision.enrollment.outcome == "interested"
    assert not [each for each in decision.effects if isinstance(each, SendMail)]


def test_a_reply_during_a_pause_answers_its_condition_at_the_resume() -> None:
    paused = after(when_sent(), PauseAsked(reason=PauseReason.MANUAL)).enrollment
    noted = after(paused, a_reply(), later=timedelta(hours=1), heard=a_reply()).enrollment

    resumed = after(noted, ResumeAsked(), later=DAY, heard=a_reply()).enrollment
    decision = after(resumed, TimeCame(token=resumed.token), later=DAY, heard=a_reply())

    assert decision.enrollment.outcome == "interested"


def test_a_mail_refused_while_somebody_paused_fails_the_enrollment() -> None:
    sending = replace(an_enrollment(), phase=Phase.SENDING)
    paused = after(sending, PauseAsked(reason=PauseReason.MANUAL)).enrollment

    decision = after(paused, MailRefused(step_id=A1, reason=FailureReason.SEND_REJECTED))

    assert decision.enrollment.status is Status.FAILED


def test_an_automatic_mail_may_be_due_some_time_after_its_step_is_reached() -> None:
    mail = EmailStep(id=A1, automatic=True, subject="s", body="b", due_in=DAY)
    flow = Flow(start=A1, steps=(mail,))

    early = decide(an_enrollment(), flow, TimeCame(token=1), NOW, Facts())
    token = early.enrollment.token
    in_time = decide(early.enrollment, flow, TimeCame(token=token), NOW + DAY, Facts())

    assert early.effects == ()
    assert early.enrollment.due_at == NOW + DAY
    assert in_time.effects == (SendMail(step_id=A1),)
