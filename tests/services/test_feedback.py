"""What SES tells: twice, late and out of order."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import EnrollmentId, StepId, WireId
from chalicelib.domain.sequences.enrollment import Phase
from chalicelib.domain.sequences.ledger import LedgerEntry, MailStatus, SendState
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services import drafts, enrollments, feedback
from chalicelib.services.drafts import Written
from chalicelib.services.feedback import Told, Word
from tests.builders import NOW
from tests.services.runner import SALLY, Runner

A1 = StepId("a1")
MINUTE = timedelta(minutes=1)


def word(enrolled: EnrollmentId, told: Told, *, wire_id: str = "ses-1") -> Word:
    return Word(
        enrollment_id=enrolled,
        step_id=A1,
        attempt=1,
        wire_id=WireId(f"{wire_id}@eu-central-1.amazonses.com"),
        told=told,
        addresses=["Paula@Acme.test"],
        at=NOW + MINUTE,
    )


def entry(runner: Runner, enrolled: EnrollmentId) -> LedgerEntry:
    known = runner.stores.ledger.find(enrolled, A1)
    assert known is not None
    return known


def sent(runner: Runner) -> EnrollmentId:
    enrolled = runner.enroll()
    runner.drain()
    return enrolled


@pytest.mark.parametrize(
    "told, status",
    [
        (Told.SEND, MailStatus.SENT),
        (Told.DELIVERY, MailStatus.DELIVERED),
        (Told.OPEN, MailStatus.OPENED),
        (Told.CLICK, MailStatus.CLICKED),
        (Told.SOFT_BOUNCE, MailStatus.SENT),
        (Told.OTHER, MailStatus.SENT),
    ],
)
def test_a_status_rises(runner: Runner, told: Told, status: MailStatus) -> None:
    enrolled = sent(runner)

    feedback.hear(word(enrolled, told), bench=runner.bench)

    assert entry(runner, enrolled).status is status


def test_a_status_never_falls(runner: Runner) -> None:
    enrolled = sent(runner)
    feedback.hear(word(enrolled, Told.CLICK), bench=runner.bench)

    feedback.hear(word(enrolled, Told.DELIVERY), bench=runner.bench)

    assert entry(runner, enrolled).status is MailStatus.CLICKED


def test_a_hard_bounce_suppresses_the_address_and_ends_the_enrollment(runner: Runner) -> None:
    enrolled = sent(runner)

    for _ in range(3):
        feedback.hear(word(enrolled, Told.HARD_BOUNCE), bench=runner.bench)

    assert runner.head(enrolled).reason == "bounced"
    assert runner.stores.addresses.suppression("paula@acme.test") is not None


def test_a_complaint_suppresses_the_address_and_ends_the_enrollment(runner: Runner) -> None:
    enrolled = sent(runner)

    feedback.hear(word(enrolled, Told.COMPLAINT), bench=runner.bench)

    assert runner.head(enrolled).reason == "complained"
    assert runner.stores.addresses.suppression("paula@acme.test") is not None


def test_a_soft_bounce_ends_nothing(runner: Runner) -> None:
    enrolled = sent(runner)

    feedback.hear(word(enrolled, Told.SOFT_BOUNCE), bench=runner.bench)

    assert runner.head(enrolled).reason is None


def test_a_send_event_settles_a_mail_that_nobody_was_sure_of(runner: Runner) -> None:
    runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
    enrolled = sent(runner)
    assert runner.head(enrolled).phase is Phase.UNKNOWN

    feedback.hear(word(enrolled, Told.SEND), bench=runner.bench)

    assert entry(runner, enrolled).state is SendState.SENT
    assert runner.head(enrolled).step_id == "k1"
    (thread,) = runner.stores.threads.list_page(SALLY, limit=10, cursor=None).rows
    assert thread.subject == "Hello Paula"


def test_word_that_comes_after_the_task_perhaps_sent_closes_it(runner: Runner) -> None:
    runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
    enrolled = sent(runner)
    runner.wait(40 * MINUTE)
    assert len(runner.tasks()) == 1

    feedback.hear(word(enrolled, Told.DELIVERY), bench=runner.bench)

    assert runner.tasks() == []
    assert runner.head(enrolled).step_id == "k1"


def test_two_wire_ids_for_one_step_are_a_duplicate_that_can_be_seen(runner: Runner) -> None:
    enrolled = sent(runner)

    feedback.hear(word(enrolled, Told.SEND, wire_id="ses-9"), bench=runner.bench)

    assert entry(runner, enrolled).is_duplicate


def test_word_of_an_unknown_mail_is_refused(runner: Runner) -> None:
    with pytest.raises(MissingError):
        feedback.hear(word(EnrollmentId("z" * 26), Told.SEND), bench=runner.bench)


def test_a_mail_that_perhaps_went_out_can_be_sent_again_by_hand(runner: Runner) -> None:
    runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
    enrolled = sent(runner)
    runner.wait(40 * MINUTE)
    (task,) = runner.tasks()

    drafts.send(task.id, Written(), by=SALLY, bench=runner.bench)
    runner.drain()

    assert [mail.tags["attempt"] for mail in runner.doubles.mailer.sent] == ["2"]
    assert runner.head(enrolled).step_id == "k1"
    assert entry(runner, enrolled).state is SendState.SENT


def test_word_that_comes_after_somebody_asked_for_it_again_keeps_the_second_mail_back(
    runner: Runner,
) -> None:
    runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
    enrolled = sent(runner)
    runner.wait(40 * MINUTE)
    (task,) = runner.tasks()
    drafts.send(task.id, Written(), by=SALLY, bench=runner.bench)

    feedback.hear(word(enrolled, Told.SEND), bench=runner.bench)
    runner.drain()

    assert runner.doubles.mailer.sent == []
    assert runner.head(enrolled).step_id == "k1"


def test_word_that_comes_before_the_worker_has_written_is_not_lost(runner: Runner) -> None:
    told: list[EnrollmentId] = []

    def click() -> None:
        (enrolled,) = told
        feedback.hear(word(enrolled, Told.CLICK), bench=runner.bench)

    runner.doubles.mailer.on_send = click
    told.append(runner.enroll())
    runner.drain()

    assert entry(runner, told[0]).status is MailStatus.CLICKED
    assert runner.head(told[0]).step_id == "k1"


def test_a_mail_that_left_before_its_enrollment_ended_still_joins_its_thread(
    runner: Runner,
) -> None:
    runner.doubles.mailer.failures = [KeyboardInterrupt()]  # type: ignore[list-item]  # as a kill would
    enrolled = runner.enroll()
    with pytest.raises(KeyboardInterrupt):
        runner.drain()
    enrollments.remove(enrolled, by=SALLY, bench=runner.bench)

    feedback.hear(word(enrolled, Told.SEND), bench=runner.bench)

    (thread,) = runner.stores.threads.list_page(SALLY, limit=10, cursor=None).rows
    assert thread.subject == "Hello Paula"


@pytest.mark.parametrize("first", [Told.HARD_BOUNCE, Told.COMPLAINT, Told.SEND])
def test_a_mail_whose_worker_died_joins_its_thread_whatever_word_of_it_comes_first(
    runner: Runner, first: Told
) -> None:
    runner.doubles.mailer.failures = [KeyboardInterrupt()]  # type: ignore[list-item]  # as a kill would
    enrolled = runner.enroll()
    with pytest.raises(KeyboardInterrupt):
        runner.drain()

    feedback.hear(word(enrolled, first), bench=runner.bench)
    if first is Told.SEND:  # the others end it themselves
        enrollments.remove(enrolled, by=SALLY, bench=runner.bench)

    (thread,) = runner.stores.threads.list_page(SALLY, limit=10, cursor=None).rows
    assert thread.subject == "Hello Paula"
