"""A mail that may have gone out: who may send it again, and what shows that two went out."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import EnrollmentId, StepId, WireId
from chalicelib.domain.sequences.enrollment import Phase
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services import doubts, feedback, migration, working
from chalicelib.services.feedback import Told, Word
from chalicelib.services.migration import Migration
from tests.builders import NOW, a_tenant
from tests.services.runner import SALLY, SEQUENCE, Runner

A1 = StepId("a1")
MINUTE = timedelta(minutes=1)
DEADLINE = timedelta(minutes=33)


@pytest.fixture
def unknown(runner: Runner) -> EnrollmentId:
    """Enroll with a tenant that wants to resend, and lose the answer to the first mail."""
    known = runner.stores.tenant.get()
    runner.stores.tenant.save(replace(known, settings={"unknown_send_policy": "resend"}))
    return lost(runner)


def lost(runner: Runner) -> EnrollmentId:
    runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
    enrolled = runner.enroll()
    runner.drain()
    assert runner.head(enrolled).phase is Phase.UNKNOWN
    return enrolled


def entry(runner: Runner, enrolled: EnrollmentId) -> LedgerEntry:
    known = runner.stores.ledger.find(enrolled, A1)
    assert known is not None
    return known


def send_event(enrolled: EnrollmentId, ses_id: str) -> Word:
    return Word(
        enrollment_id=enrolled,
        step_id=A1,
        attempt=1,
        wire_id=WireId(f"{ses_id}@eu-central-1.amazonses.com"),
        told=Told.SEND,
        addresses=(),
        at=NOW,
        mailed_at=NOW,
    )


def attempts(runner: Runner) -> list[str]:
    return [mail.tags["attempt"] for mail in runner.doubles.mailer.sent]


def test_with_word_of_later_mails_and_none_of_this_one_it_is_sent_again(
    runner: Runner, unknown: EnrollmentId
) -> None:
    doubts.word_came(NOW + 10 * MINUTE)

    runner.wait(DEADLINE)

    assert attempts(runner) == ["2"]
    assert runner.head(unknown).step_id == "k1"
    assert entry(runner, unknown).state is SendState.SENT


def test_silence_alone_is_no_evidence(runner: Runner, unknown: EnrollmentId) -> None:
    runner.wait(DEADLINE)

    assert attempts(runner) == []
    assert runner.tasks()[0].why.startswith("perhaps sent")


def test_word_of_earlier_mails_is_no_evidence(runner: Runner, unknown: EnrollmentId) -> None:
    doubts.word_came(NOW + MINUTE)

    runner.wait(DEADLINE)

    assert attempts(runner) == []


@pytest.mark.parametrize("queue", ["feedback", "feedback-dead"])
def test_nothing_is_sent_again_while_word_lies_unread(
    runner: Runner, unknown: EnrollmentId, queue: str
) -> None:
    doubts.word_came(NOW + 10 * MINUTE)
    runner.doubles.queues.bodies_by_queue[queue] = ["{}"]

    runner.wait(DEADLINE)

    assert attempts(runner) == []


def test_unless_the_tenant_wants_it_nothing_is_sent_again(runner: Runner) -> None:
    lost(runner)
    doubts.word_came(NOW + 10 * MINUTE)

    runner.wait(DEADLINE)

    assert attempts(runner) == []
    assert a_tenant().settings == {}


def test_a_mail_that_stays_unknown_is_left_to_a_person_after_three_attempts(
    runner: Runner, unknown: EnrollmentId
) -> None:
    for round_ in range(1, 4):
        doubts.word_came(runner.now() + 10 * MINUTE)
        runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
        runner.wait(DEADLINE)
        assert (len(runner.tasks()) == 1) is (round_ == 3)

    assert entry(runner, unknown).attempt == 3


def test_word_of_the_first_attempt_that_comes_late_keeps_the_second_back(
    runner: Runner, unknown: EnrollmentId
) -> None:
    doubts.word_came(NOW + 10 * MINUTE)
    runner.doubles.mailer.failures = [SendError(Fate.LATER, "TooManyRequestsException")]
    runner.wait(DEADLINE)

    feedback.hear(send_event(unknown, "ses-0"), bench=runner.bench)
    runner.wait(5 * MINUTE)

    assert attempts(runner) == []
    assert runner.head(unknown).step_id == "k1"


@pytest.mark.parametrize("comes_first", [True, False])
def test_two_mails_of_a_step_are_sent_once_and_a_duplicate_whenever_word_of_the_first_comes(
    runner: Runner, unknown: EnrollmentId, comes_first: bool
) -> None:
    doubts.word_came(NOW + 10 * MINUTE)
    told: list[bool] = []

    def late_word() -> None:
        told.append(feedback.hear(send_event(unknown, "ses-0"), bench=runner.bench))

    if comes_first:
        runner.doubles.mailer.on_send = late_word
    runner.wait(DEADLINE)
    if not comes_first:
        late_word()
    told.append(feedback.hear(send_event(unknown, "ses-1"), bench=runner.bench))

    assert sorted(told) == [False, True]
    assert entry(runner, unknown).state is SendState.SENT
    assert entry(runner, unknown).is_duplicate
    assert runner.head(unknown).step_id == "k1"


def test_what_may_have_gone_out_is_not_retried(runner: Runner) -> None:
    enrolled = lost(runner)
    runner.wait(DEADLINE)
    (task,) = runner.tasks()

    with pytest.raises(StateError, match="may have gone out"):
        working.retry(task.id, by=SALLY, bench=runner.bench)

    assert runner.tasks() == [task]
    assert runner.head(enrolled).phase is Phase.ASKED


def test_a_step_begun_anew_asks_again_about_what_may_have_gone_out(runner: Runner) -> None:
    enrolled = lost(runner)
    runner.wait(DEADLINE)
    flow = runner.stores.sequences.flow_version(SEQUENCE, 1).flow
    (mail, *others) = flow.steps
    mended = msgspec.structs.replace(mail, name="Mended")
    runner.publish_next(msgspec.structs.replace(flow, steps=(mended, *others)))
    asked = Migration(sequence_id=SEQUENCE, from_version=1, to_version=2, is_trial=False)

    migration.migrate(runner.stores.sequences.get(SEQUENCE), asked, by=SALLY, bench=runner.bench)
    runner.drain()

    assert runner.head(enrolled).flow_version == 2
    assert runner.doubles.mailer.sent == []
    (task,) = runner.tasks()
    assert task.why.startswith("perhaps sent")
