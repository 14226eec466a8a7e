"""Enrollments live on moto: time comes, people answer, and what must happen happens once."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import msgspec
import pytest

from chalicelib.domain.crm.items import ItemStatus
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.crm.users import Plan
from chalicelib.domain.errors import IllegalMoveError, MissingError
from chalicelib.domain.ids import EnrollmentId, SignalId, StepId
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.enrollment import Count, Phase, Status
from chalicelib.domain.sequences.ledger import SendState
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import (
    ExitReason,
    PauseAsked,
    PauseReason,
    ResumeAsked,
    SendAsked,
    Stopped,
    TaskDone,
    TimeCame,
)
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_person, a_reply
from tests.doubles import Doubles
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

A1, C1 = StepId("a1"), StepId("c1")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def counts(runner: Runner) -> tuple[int, int, int]:
    known = runner.stores.counts.of(SEQUENCE)
    return known[Count.IN_PROGRESS], known[Count.COMPLETED], known[Count.FAILED]


@pytest.mark.requirement("PD-SEQ-14")
def test_an_automatic_mail_goes_out_by_itself_with_the_leads_name_in_it(runner: Runner) -> None:
    enrolled = runner.enroll()

    runner.drain()

    (mail,) = runner.doubles.mailer.sent
    read = message_from_bytes(mail.mime)
    assert mail.recipients == ["paula@acme.test"]
    assert read["Subject"] == "Hello Paula"
    assert read["From"] == "Sally Seller <sally@northwind.test>"
    assert mail.tags == {
        "tenant": "aaaaaaaaaa",
        "enrollment": enrolled,
        "step": "a1",
        "attempt": "1",
    }


def test_answers_reach_both_the_sender_and_the_enrollment(runner: Runner) -> None:
    enrolled = runner.enroll()

    runner.drain()

    reply_to = message_from_bytes(runner.doubles.mailer.sent[0].mime)["Reply-To"]
    sender, token_address = reply_to.split(",\r\n ")
    assert sender == "sally@northwind.test"
    assert token_address.startswith(f"r-aaaaaaaaaaa{enrolled}")
    assert token_address.endswith("@in.sekvens.test")


def test_a_sent_mail_stands_on_the_ledger_and_in_its_thread(runner: Runner) -> None:
    enrolled = runner.enroll()

    runner.drain()

    entry = runner.stores.ledger.find(enrolled, A1)
    assert entry is not None
    assert (entry.state, entry.wire_id) == (SendState.SENT, "ses-1@eu-central-1.amazonses.com")
    (thread,) = runner.stores.threads.list_page(SALLY, limit=10, cursor=None).rows
    assert thread.link.item == LEAD


def test_the_same_wake_up_a_second_time_sends_nothing(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()

    for token in range(1, 5):
        runner.take(enrolled, TimeCame(token=token))

    assert len(runner.doubles.mailer.sent) == 1


@pytest.mark.requirement("D365-SEQ-03")
def test_the_whole_flow_runs_by_itself_until_a_person_must_call(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()

    runner.wait(2 * DAY + 2 * MINUTE)
    runner.wait(3 * DAY)

    (task,) = runner.tasks()
    assert (task.type, task.step_id, task.enrollment_id) == ("call", "c1", enrolled)
    assert runner.head(enrolled).phase is Phase.ASKED


def test_an_unanswered_call_disqualifies_the_lead_and_frees_it(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()
    runner.wait(2 * DAY + 2 * MINUTE)
    runner.wait(3 * DAY)

    runner.take(enrolled, TaskDone(step_id=C1, by=SALLY, outcome="not_answered"))

    lead = runner.stores.items.get(LEAD)
    assert (lead.status, lead.status_reason) == (ItemStatus.DISQUALIFIED, "no answer")
    assert runner.tasks() == []
    assert runner.stores.enrollments.slot_holder(LEAD) is None
    assert counts(runner) == (0, 1, 0)


def test_history_tells_every_step_in_order(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()
    runner.take(enrolled, a_reply())

    lines = [(line.step_id, line.state) for line in runner.stores.enrollments.history(enrolled)]

    assert lines == [
        ("a1", "reached"),
        ("a1", "sent"),
        ("k1", "reached"),
        ("a1", "received"),
        ("k1", "yes"),
        ("x1", "reached"),
        ("x1", "interested"),
    ]


def test_hearing_of_a_reply_twice_changes_nothing(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.drain()
    once = runner.take(enrolled, a_reply())

    assert runner.take(enrolled, a_reply()) == once


def test_the_counts_follow_the_state(runner: Runner) -> None:
    enrolled = runner.enroll()
    assert counts(runner) == (1, 0, 0)

    runner.take(enrolled, Stopped(id=SignalId("s"), reason=ExitReason.BOUNCED, at=NOW))

    assert counts(runner) == (0, 0, 1)


def test_a_removed_item_is_in_no_count(runner: Runner) -> None:
    enrolled = runner.enroll()

    runner.take(enrolled, Stopped(id=SignalId("s"), reason=ExitReason.REMOVED_BY_USER, at=NOW))

    assert counts(runner) == (0, 0, 0)


@pytest.mark.requirement("PD-SEQ-15")
def test_without_consent_the_mail_waits_as_a_draft(runner: Runner) -> None:
    runner.stores.consents.withdraw(SALLY, SEQUENCE)
    runner.enroll()

    runner.drain()

    (task,) = runner.tasks()
    assert task.type == "email"
    assert task.why.startswith("consent missing")
    assert runner.doubles.mailer.sent == []


def test_a_draft_goes_out_as_its_user_edited_it_though_there_is_no_consent(runner: Runner) -> None:
    runner.stores.consents.withdraw(SALLY, SEQUENCE)
    enrolled = runner.enroll()
    runner.drain()
    (task,) = runner.tasks()
    with Transaction() as tx:
        runner.stores.tasks.edit(tx, replace(task, subject="My own words"))

    runner.take(enrolled, SendAsked(step_id=A1, by=SALLY))
    runner.drain()

    (mail,) = runner.doubles.mailer.sent
    assert message_from_bytes(mail.mime)["Subject"] == "My own words"
    assert runner.tasks() == []


@pytest.mark.parametrize(
    "given, why",
    [
        (
            {"settings": {"features_off": ["automatic_sending"]}},
            "automatic sending is switched off",
        ),
        ({"plan": Plan.ESSENTIAL}, "the plan of this tenant holds no automatic sending"),
    ],
)
def test_without_automatic_sending_the_mail_waits_for_a_person_who_may_send_it(
    runner: Runner, given: dict[str, Any], why: str
) -> None:
    runner.stores.tenant.save(replace(runner.stores.tenant.get(), **given))
    enrolled = runner.enroll()

    runner.drain()

    (task,) = runner.tasks()
    assert task.why.startswith(why)
    assert runner.doubles.mailer.sent == []
    runner.take(enrolled, SendAsked(step_id=A1, by=SALLY))
    runner.drain()
    assert len(runner.doubles.mailer.sent) == 1


def test_from_an_unverified_domain_the_mail_waits_as_a_draft(runner: Runner) -> None:
    runner.stores.users.save(replace(runner.stores.users.get(SALLY), email="sally@other.test"))
    runner.enroll()

    runner.drain()

    (task,) = runner.tasks()
    assert task.why.startswith("sender unverified")


def test_a_suppressed_address_gets_nothing(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.stores.addresses.suppress("paula@acme.test", SuppressionReason.BOUNCED, NOW)

    runner.drain()

    assert runner.doubles.mailer.sent == []
    assert runner.head(enrolled).reason == "suppressed"


def test_a_closed_lead_gets_nothing_and_leaves(runner: Runner) -> None:
    enrolled = runner.enroll()
    lead = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(lead, status=ItemStatus.CONVERTED))

    runner.drain()

    assert runner.doubles.mailer.sent == []
    assert runner.head(enrolled).reason == "item_converted"


def test_a_deactivated_sequence_sends_nothing(runner: Runner) -> None:
    enrolled = runner.enroll()
    sequence = runner.stores.sequences.get(SEQUENCE)
    runner.stores.sequences.save(msgspec.structs.replace(sequence, status=SequenceStatus.INACTIVE))

    runner.drain()

    assert runner.doubles.mailer.sent == []
    assert runner.head(enrolled).reason == "sequence_deactivated"


def test_a_switched_off_tenant_sends_nothing_and_tries_again_later(runner: Runner) -> None:
    enrolled = runner.enroll()
    tenant = runner.stores.tenant.get()
    off = runner.stores.tenant.save(replace(tenant, is_sending=False))
    runner.drain()

    runner.stores.tenant.save(replace(off, is_sending=True))
    runner.wait(15 * MINUTE)

    assert len(runner.doubles.mailer.sent) == 1
    assert runner.head(enrolled).step_id == "k1"


def test_a_person_without_address_fails_the_enrollment(runner: Runner) -> None:
    enrolled = runner.enroll()
    person = runner.stores.items.get(a_person().ref)
    runner.stores.items.save(replace(person, emails=()))

    runner.drain()

    assert runner.head(enrolled).reason == "no_recipient"


def test_nobody_writes_to_a_person_who_was_deleted_though_the_lead_is_open(runner: Runner) -> None:
    enrolled = runner.enroll()
    person = runner.stores.items.get(a_person().ref)
    runner.stores.items.save(replace(person, status=ItemStatus.DELETED, deleted_at=NOW))

    runner.drain()

    assert runner.doubles.mailer.sent == []
    assert runner.head(enrolled).reason == "no_recipient"


def test_a_throttle_is_later_never_failure(runner: Runner) -> None:
    runner.doubles.mailer.failures = [SendError(Fate.LATER, "TooManyRequestsException")]
    enrolled = runner.enroll()
    runner.drain()

    runner.wait(2 * MINUTE)

    assert len(runner.doubles.mailer.sent) == 1
    assert runner.head(enrolled).status is Status.ACTIVE


def test_a_rejected_mail_fails_the_enrollment_and_stands_on_the_ledger(runner: Runner) -> None:
    runner.doubles.mailer.failures = [SendError(Fate.THIS_RECIPIENT, "MessageRejected")]
    enrolled = runner.enroll()

    runner.drain()

    entry = runner.stores.ledger.find(enrolled, A1)
    assert entry is not None
    assert (entry.state, entry.code) == (SendState.FAILED, "MessageRejected")
    assert runner.head(enrolled).reason == "send_rejected"


def test_a_lost_answer_is_unknown_and_never_sent_again_by_itself(runner: Runner) -> None:
    runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
    enrolled = runner.enroll()
    runner.drain()
    assert runner.head(enrolled).phase is Phase.UNKNOWN

    runner.wait(40 * MINUTE)

    assert runner.doubles.mailer.sent == []
    (task,) = runner.tasks()
    assert task.why.startswith("perhaps sent")


def test_a_worker_that_never_came_back_leaves_an_unknown_mail(runner: Runner) -> None:
    runner.doubles.mailer.failures = [KeyboardInterrupt()]  # type: ignore[list-item]  # as a kill would
    enrolled = runner.enroll()
    with pytest.raises(KeyboardInterrupt):
        runner.drain()

    runner.wait(3 * MINUTE)

    assert runner.head(enrolled).phase is Phase.UNKNOWN
    entry = runner.stores.ledger.find(enrolled, A1)
    assert entry is not None
    assert entry.state is SendState.UNKNOWN


def test_a_pause_before_the_time_comes_holds_the_mail_until_the_resume(runner: Runner) -> None:
    enrolled = runner.enroll()
    runner.take(enrolled, PauseAsked(reason=PauseReason.MANUAL, by=SALLY))
    runner.drain()
    assert runner.doubles.mailer.sent == []

    runner.take(enrolled, ResumeAsked(by=SALLY))
    runner.drain()

    assert len(runner.doubles.mailer.sent) == 1


def test_a_person_cannot_complete_what_is_not_asked(runner: Runner) -> None:
    enrolled = runner.enroll()

    with pytest.raises(IllegalMoveError):
        runner.take(enrolled, TaskDone(step_id=C1, by=SALLY))


def test_an_unknown_enrollment_is_missing(runner: Runner) -> None:
    with pytest.raises(MissingError):
        runner.take(EnrollmentId("z" * 26), TimeCame(token=1))


def test_a_sequence_may_go_on_after_replies(stores: Stores, doubles: Doubles) -> None:
    runner = Runner(stores, doubles)
    runner.set_up(settings=Settings(exit_on_reply=False))
    enrolled = runner.enroll()
    runner.drain()
    runner.wait(2 * DAY + 2 * MINUTE)

    after = runner.take(enrolled, a_reply())

    assert after.status is Status.ACTIVE


def test_a_tenant_cannot_see_anothers_enrollment(runner: Runner, others_stores: Stores) -> None:
    enrolled = runner.enroll()

    with pytest.raises(MissingError):
        others_stores.enrollments.get(enrolled)
