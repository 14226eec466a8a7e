"""Conditions, commands and tests of mails as the runner carries them out."""

import dataclasses
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.crm.email_templates import EmailTemplate
from chalicelib.domain.errors import IllegalMoveError, RuleError
from chalicelib.domain.ids import EmailTemplateId, EnrollmentId, SequenceId, StepId, WireId
from chalicelib.domain.sequences.definition import Flow, FlowVersion, Sequence, SequenceStatus
from chalicelib.domain.sequences.enrollment import Count, Enrollment, Phase
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import TaskDone, TaskSkipped
from chalicelib.services import enrolling, enrollments, feedback, pulse, working
from chalicelib.services.feedback import Told, Word
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_lead, a_person
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

DAY = timedelta(days=1)
TARGET = SequenceId("sequence-2")
M, K = StepId("m"), StepId("k")
MAIL = {
    "id": "m",
    "type": "email",
    "automatic": True,
    "subject": "Hello",
    "body": "<p>Hello</p>",
    "next": "k",
}
CALL = {"id": "c", "type": "activity", "activity_type": "call", "subject": "Call", "next": None}
ENDS = (
    {"id": "y", "type": "end", "outcome": "yes", "item_action": None},
    {"id": "n", "type": "end", "outcome": "no", "item_action": None},
)


def a_question(**asked: object) -> dict[str, object]:
    return {"id": "k", "type": "condition", "yes": "y", "no": "n", **asked}


def flow_of(*steps: dict[str, object]) -> Flow:
    return read_flow({"start": steps[0]["id"], "steps": [*steps, *ENDS]})


def run(
    runner: Runner, *steps: dict[str, object], settings: Settings | None = None
) -> EnrollmentId:
    """Put a flow in place of the runner's, enroll the lead, and do what is due."""
    known = runner.stores.sequences.get(SEQUENCE)
    number = 2
    settings = settings or Settings()
    with Transaction() as tx:
        runner.stores.sequences.publish(
            tx,
            FlowVersion(
                sequence_id=SEQUENCE,
                number=number,
                flow=flow_of(*steps),
                settings=settings,
                published_at=NOW,
            ),
        )
        kept = replace_sequence(known, number, settings)
        runner.stores.sequences.put(tx, kept)
    enrolled = runner.enroll()
    runner.drain()
    return enrolled


def replace_sequence(known: Sequence, number: int, settings: Settings) -> Sequence:
    return replace(known, flow_version=number, settings=settings)


def word(enrolled: EnrollmentId, told: Told, *, agent: str = "Thunderbird") -> Word:
    return Word(
        enrollment_id=enrolled,
        step_id=M,
        attempt=1,
        wire_id=WireId("ses-1@eu-central-1.amazonses.com"),
        told=told,
        addresses=[],
        at=NOW + timedelta(hours=1),
        agent=agent,
        reader_address="192.0.2.7",
    )


def outcome(runner: Runner, enrolled: EnrollmentId) -> tuple[str, str | None]:
    head = runner.head(enrolled)
    return head.status.value, head.outcome or head.reason


@pytest.mark.requirement("D365-SEQ-21")
@pytest.mark.parametrize("told, asked", [(Told.OPEN, "opened"), (Told.CLICK, "clicked")])
def test_what_a_reader_does_answers_the_condition_at_once(
    runner: Runner, told: Told, asked: str
) -> None:
    tracked = Settings(track_opens=True, track_clicks=True)
    enrolled = run(runner, MAIL, a_question(on=asked, of="m", within="P2D"), settings=tracked)

    feedback.hear(word(enrolled, told), bench=runner.bench)

    assert outcome(runner, enrolled) == ("completed", "yes")


def test_what_nobody_asked_to_track_answers_nothing(runner: Runner) -> None:
    enrolled = run(runner, MAIL, a_question(on="opened", of="m", within="P2D"))

    feedback.hear(word(enrolled, Told.OPEN), bench=runner.bench)
    assert runner.stores.enrollments.stand(enrolled).signals == ()

    runner.wait(3 * DAY)
    assert outcome(runner, enrolled) == ("completed", "no")


def test_a_program_that_opens_a_mail_is_noted_and_counts_for_nothing(runner: Runner) -> None:
    tracked = Settings(track_opens=True)
    enrolled = run(runner, MAIL, a_question(on="opened", of="m", within="P2D"), settings=tracked)

    feedback.hear(word(enrolled, Told.OPEN, agent="Mozilla/5.0"), bench=runner.bench)

    entry = runner.stores.ledger.find(enrolled, M)
    assert entry is not None
    assert (entry.status, entry.machine_opened_at is not None) == ("sent", True)
    assert runner.head(enrolled).phase is Phase.WAITING


def test_ten_openings_of_one_mail_are_one_signal(runner: Runner) -> None:
    tracked = Settings(track_opens=True)
    question = a_question(
        on="all_of", of="m", within="P2D", results=["opened", "clicked"], at_once=False
    )
    enrolled = run(runner, MAIL, question, settings=tracked)

    for _ in range(10):
        feedback.hear(word(enrolled, Told.OPEN), bench=runner.bench)

    assert len(runner.stores.enrollments.stand(enrolled).signals) == 1


@pytest.mark.requirement("D365-SEQ-22")
@pytest.mark.parametrize("country, expected", [("DE", "yes"), ("SE", "no")])
def test_a_field_of_the_person_decides(runner: Runner, country: str, expected: str) -> None:
    enrolled = run(
        runner,
        a_question(on="field", field="person.country", operator="equals", value=country),
    )

    assert outcome(runner, enrolled) == ("completed", expected)


def test_a_field_that_is_not_there_is_asked_of_the_owner(runner: Runner) -> None:
    enrolled = run(runner, a_question(on="field", field="segment", operator="equals", value="big"))

    (task,) = runner.tasks()
    assert (task.type, task.needs_outcome) == ("choice", True)
    assert "unable to evaluate `segment`" in task.why
    assert pulse.show(task, bench=runner.bench).note == task.why
    with pytest.raises(RuleError):
        working.complete(task.id, outcome="answered", note=None, by=SALLY, bench=runner.bench)
    working.complete(task.id, outcome="yes", note=None, by=SALLY, bench=runner.bench)
    assert outcome(runner, enrolled) == ("completed", "yes")


def test_a_field_is_set_and_the_condition_behind_it_sees_that(runner: Runner) -> None:
    enrolled = run(
        runner,
        {"id": "u", "type": "update_field", "field": "segment", "value": "big", "next": "v"},
        {"id": "v", "type": "update_field", "field": "title", "value": "Renamed", "next": "k"},
        a_question(on="field", field="segment", operator="equals", value="big"),
    )

    assert outcome(runner, enrolled) == ("completed", "yes")
    item = runner.stores.items.get(LEAD)
    assert (item.custom_fields["segment"], item.title) == ("big", "Renamed")
    states = [(line.step_id, line.state) for line in runner.stores.enrollments.history(enrolled)]
    assert ("u", "completed") in states


def test_a_value_that_does_not_fit_fails_the_enrollment_and_says_why(runner: Runner) -> None:
    enrolled = run(
        runner,
        {"id": "u", "type": "update_field", "field": "status", "value": "gone", "next": "y"},
    )

    assert outcome(runner, enrolled) == ("failed", "field_update_failed")
    line = runner.stores.enrollments.history(enrolled)[-1]
    assert "cannot be set" in line.why
    assert runner.stores.enrollments.slot_holder(LEAD) is None


def a_target(runner: Runner, status: SequenceStatus) -> None:
    sequence = Sequence(
        id=TARGET,
        name="Next",
        status=status,
        owner_id=SALLY,
        flow_version=1,
        created_at=NOW,
        updated_at=NOW,
    )
    known = runner.stores.sequences.find(TARGET)
    with Transaction() as tx:
        if known is None:
            runner.stores.sequences.publish(
                tx,
                FlowVersion(
                    sequence_id=TARGET,
                    number=1,
                    flow=read_flow({"start": "c", "steps": [CALL]}),
                    settings=Settings(),
                    published_at=NOW,
                ),
            )
        version = known.version if known else 0
        runner.stores.sequences.put(tx, replace(sequence, version=version))


HAND_OVER: tuple[dict[str, object], ...] = (
    {**CALL, "next": "a"},
    {"id": "a", "type": "advance_to_sequence", "sequence_id": TARGET},
)


def heir(runner: Runner) -> Enrollment:
    rotation = runner.stores.enrollments.rotation(TARGET, LEAD)
    assert rotation is not None
    return runner.head(rotation.enrollment_id)


def test_an_item_is_handed_over_with_its_slot(runner: Runner) -> None:
    a_target(runner, SequenceStatus.ACTIVE)
    enrolled = run(runner, *HAND_OVER)

    runner.take(enrolled, TaskDone(step_id=StepId("c"), by=SALLY))
    runner.drain()

    assert outcome(runner, enrolled) == ("exited", "advanced")
    begun = heir(runner)
    assert (begun.sequence_id, begun.step_id, begun.phase) == (TARGET, "c", Phase.ASKED)
    assert runner.stores.enrollments.slot_holder(LEAD) == begun.id
    first = runner.stores.enrollments.history(begun.id)[0]
    assert (first.state, SEQUENCE in first.why) == ("advanced", True)
    assert runner.stores.counts.of(SEQUENCE)[Count.COMPLETED] == 1
    assert runner.stores.counts.of(TARGET)[Count.IN_PROGRESS] == 1


def test_where_the_target_takes_nobody_the_owner_is_asked(runner: Runner) -> None:
    a_target(runner, SequenceStatus.INACTIVE)
    enrolled = run(runner, *HAND_OVER)
    runner.take(enrolled, TaskDone(step_id=StepId("c"), by=SALLY))
    done = TaskDone(step_id=StepId("a"), by=SALLY)

    assert runner.head(enrolled).phase is Phase.ASKED
    with pytest.raises(IllegalMoveError):
        runner.take(enrolled, done)
    a_target(runner, SequenceStatus.ACTIVE)
    runner.take(enrolled, done)

    assert outcome(runner, enrolled) == ("exited", "advanced")
    assert runner.stores.enrollments.slot_holder(LEAD) == heir(runner).id


def test_where_the_target_has_the_item_already_the_owner_is_asked(runner: Runner) -> None:
    known = runner.stores.tenant.get()
    many = {"active_per_item": "many"}
    runner.stores.tenant.save(dataclasses.replace(known, settings=many))
    a_target(runner, SequenceStatus.ACTIVE)
    enrolled = run(runner, *HAND_OVER)
    (there,) = enrolling.enroll(TARGET, item_ids=[LEAD.id], caller_id=SALLY, bench=runner.bench)
    assert there.enrollment_id is not None

    runner.take(enrolled, TaskDone(step_id=StepId("c"), by=SALLY))
    is_asked = runner.head(enrolled).phase is Phase.ASKED
    enrollments.remove(there.enrollment_id, by=SALLY, bench=runner.bench)
    runner.take(enrolled, TaskDone(step_id=StepId("a"), by=SALLY))

    assert is_asked
    assert outcome(runner, enrolled) == ("exited", "advanced")
    assert heir(runner).rotation == 2


def test_to_skip_a_hand_over_ends_the_sequence(runner: Runner) -> None:
    enrolled = run(runner, *HAND_OVER)
    runner.take(enrolled, TaskDone(step_id=StepId("c"), by=SALLY))

    runner.take(enrolled, TaskSkipped(step_id=StepId("a"), by=SALLY))

    assert outcome(runner, enrolled) == ("completed", "completed")


def a_template(name: str, language: str, subject: str) -> EmailTemplate:
    return EmailTemplate(
        id=EmailTemplateId(f"t-{language}" if name == "Hello" else "t-other"),
        name=name,
        language=language,
        subject=subject,
        body="<p>{{ sender.name }}</p>",
        owner_id=SALLY,
        created_at=NOW,
        updated_at=NOW,
    )


TEMPLATED = {"id": "m", "type": "email", "automatic": True, "template_id": "t-en", "next": None}


@pytest.mark.requirement("PD-SEQ-10")
def test_a_mail_takes_its_template_in_the_recipients_language(runner: Runner) -> None:
    runner.stores.email_templates.save(a_template("Hello", "en", "Hello"))
    runner.stores.email_templates.save(a_template("Hello", "de", "Guten Tag"))
    runner.stores.email_templates.save(a_template("Other", "de", "Anderes"))

    run(runner, TEMPLATED)

    (sent,) = runner.doubles.mailer.sent
    assert b"Guten Tag" in sent.mime


def test_a_template_that_is_gone_fails_the_enrollment(runner: Runner) -> None:
    enrolled = run(runner, TEMPLATED)

    assert outcome(runner, enrolled) == ("failed", "template_missing")


def test_a_failed_mail_becomes_a_draft_where_the_author_wants_it(runner: Runner) -> None:
    lenient = Settings(failed_automatic_to_manual=True)
    enrolled = run(runner, TEMPLATED, settings=lenient)

    (task,) = runner.tasks()
    assert (task.type, runner.head(enrolled).phase) == ("email", Phase.ASKED)
    assert "template_missing" in task.why
    assert pulse.show(task, bench=runner.bench).missing == ("the e-mail template",)


def test_a_failed_mail_becomes_a_draft_in_every_sequence_where_the_tenant_wants_it(
    runner: Runner,
) -> None:
    lenient = {"failed_automatic_to_manual": True}
    runner.stores.tenant.save(dataclasses.replace(runner.stores.tenant.get(), settings=lenient))
    runner.doubles.clock.advance(timedelta(minutes=1))

    enrolled = run(runner, TEMPLATED)

    assert runner.head(enrolled).phase is Phase.ASKED
    assert "template_missing" in runner.tasks()[0].why


def test_a_skipped_mail_goes_to_no(runner: Runner) -> None:
    draft = {**MAIL, "automatic": False}
    tracked = Settings(track_opens=True)
    enrolled = run(runner, draft, a_question(on="opened", of="m", within="P2D"), settings=tracked)

    runner.take(enrolled, TaskSkipped(step_id=M, by=SALLY))

    assert outcome(runner, enrolled) == ("completed", "no")


def test_the_runners_lead_is_of_the_kind_that_the_flows_are_for() -> None:
    assert (a_lead().ref, a_person().country) == (LEAD, "DE")
