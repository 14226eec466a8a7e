"""Several people at one entry of a feed: what one did, another's edit does not undo."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.users import Consent
from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import StepId, TaskId, UserId
from chalicelib.domain.sequences.definition import (
    EmailStep,
    EndStep,
    Flow,
    WaitStep,
)
from chalicelib.services import drafts, steering, working
from chalicelib.services.drafts import Written
from chalicelib.storage.stores import Stores
from tests.builders import NOW, an_admin
from tests.doubles import Doubles
from tests.services.runner import SALLY, SEQUENCE, Runner
from tests.services.test_departing import leave

ADAM = UserId("user-adam")
DRAFT = Flow(
    start=StepId("d1"),
    steps=(
        EmailStep(id=StepId("d1"), subject="Hello", body="<p>Hello</p>", next=StepId("x1")),
        EndStep(id=StepId("x1"), outcome="done"),
    ),
)


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Give a runner whose lead has a draft in Sally's feed; Adam may take over."""
    made = Runner(stores, doubles)
    made.set_up(DRAFT)
    stores.users.save(an_admin())
    made.enroll()
    made.drain()
    return made


@contextmanager
def before_the_write(
    monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object], *, of: str = "task#"
) -> Iterator[None]:
    """Let a deed happen before the first transaction of the block that writes such a row."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    waiting = [deed]

    def guarded(client: BaseClient, name: str, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        if name == "TransactWriteItems" and waiting and of in str(asked):
            waiting.pop()()
        return call(client, name, *asked)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", guarded)
        yield
    assert not waiting, "nothing was written"


@contextmanager
def sent_meanwhile(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, task_id: TaskId
) -> Iterator[None]:
    """Let Sally send the draft before the block's write, which then comes too late."""

    def send() -> None:
        drafts.send(task_id, Written(subject="Mine"), by=SALLY, bench=runner.bench)

    with before_the_write(monkeypatch, send), pytest.raises(StateError, match="being sent"):
        yield


def the_task(runner: Runner) -> TaskId:
    (task,) = runner.tasks()
    return task.id


def test_an_edit_does_not_undo_an_assignment_that_was_quicker(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = the_task(runner)

    with before_the_write(
        monkeypatch, lambda: working.assign(task_id, user_id=ADAM, bench=runner.bench)
    ):
        drafts.edit(task_id, Written(subject="Mine"), bench=runner.bench)

    task = runner.stores.tasks.get(task_id)
    assert (task.assignee_id, task.subject) == (ADAM, "Mine")


def test_an_assignment_does_not_undo_an_edit_that_was_quicker(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = the_task(runner)

    with before_the_write(
        monkeypatch,
        lambda: drafts.edit(task_id, Written(subject="Mine"), bench=runner.bench),
    ):
        working.assign(task_id, user_id=ADAM, bench=runner.bench)

    task = runner.stores.tasks.get(task_id)
    assert (task.assignee_id, task.subject) == (ADAM, "Mine")


def test_two_who_edit_one_draft_at_once_both_find_their_words_in_it(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = the_task(runner)

    with before_the_write(
        monkeypatch,
        lambda: drafts.edit(task_id, Written(body="<p>Hers</p>"), bench=runner.bench),
    ):
        drafts.edit(task_id, Written(subject="His"), bench=runner.bench)

    task = runner.stores.tasks.get(task_id)
    assert (task.subject, task.body) == ("His", "<p>Hers</p>")


def test_what_another_wrote_goes_out_with_a_draft_that_is_sent_at_that_instant(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = the_task(runner)

    with before_the_write(
        monkeypatch,
        lambda: drafts.edit(task_id, Written(body="<p>Hers</p>"), bench=runner.bench),
    ):
        drafts.send(task_id, Written(subject="His"), by=SALLY, bench=runner.bench)
    runner.drain()

    (mail,) = runner.doubles.mailer.sent
    assert b"Subject: His" in mail.mime
    assert b"Hers" in mail.mime


def test_an_edit_that_comes_after_the_draft_was_sent_is_refused_and_changes_nothing(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = the_task(runner)

    with sent_meanwhile(runner, monkeypatch, task_id):
        drafts.edit(task_id, Written(subject="Too late"), bench=runner.bench)
    runner.drain()

    (mail,) = runner.doubles.mailer.sent
    assert b"Subject: Mine" in mail.mime


def test_a_draft_is_theirs_who_sent_it_though_it_is_to_be_handed_on_at_that_instant(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = the_task(runner)

    with sent_meanwhile(runner, monkeypatch, task_id):
        working.assign(task_id, user_id=ADAM, bench=runner.bench)
    runner.drain()

    (mail,) = runner.doubles.mailer.sent
    assert b"From: Sally" in mail.mime


def test_a_draft_that_was_sent_is_its_senders_though_the_enrollment_goes_to_another(
    runner: Runner,
) -> None:
    """M20: the task that stands open stays where it is; the steps to come are the other's."""
    task_id = the_task(runner)
    drafts.send(task_id, Written(subject="Mine"), by=SALLY, bench=runner.bench)

    enrollment_id = runner.stores.tasks.get(task_id).enrollment_id
    steering.assign(enrollment_id, user_id=ADAM, by=SALLY, bench=runner.bench)
    runner.drain()

    (mail,) = runner.doubles.mailer.sent
    assert b"From: Sally" in mail.mime


def a_mail_ahead(runner: Runner) -> TaskId:
    """Enroll where a mail goes out by itself tomorrow."""
    runner.set_up(
        Flow(
            start=StepId("w1"),
            steps=(
                WaitStep(id=StepId("w1"), wait_for=timedelta(days=1), next=StepId("m1")),
                EmailStep(id=StepId("m1"), automatic=True, subject="Hello", body="<p>Hello</p>"),
            ),
        )
    )
    enrolled = runner.enroll()
    runner.drain()
    return TaskId(f"{enrolled}-m1")


def test_two_who_edit_a_mail_before_its_hour_both_find_their_words_in_what_goes_out(
    stores: Stores, doubles: Doubles, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Runner(stores, doubles)
    mail = a_mail_ahead(runner)

    with before_the_write(
        monkeypatch, lambda: drafts.edit(mail, Written(body="<p>Hers</p>"), bench=runner.bench)
    ):
        drafts.edit(mail, Written(subject="His"), bench=runner.bench)
    runner.wait(timedelta(days=1, minutes=1))

    (sent,) = runner.doubles.mailer.sent
    assert b"Subject: His" in sent.mime
    assert b"Hers" in sent.mime


def test_a_mail_that_was_edited_before_its_hour_can_be_edited_again(
    stores: Stores, doubles: Doubles
) -> None:
    runner = Runner(stores, doubles)
    mail = a_mail_ahead(runner)

    for words in ("First", "Second"):
        drafts.edit(mail, Written(subject=words), bench=runner.bench)
    runner.wait(timedelta(days=1, minutes=1))

    (sent,) = runner.doubles.mailer.sent
    assert b"Subject: Second" in sent.mime


def test_what_was_written_into_a_held_mail_goes_out_when_it_is_retried(
    stores: Stores, doubles: Doubles
) -> None:
    runner = Runner(stores, doubles)
    mail = a_mail_ahead(runner)
    stores.consents.withdraw(SALLY, SEQUENCE)
    runner.wait(timedelta(days=1, minutes=1))
    assert the_task(runner) == mail

    drafts.edit(mail, Written(subject="Mine"), bench=runner.bench)
    stores.consents.give(Consent(user_id=SALLY, sequence_id=SEQUENCE, given_at=NOW))
    working.retry(mail, by=SALLY, bench=runner.bench)
    runner.drain()

    (sent,) = runner.doubles.mailer.sent
    assert b"Subject: Mine" in sent.mime
    assert b"<p>Hello</p>" in sent.mime


def test_a_task_that_is_edited_while_its_assignee_leaves_goes_to_another_all_the_same(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = the_task(runner)
    leave(runner, reassign_to=ADAM)

    with before_the_write(
        monkeypatch, lambda: drafts.edit(task_id, Written(subject="Hers"), bench=runner.bench)
    ):
        assert runner.do_jobs() == 1

    task = runner.stores.tasks.get(task_id)
    assert (task.assignee_id, task.subject) == (ADAM, "Hers")
