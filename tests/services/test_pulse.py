"""The Pulse feed: what Sally is to do, and what happens when she has done it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import IllegalMoveError, RuleError, StaleWriteError, StateError
from chalicelib.domain.ids import StepId, TaskId
from chalicelib.domain.sequences.definition import EmailStep, Flow
from chalicelib.services import drafts, pulse, working
from chalicelib.services.drafts import Written
from chalicelib.services.pulse import Shown
from chalicelib.services.working import OutcomeRequiredError
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW
from tests.services.runner import SALLY, SEQUENCE, Runner


def feed(runner: Runner) -> list[Shown]:
    return pulse.feed(SALLY, limit=10, cursor=None, due_before=None, bench=runner.bench)[0]


def at_call(runner: Runner) -> TaskId:
    runner.enroll()
    runner.drain()
    runner.wait(timedelta(days=2, minutes=2))
    runner.wait(timedelta(days=3))
    return feed(runner)[0].task.id


def at_draft(runner: Runner) -> TaskId:
    runner.stores.consents.withdraw(SALLY, SEQUENCE)
    runner.enroll()
    runner.drain()
    return feed(runner)[0].task.id


def test_a_call_shows_its_item(runner: Runner) -> None:
    at_call(runner)

    (shown,) = feed(runner)

    assert shown.item is not None
    assert (shown.subject, shown.item.title) == ("Call them", "Acme wants forty chairs")


@pytest.mark.requirement("PD-SEQ-09")
def test_a_drafted_mail_shows_its_rendered_text(runner: Runner) -> None:
    at_draft(runner)

    (shown,) = feed(runner)

    assert shown.subject == "Hello Paula"
    assert shown.body == "<p>We should talk, Paula.</p>"


def test_a_call_that_a_condition_asks_about_needs_an_outcome(runner: Runner) -> None:
    task_id = at_call(runner)

    with pytest.raises(OutcomeRequiredError):
        working.complete(task_id, outcome=None, note=None, by=SALLY, bench=runner.bench)


def test_a_completed_task_leaves_the_feed(runner: Runner) -> None:
    task_id = at_call(runner)

    done = working.complete(task_id, outcome="answered", note=None, by=SALLY, bench=runner.bench)

    assert (done.task.state, done.task.outcome) == ("done", "answered")
    assert feed(runner) == []


def test_a_task_is_worked_once(runner: Runner) -> None:
    task_id = at_call(runner)
    working.skip(task_id, by=SALLY, bench=runner.bench)

    with pytest.raises(StateError):
        working.complete(task_id, outcome="answered", note=None, by=SALLY, bench=runner.bench)


def test_a_snoozed_task_is_due_later(runner: Runner) -> None:
    task_id = at_call(runner)
    until = runner.now() + timedelta(days=1)

    working.snooze(task_id, until=until, bench=runner.bench)

    assert feed(runner)[0].task.due_at == until


def test_nothing_is_snoozed_into_the_past(runner: Runner) -> None:
    task_id = at_call(runner)

    with pytest.raises(RuleError):
        working.snooze(task_id, until=NOW, bench=runner.bench)


def test_a_feed_may_be_cut_at_an_instant(runner: Runner) -> None:
    at_call(runner)

    tasks, _ = pulse.feed(SALLY, limit=10, cursor=None, due_before=NOW, bench=runner.bench)

    assert tasks == []


@pytest.mark.requirement("PD-SEQ-12")
def test_what_a_user_wrote_into_a_draft_is_what_is_sent(runner: Runner) -> None:
    task_id = at_draft(runner)
    drafts.edit(task_id, Written(subject="Edited"), bench=runner.bench)

    drafts.send(task_id, Written(body="<p>Mine</p>"), by=SALLY, bench=runner.bench)
    runner.drain()

    (mail,) = runner.doubles.mailer.sent
    assert b"Subject: Edited" in mail.mime
    assert b"<p>Mine</p>" in mail.mime


def test_a_call_cannot_be_sent(runner: Runner) -> None:
    task_id = at_call(runner)

    with pytest.raises(StateError):
        drafts.send(task_id, Written(), by=SALLY, bench=runner.bench)


def test_a_closed_draft_can_no_longer_be_edited(runner: Runner) -> None:
    task_id = at_draft(runner)
    open_task = runner.stores.tasks.get(task_id)
    working.skip(task_id, by=SALLY, bench=runner.bench)

    with pytest.raises(StaleWriteError), Transaction() as tx:
        runner.stores.tasks.edit(tx, replace(open_task, subject="too late"))


def with_a_gap(runner: Runner) -> TaskId:
    mail = EmailStep(id=StepId("m1"), subject="Hello {{ person.nickname }}", body="<p>Hi</p>")
    runner.publish_next(Flow(start=StepId("m1"), steps=(mail,)))
    runner.enroll()
    runner.drain()
    return feed(runner)[0].task.id


def test_a_draft_with_a_gap_names_it_and_cannot_be_sent(runner: Runner) -> None:
    task_id = with_a_gap(runner)

    with pytest.raises(RuleError) as refusal:
        drafts.send(task_id, Written(), by=SALLY, bench=runner.bench)

    assert feed(runner)[0].missing == ("person.nickname",)
    assert [each.path for each in refusal.value.problems] == ["$.subject"]
    assert runner.doubles.mailer.sent == []


def test_a_draft_whose_gap_was_filled_by_hand_is_sent(runner: Runner) -> None:
    task_id = with_a_gap(runner)

    drafts.send(task_id, Written(subject="Hello Polly"), by=SALLY, bench=runner.bench)
    runner.drain()

    assert b"Subject: Hello Polly" in runner.doubles.mailer.sent[0].mime


def test_a_refused_send_leaves_the_draft_as_it_was(runner: Runner) -> None:
    task_id = at_draft(runner)
    drafts.send(task_id, Written(), by=SALLY, bench=runner.bench)

    with pytest.raises(IllegalMoveError):
        drafts.send(task_id, Written(subject="Too late"), by=SALLY, bench=runner.bench)

    assert feed(runner)[0].subject == "Hello Paula"


def test_a_draft_that_is_being_sent_can_no_longer_be_edited(runner: Runner) -> None:
    task_id = at_draft(runner)
    drafts.send(task_id, Written(), by=SALLY, bench=runner.bench)

    with pytest.raises(StateError):
        drafts.edit(task_id, Written(subject="Too late"), bench=runner.bench)


def test_an_emptied_draft_stays_empty_and_cannot_be_sent_without_a_subject(
    runner: Runner,
) -> None:
    task_id = at_draft(runner)
    drafts.edit(task_id, Written(subject="", body=""), bench=runner.bench)

    assert feed(runner)[0].subject == ""
    with pytest.raises(RuleError):
        drafts.send(task_id, Written(), by=SALLY, bench=runner.bench)


def test_an_outcome_that_no_condition_knows_is_refused(runner: Runner) -> None:
    task_id = at_call(runner)

    with pytest.raises(RuleError) as refusal:
        working.complete(task_id, outcome="anwsered", note=None, by=SALLY, bench=runner.bench)

    assert refusal.value.problems[0].code == "unknown_outcome"


def test_what_was_noted_of_a_call_stands_in_the_history(runner: Runner) -> None:
    task_id = at_call(runner)
    enrollment_id = runner.stores.tasks.get(task_id).enrollment_id

    working.complete(
        task_id, outcome="answered", note="meets us on Monday", by=SALLY, bench=runner.bench
    )

    lines = runner.stores.enrollments.history(enrollment_id)
    assert "answered; meets us on Monday" in [line.why for line in lines]
