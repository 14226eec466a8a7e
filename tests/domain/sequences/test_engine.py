"""What each signal does to an enrollment; the flow is `a_flow`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.items import ItemStatus
from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import SignalId, StepId, UserId, WireId
from chalicelib.domain.sequences.conditions import GRACE, Facts
from chalicelib.domain.sequences.definition import (
    EmailStep,
    EndStep,
    Flow,
    ItemAction,
)
from chalicelib.domain.sequences.effects import (
    AskUser,
    ChangeItem,
    CloseTask,
    Record,
    SendMail,
    SettleMail,
)
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Enrollment, Lease, Phase, Status
from chalicelib.domain.sequences.signals import (
    ExitReason,
    FailureReason,
    Heard,
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
from chalicelib.domain.sequences.walk import Decision
from tests.builders import NOW, a_flow, a_reply, an_enrollment

SALLY = UserId("user-sally")
A1, M2, K1, W1, C1, X1, X2 = (StepId(each) for each in ("a1", "m2", "k1", "w1", "c1", "x1", "x2"))
DAY = timedelta(days=1)
SENT = MailSent(step_id=A1, wire_id=WireId("w-1@ses"), sent_at=NOW)


def after(
    enrollment: Enrollment,
    signal: Signal,
    *,
    later: timedelta = timedelta(),
    heard: Heard | None = None,
) -> Decision:
    facts = Facts(heard=(heard,) if heard else ())
    return decide(enrollment, a_flow(), signal, NOW + later, facts)


def when_sent() -> Enrollment:
    """The first mail is out; its condition waits."""
    return after(an_enrollment(), SENT).enrollment


def at_call() -> Enrollment:
    """Nobody answered the mail, the wait is over, the call stands in the feed."""
    waiting = when_sent()
    no = after(waiting, TimeCame(token=waiting.token), later=2 * DAY + GRACE).enrollment
    return after(no, TimeCame(token=no.token), later=5 * DAY).enrollment


def stop(reason: ExitReason) -> Stopped:
    return Stopped(id=SignalId("stop"), reason=reason, at=NOW)


@pytest.mark.requirement("PD-SEQ-14")
def test_an_automatic_mail_is_sent_when_its_time_comes() -> None:
    decision = after(an_enrollment(), TimeCame(token=1))

    assert SendMail(step_id=A1) in decision.effects
    assert decision.enrollment.step_id == A1


def test_an_old_token_wakes_nobody() -> None:
    enrollment = replace(an_enrollment(), token=7)

    assert after(enrollment, TimeCame(token=6)) == Decision(enrollment)


def test_a_message_that_comes_too_early_changes_nothing() -> None:
    waiting = when_sent()

    assert after(waiting, TimeCame(token=waiting.token)) == Decision(waiting)


def test_a_sent_mail_arms_the_time_limit_of_its_condition() -> None:
    waiting = when_sent()

    assert (waiting.step_id, waiting.phase) == (K1, Phase.WAITING)
    assert waiting.planned_at == NOW + 2 * DAY
    assert waiting.due_at == NOW + 2 * DAY + timedelta(minutes=2)
    assert waiting.wire_ids == ("w-1@ses",)


def test_a_new_instant_has_a_new_token() -> None:
    assert when_sent().token == 2


def test_a_reply_answers_the_condition_that_waits_for_it() -> None:
    decision = after(when_sent(), a_reply(), later=timedelta(hours=1), heard=a_reply())

    assert decision.enrollment.status is Status.COMPLETED
    assert decision.enrollment.outcome == "interested"


def test_a_reply_while_its_mail_is_still_being_sent_answers_the_condition_after_it() -> None:
    sending = replace(an_enrollment(), phase=Phase.SENDING)

    heard = after(sending, a_reply(), later=timedelta(hours=1), heard=a_reply())
    sent = after(heard.enrollment, SENT, later=timedelta(hours=1), heard=a_reply())

    assert heard.enrollment.status is Status.ACTIVE
    assert sent.enrollment.outcome == "interested"


def test_a_reply_after_the_time_limit_is_no_yes_but_ends_the_sequence() -> None:
    late = replace(a_reply(), at=NOW + 2 * DAY + timedelta(seconds=1))
    waiting = when_sent()

    decision = after(waiting, TimeCame(token=waiting.token), later=2 * DAY + GRACE, heard=late)

    assert (decision.enrollment.status, decision.enrollment.reason) == ("exited", "replied")


def test_a_reply_within_the_time_limit_counts_though_it_is_heard_at_its_very_end() -> None:
    waiting = when_sent()

    decision = after(waiting, TimeCame(token=waiting.token), later=2 * DAY + GRACE, heard=a_reply())

    assert decision.enrollment.outcome == "interested"


def test_no_answer_goes_on_by_no_and_the_wait_counts_from_the_limit() -> None:
    waiting = when_sent()

    decision = after(waiting, TimeCame(token=waiting.token), later=2 * DAY + GRACE)

    assert decision.enrollment.step_id == W1
    assert decision.enrollment.planned_at == NOW + 5 * DAY


def test_after_an_outage_the_wait_counts_from_now() -> None:
    waiting = when_sent()

    decision = after(waiting, TimeCame(token=waiting.token), later=4 * DAY)

    assert decision.enrollment.planned_at == NOW + 7 * DAY


def test_a_reply_exits_where_no_condition_asks_for_it() -> None:
    decision = after(at_call(), a_reply(), later=6 * DAY, heard=a_reply())

    assert decision.enrollment.status is Status.EXITED
    assert decision.enrollment.reason == "replied"
    assert CloseTask(step_id=C1, state="cancelled") in decision.effects


def test_a_reply_only_stands_in_the_history_if_the_sequence_goes_on_after_replies() -> None:
    facts = Facts(exit_on_reply=False, heard=(a_reply(),))

    decision = decide(at_call(), a_flow(), a_reply(), NOW + 6 * DAY, facts)

    assert decision.enrollment == at_call()
    assert [each.type for each in decision.effects if isinstance(each, Record)] == ["reply"]


def test_after_an_awaited_answer_later_replies_stop_nothing() -> None:
    answered = replace(at_call(), has_answer=True)

    decision = after(answered, a_reply(), later=6 * DAY, heard=a_reply())

    assert decision.enrollment == answered


def test_a_reply_that_proves_nothing_pauses_until_a_person_decides() -> None:
    unproven = replace(a_reply(), is_proven=False)

    decision = after(when_sent(), unproven, later=timedelta(hours=1), heard=unproven)

    assert decision.enrollment.status is Status.PAUSED
    assert decision.enrollment.reason == "unverified_reply"


def test_an_unproven_reply_does_nothing_to_what_stands_still_already() -> None:
    paused = after(when_sent(), PauseAsked(reason=PauseReason.MANUAL)).enrollment
    unproven = replace(a_reply(), is_proven=False)

    assert after(paused, unproven, heard=unproven) == Decision(paused)


@pytest.mark.requirement("PD-SEQ-07")
def test_a_call_is_asked_of_the_owner_and_needs_an_outcome() -> None:
    waiting = when_sent()
    no = after(waiting, TimeCame(token=waiting.token), later=2 * DAY + GRACE).enrollment

    decision = after(no, TimeCame(token=no.token), later=5 * DAY)

    (task,) = [each for each in decision.effects if isinstance(each, AskUser)]
    assert (task.type, task.assignee_id, task.needs_outcome) == ("call", "user-sally", True)
    assert task.due_at == NOW + 5 * DAY


def test_an_answered_call_goes_on_by_yes() -> None:
    decision = after(at_call(), TaskDone(step_id=C1, by=SALLY, outcome="answered"), later=5 * DAY)

    assert decision.enrollment.outcome == "interested"
    assert CloseTask(step_id=C1, state="done", outcome="answered") in decision.effects


def test_an_unanswered_call_ends_as_the_flow_says() -> None:
    done = TaskDone(step_id=C1, by=SALLY, outcome="not_answered")

    decision = after(at_call(), done, later=5 * DAY)

    assert decision.enrollment.outcome == "disqualified"
    action = ItemAction(set_status=ItemStatus.DISQUALIFIED, reason="no answer")
    assert ChangeItem(action=action) in decision.effects


def test_a_skipped_call_goes_on_by_no() -> None:
    decision = after(at_call(), TaskSkipped(step_id=C1, by=SALLY), later=5 * DAY)

    assert decision.enrollment.outcome == "disqualified"
    assert CloseTask(step_id=C1, state="skipped") in decision.effects


def test_only_the_current_step_can_be_worked() -> None:
    with pytest.raises(IllegalMoveError):
        after(when_sent(), TaskDone(step_id=C1, by=SALLY))


def test_a_paused_enrollments_task_cannot_be_completed() -> None:
    paused = after(at_call(), PauseAsked(reason=PauseReason.MANUAL), later=5 * DAY).enrollment

    with pytest.raises(IllegalMoveError):
        after(paused, TaskDone(step_id=C1, by=SALLY, outcome="answered"), later=5 * DAY)


def test_a_task_that_nobody_does_is_looked_at_every_thirty_days() -> None:
    asked = at_call()

    decision = after(asked, TimeCame(token=asked.token), later=35 * DAY)

    assert decision.enrollment.due_at == NOW + 65 * DAY
    assert decision.effects == ()


@pytest.mark.parametrize("reason", list(ExitReason))
def test_every_reason_ends_the_enrollment(reason: ExitReason) -> None:
    decision = after(when_sent(), stop(reason))

    assert decision.enrollment.status is Status.EXITED
    assert decision.enrollment.reason == reason
    assert decision.enrollment.due_at is None


def test_what_is_over_hears_nothing_more() -> None:
    over = after(when_sent(), stop(ExitReason.BOUNCED)).enrollment

    for signal in (
        TimeCame(token=over.token),
        SENT,
        a_reply(),
        stop(ExitReason.REPLIED),
        MailUnknown(step_id=A1),
        MailPostponed(step_id=A1, until=NOW, why=""),
        MailRefused(step_id=A1, reason=FailureReason.SEND_REJECTED),
    ):
        assert after(over, signal) == Decision(over)


def test_a_pause_freezes_the_clock_and_resuming_moves_the_plan_by_its_length() -> None:
    paused = after(when_sent(), PauseAsked(reason=PauseReason.MANUAL), later=DAY).enrollment

    resumed = after(paused, ResumeAsked(by=SALLY), later=4 * DAY).enrollment

    assert resumed.status is Status.ACTIVE
    assert resumed.planned_at == NOW + 5 * DAY
    assert resumed.due_at == NOW + 5 * DAY + GRACE


def test_a_pause_with_an_end_resumes_by_itself() -> None:
    pause = PauseAsked(reason=PauseReason.MANUAL, until=NOW + 3 * DAY)
    paused = after(when_sent(), pause, later=DAY).enrollment

    resumed = after(paused, TimeCame(token=paused.token), later=3 * DAY).enrollment

    assert resumed.status is Status.ACTIVE


def test_a_pause_without_end_is_looked_at_and_goes_on() -> None:
    paused = after(when_sent(), PauseAsked(reason=PauseReason.MANUAL)).enrollment

    looked_at = after(paused, TimeCame(token=paused.token), later=30 * DAY).enrollment

    assert looked_at.status is Status.PAUSED
    assert looked_at.due_at == NOW + 60 * DAY


def test_a_reply_ends_a_paused_enrollment_too() -> None:
    paused = after(at_call(), PauseAsked(reason=PauseReason.MANUAL), later=5 * DAY).enrollment

    decision = after(paused, a_reply(), later=6 * DAY, heard=a_reply())

    assert decision.enrollment.reason == "replied"


def test_a_mail_that_left_while_somebody_paused_is_recorded_and_nothing_follows_it() -> None:
    sending = replace(an_enrollment(), phase=Phase.SENDING)
    paused = after(sending, PauseAsked(reason=PauseReason.MANUAL)).enrollment

    decision = after(paused, SENT)

    assert (decision.enrollment.status, decision.enrollment.step_id) == (Status.PAUSED, K1)
    assert decision.enrollment.phase is Phase.READY


def test_a_resumed_enrollment_goes_on_behind_the_mail_that_left_meanwhile() -> None:
    sending = replace(an_enrollment(), phase=Phase.SENDING)
    paused = after(sending, PauseAsked(reason=PauseReason.MANUAL)).enrollment
    sent = after(paused, SENT).enrollment
    resumed = after(sent, ResumeAsked(), later=DAY).enrollment

    decision = after(resumed, TimeCame(token=resumed.token), later=DAY)

    assert (decision.enrollment.step_id, decision.enrollment.phase) == (K1, Phase.WAITING)


def test_without_consent_the_mail_waits_as_a_draft_and_says_why() -> None:
    decision = after(an_enrollment(), MailHeld(step_id=A1, why="consent missing"))

    (task,) = [each for each in decision.effects if isinstance(each, AskUser)]
    assert (task.type, task.why, task.is_reopened) == ("email", "consent missing", False)
    assert decision.enrollment.phase is Phase.ASKED


def test_a_draft_is_sent_when_its_user_asks_for_it() -> None:
    held = after(an_enrollment(), MailHeld(step_id=A1, why="consent missing")).enrollment

    asked = after(held, SendAsked(step_id=A1, by=SALLY)).enrollment
    due = after(asked, TimeCame(token=asked.token))

    assert SendMail(step_id=A1) in due.effects
    assert due.enrollment.approved_by == "user-sally"


def test_a_manual_mail_is_a_draft_until_its_user_sends_it() -> None:
    steps = (
        EmailStep(id=A1, subject="s", body="b", next=X1),
        EndStep(id=X1, outcome="done"),
    )
    flow = Flow(start=A1, steps=steps)
    reached = decide(an_enrollment(), flow, TimeCame(token=1), NOW, Facts()).enrollment
    asked = decide(reached, flow, SendAsked(step_id=A1, by=SALLY), NOW, Facts()).enrollment

    sent = decide(asked, flow, SENT, NOW, Facts())

    assert reached.phase is Phase.ASKED
    assert CloseTask(step_id=A1, state="done") in sent.effects
    assert sent.enrollment.outcome == "done"


def test_a_mail_held_again_keeps_what_its_user_wrote() -> None:
    asked = replace(an_enrollment(), approved_by=SALLY, has_task=True)

    decision = after(asked, MailHeld(step_id=A1, why="sender unverified"))

    (task,) = [each for each in decision.effects if isinstance(each, AskUser)]
    assert task.is_reopened


def test_a_mail_that_perhaps_went_out_becomes_a_task() -> None:
    unknown = replace(an_enrollment(), phase=Phase.UNKNOWN)

    decision = after(unknown, MailUnknown(step_id=A1))

    (task,) = [each for each in decision.effects if isinstance(each, AskUser)]
    assert task.why.startswith("perhaps sent")


def test_late_word_of_a_mail_that_perhaps_went_out_closes_its_task() -> None:
    unknown = replace(an_enrollment(), phase=Phase.UNKNOWN)
    asked = after(unknown, MailUnknown(step_id=A1)).enrollment

    decision = after(asked, SENT, later=DAY)

    assert CloseTask(step_id=A1, state="done") in decision.effects
    assert decision.enrollment.step_id == K1


def test_a_postponed_mail_is_tried_at_the_instant_told() -> None:
    until = NOW + timedelta(minutes=15)

    decision = after(an_enrollment(), MailPostponed(step_id=A1, until=until, why="switched off"))

    assert decision.enrollment.due_at == until
    assert decision.enrollment.why_then == "switched off"


def test_a_mail_postponed_while_somebody_paused_waits_for_the_resume() -> None:
    sending = replace(an_enrollment(), phase=Phase.SENDING)
    paused = after(sending, PauseAsked(reason=PauseReason.MANUAL)).enrollment

    decision = after(paused, MailPostponed(step_id=A1, until=NOW, why="throttled"))

    assert decision.enrollment.due_at == paused.due_at
    assert decision.enrollment.phase is Phase.READY


def test_a_refused_mail_fails_the_enrollment_with_its_reason() -> None:
    refused = MailRefused(step_id=A1, reason=FailureReason.NO_RECIPIENT)

    decision = after(an_enrollment(), refused)

    assert decision.enrollment.status is Status.FAILED
    assert decision.enrollment.reason == "no_recipient"


def test_while_a_worker_holds_the_lease_nobody_else_touches_the_mail() -> None:
    lease = Lease(owner="w", until=NOW + timedelta(minutes=2), attempt=1)
    sending = replace(an_enrollment(), phase=Phase.SENDING, lease=lease)

    assert after(sending, TimeCame(token=1)) == Decision(sending)


def test_when_the_lease_has_ended_the_ledger_is_asked() -> None:
    lease = Lease(owner="w", until=NOW - timedelta(seconds=1), attempt=1)
    sending = replace(an_enrollment(), phase=Phase.SENDING, lease=lease)

    assert after(sending, TimeCame(token=1)).effects == (SettleMail(step_id=A1),)


def test_a_flow_that_just_stops_is_completed() -> None:
    flow = Flow(start=A1, steps=(EmailStep(id=A1, automatic=True, subject="s", body="b"),))

    decision = decide(an_enrollment(), flow, SENT, NOW, Facts())

    assert decision.enrollment.outcome == "completed"
