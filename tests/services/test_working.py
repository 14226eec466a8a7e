"""What people do with their feed and with enrollments: hand on, hurry, edit, try again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.users import Consent, User
from chalicelib.domain.errors import IllegalMoveError, MissingError, RuleError, StateError
from chalicelib.domain.ids import StepId, TaskId, UserId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    EmailStep,
    Flow,
    WaitStep,
)
from chalicelib.domain.sequences.enrollment import Phase
from chalicelib.domain.sequences.signals import PauseAsked, PauseReason
from chalicelib.services import bulk_work, drafts, pulse, steering, up_next, working
from chalicelib.services.bulk_work import Bulk, Work
from chalicelib.services.drafts import Written
from chalicelib.services.pulse import Shown, Wanted
from tests.builders import NOW, a_user
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

DAY = timedelta(days=1)
NORA = UserId("user-nora")
MAIL = StepId("mail")
WAITING_MAIL = Flow(
    start=StepId("wait"),
    steps=(
        WaitStep(id=StepId("wait"), wait_for=2 * DAY, next=MAIL),
        EmailStep(
            id=MAIL,
            automatic=True,
            subject="Chairs, {{ person.first_name }}",
            body="<p>Shall we talk?</p>",
            next=StepId("call"),
        ),
        ActivityStep(id=StepId("call"), activity_type="call", subject="Call them"),
    ),
)


def a_colleague() -> User:
    return replace(
        a_user(),
        id=NORA,
        name="Nora New",
        email="nora@northwind.test",
        confirmed_addresses=(),
    )


@pytest.fixture
def waiting(runner: Runner) -> Runner:
    """Give a runner whose lead waits two days for an automatic mail."""
    runner.publish_next(WAITING_MAIL)
    runner.stores.users.save(a_colleague())
    runner.enroll()
    runner.drain()
    return runner


def feed(runner: Runner, of: UserId = SALLY, wanted: Wanted | None = None) -> list[Shown]:
    return pulse.feed(
        of, limit=10, cursor=None, due_before=None, wanted=wanted, bench=runner.bench
    )[0]


def sent(runner: Runner) -> list[str]:
    return [each.mime.decode() for each in runner.doubles.mailer.sent]


@pytest.mark.requirement("PD-SEQ-13")
def test_a_mail_that_goes_out_by_itself_is_announced_in_its_owners_feed(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    assert (entry.task.type, entry.task.is_actionable) == ("automatic_email", False)
    assert (entry.subject, entry.recipients) == ("Chairs, Paula", ("paula@acme.test",))
    assert entry.task.due_at == NOW + 2 * DAY


def test_the_announcement_is_gone_once_the_mail_is_out(waiting: Runner) -> None:
    waiting.wait(2 * DAY)

    assert [entry.task.type for entry in feed(waiting)] == ["call"]
    assert len(sent(waiting)) == 1


def test_a_paused_enrollment_announces_nothing(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    waiting.take(entry.task.enrollment_id, PauseAsked(reason=PauseReason.MANUAL))

    assert feed(waiting) == []


@pytest.mark.requirement("PD-SEQ-12")
def test_an_automatic_mail_goes_out_as_its_user_edited_it(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    drafts.edit(
        entry.task.id,
        Written(subject="Benches", to=("Boss@acme.test",)),
        bench=waiting.bench,
    )
    (edited,) = feed(waiting)
    waiting.wait(2 * DAY)

    assert (edited.subject, edited.recipients) == ("Benches", ("boss@acme.test",))
    (mail,) = sent(waiting)
    assert "Subject: Benches" in mail
    assert "To: boss@acme.test" in mail


def test_merge_fields_that_a_user_writes_into_a_mail_are_filled_in(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    drafts.edit(
        entry.task.id,
        Written(subject="Benches, {{ person.first_name }}", body="<p>{{ item.title }}</p>"),
        bench=waiting.bench,
    )
    waiting.wait(2 * DAY)

    (mail,) = sent(waiting)
    assert "Subject: Benches, Paula" in mail
    assert "{{" not in mail


def test_an_automatic_mail_with_a_gap_is_not_kept(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    with pytest.raises(RuleError) as refusal:
        drafts.edit(entry.task.id, Written(subject="Hi {{ person.nickname }}"), bench=waiting.bench)

    assert [each.code for each in refusal.value.problems] == ["missing_variable"]
    assert feed(waiting)[0].subject == "Chairs, Paula"


def test_an_edit_survives_that_the_mail_is_held(waiting: Runner) -> None:
    (entry,) = feed(waiting)
    drafts.edit(entry.task.id, Written(subject="Benches"), bench=waiting.bench)
    waiting.stores.consents.withdraw(SALLY, SEQUENCE)

    waiting.wait(2 * DAY)

    (held,) = feed(waiting)
    assert (held.task.type, held.task.is_actionable, held.subject) == ("email", True, "Benches")


def test_a_held_mail_goes_out_by_itself_once_what_held_it_is_mended(waiting: Runner) -> None:
    waiting.stores.consents.withdraw(SALLY, SEQUENCE)
    waiting.wait(2 * DAY)
    (held,) = feed(waiting)
    waiting.stores.consents.give(Consent(user_id=SALLY, sequence_id=SEQUENCE, given_at=NOW))

    working.retry(held.task.id, by=SALLY, bench=waiting.bench)
    waiting.drain()

    assert len(sent(waiting)) == 1
    assert [entry.task.type for entry in feed(waiting)] == ["call"]


def test_only_a_held_automatic_mail_can_be_tried_again(waiting: Runner) -> None:
    waiting.wait(2 * DAY)
    (call,) = feed(waiting)

    with pytest.raises(IllegalMoveError):
        working.retry(call.task.id, by=SALLY, bench=waiting.bench)


def test_a_mail_ahead_cannot_be_completed(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    with pytest.raises(StateError):
        working.skip(entry.task.id, by=SALLY, bench=waiting.bench)


def test_a_draft_is_tried_on_oneself_alone(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    drafts.try_out(entry.task.id, by=SALLY, bench=waiting.bench)

    (mail,) = waiting.doubles.notifier.sent
    assert b"To: sally@northwind.test" in mail.mime
    assert b"Subject: [Test] Chairs, Paula" in mail.mime
    assert sent(waiting) == []
    assert waiting.head(entry.task.enrollment_id).phase is Phase.WAITING


def test_what_is_no_mail_cannot_be_edited(waiting: Runner) -> None:
    waiting.wait(2 * DAY)
    (call,) = feed(waiting)

    with pytest.raises(RuleError) as refusal:
        drafts.edit(call.task.id, Written(subject="Benches"), bench=waiting.bench)

    assert [each.code for each in refusal.value.problems] == ["not_a_mail"]


def test_every_wrong_address_of_a_draft_is_told_at_once(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    with pytest.raises(RuleError) as refusal:
        drafts.edit(
            entry.task.id,
            Written(to=("nobody", "x@acme.test"), sender="stranger@else.test"),
            bench=waiting.bench,
        )

    assert [each.path for each in refusal.value.problems] == ["$.to[0]", "$.from"]


def test_a_wait_is_skipped(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    steering.skip_wait(entry.task.enrollment_id, by=SALLY, bench=waiting.bench)
    waiting.drain()

    assert len(sent(waiting)) == 1


def test_a_task_is_no_wait_to_skip(waiting: Runner) -> None:
    waiting.wait(2 * DAY)
    (call,) = feed(waiting)

    with pytest.raises(IllegalMoveError):
        steering.skip_wait(call.task.enrollment_id, by=SALLY, bench=waiting.bench)


def test_steps_to_come_go_to_the_new_owner_and_the_open_task_stays(waiting: Runner) -> None:
    (entry,) = feed(waiting)
    waiting.wait(2 * DAY)

    steering.assign(entry.task.enrollment_id, user_id=NORA, by=SALLY, bench=waiting.bench)

    assert [each.task.type for each in feed(waiting)] == ["call"]
    assert feed(waiting, of=NORA) == []
    assert waiting.head(entry.task.enrollment_id).owner_id == NORA


def test_a_mail_ahead_moves_to_the_new_owners_feed(waiting: Runner) -> None:
    (entry,) = feed(waiting)

    steering.assign(entry.task.enrollment_id, user_id=NORA, by=SALLY, bench=waiting.bench)

    assert feed(waiting) == []
    assert [each.task.type for each in feed(waiting, of=NORA)] == ["automatic_email"]


@pytest.mark.requirement("PD-SEQ-16")
def test_the_new_owner_needs_a_consent_of_their_own(waiting: Runner) -> None:
    (entry,) = feed(waiting)
    steering.assign(entry.task.enrollment_id, user_id=NORA, by=SALLY, bench=waiting.bench)

    waiting.wait(2 * DAY)

    (held,) = feed(waiting, of=NORA)
    assert held.task.why.startswith("consent missing: Nora New")
    assert sent(waiting) == []


def test_one_task_is_handed_to_a_colleague(waiting: Runner) -> None:
    waiting.wait(2 * DAY)
    (call,) = feed(waiting)

    working.assign(call.task.id, user_id=NORA, bench=waiting.bench)

    assert feed(waiting) == []
    assert [each.task.id for each in feed(waiting, of=NORA)] == [call.task.id]
    assert waiting.head(call.task.enrollment_id).owner_id == SALLY


def test_work_goes_to_nobody_who_is_not_there(waiting: Runner) -> None:
    waiting.wait(2 * DAY)
    (call,) = feed(waiting)

    with pytest.raises(RuleError):
        working.assign(call.task.id, user_id=UserId("ghost"), bench=waiting.bench)


@pytest.mark.requirement("PD-SEQ-15")
def test_nobody_sends_in_anothers_name_without_their_consent(waiting: Runner) -> None:
    waiting.stores.consents.withdraw(SALLY, SEQUENCE)
    waiting.wait(2 * DAY)
    (held,) = feed(waiting)
    waiting.stores.consents.give(Consent(user_id=NORA, sequence_id=SEQUENCE, given_at=NOW))

    drafts.edit(held.task.id, Written(sender="nora@northwind.test"), bench=waiting.bench)
    drafts.send(held.task.id, Written(), by=SALLY, bench=waiting.bench)
    waiting.drain()

    (mail,) = sent(waiting)
    assert "From: Nora New <nora@northwind.test>" in mail


def test_the_feed_is_searched(waiting: Runner) -> None:
    assert len(feed(waiting, wanted=Wanted(q="chairs paula"))) == 1
    assert feed(waiting, wanted=Wanted(q="benches")) == []
    assert feed(waiting, wanted=Wanted(type="call")) == []


def test_many_entries_are_worked_at_once_each_by_itself(waiting: Runner) -> None:
    waiting.wait(2 * DAY)
    (call,) = feed(waiting)
    asked = Bulk(work=Work.COMPLETE, task_ids=[call.task.id, TaskId("ghost-call")])

    rows = bulk_work.do(asked, may=lambda _: None, by=SALLY, bench=waiting.bench)

    assert [(row.is_done, row.code) for row in rows] == [(True, None), (False, "not_found")]


@pytest.mark.requirement("D365-SEQ-11")
def test_up_next_shows_what_is_done_what_is_now_and_what_comes(waiting: Runner) -> None:
    waiting.wait(2 * DAY)

    shown = up_next.of(LEAD, bench=waiting.bench)

    assert [(step.step_id, step.state) for step in shown.done] == [
        ("wait", "completed"),
        ("mail", "sent"),
    ]
    assert shown.current is not None
    assert (shown.current.id, shown.coming) == ("call", ())
    assert shown.task is not None
    assert shown.task.subject == "Call them"


def test_up_next_names_the_ways_on(waiting: Runner) -> None:
    shown = up_next.of(LEAD, bench=waiting.bench)

    assert [(step.step_id, step.when) for step in shown.coming] == [("mail", "next")]
    assert shown.task is not None
    assert shown.task.task.type == "automatic_email"


@pytest.mark.requirement("D365-SEQ-12")
def test_an_item_in_no_sequence_has_nothing_up_next(runner: Runner) -> None:
    shown = up_next.of(LEAD, bench=runner.bench)

    assert (shown.enrollment, shown.current, shown.done) == (None, None, ())


def test_a_task_of_nobody_is_missing(runner: Runner) -> None:
    with pytest.raises(MissingError):
        pulse.find(TaskId("ghost-call"), bench=runner.bench)
