"""What steps do that ask nobody: set a field, hand over to another sequence, ask for a choice.

They return the enrollment with the effects; the walk goes on from there.
"""

from dataclasses import replace
from datetime import datetime

from msgspec import structs

from chalicelib.domain.crm import field_setting
from chalicelib.domain.crm.field_paths import Unanswerable
from chalicelib.domain.sequences import steps
from chalicelib.domain.sequences.ab_tests import figure_key, letter_in, letter_of
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    AdvanceStep,
    ConditionStep,
    UpdateFieldStep,
)
from chalicelib.domain.sequences.effects import AdvanceTo, AskUser, Effect, Record, SetField
from chalicelib.domain.sequences.enrollment import Enrollment, Move, changed, move
from chalicelib.domain.sequences.signals import ExitReason, FailureReason

CHOICE = "choice"
"""The type of a task that asks for a Yes or a No, or for help."""


def fault_of(step: UpdateFieldStep, facts: Facts) -> str | None:
    """Return why the item cannot have the value, or None."""
    if facts.about is None:
        return None
    problems = field_setting.problems_with(facts.about.item, step.field, step.value)
    return next((each.message for each in problems), None)


def updated(step: UpdateFieldStep, facts: Facts, now: datetime) -> tuple[Facts, tuple[Effect, ...]]:
    """Set the field; conditions that follow at once see the new value."""
    done = Record(step_id=step.id, type="update_field", state="completed", at=now)
    setting = SetField(step_id=step.id, field=step.field, value=step.value)
    if facts.about is not None:
        item = field_setting.applied(facts.about.item, step.field, step.value, now)
        facts = replace(facts, about=replace(facts.about, item=item))
    return facts, (setting, done)


def failed(
    enrollment: Enrollment, step: UpdateFieldStep, why: str, now: datetime
) -> tuple[Enrollment, Record]:
    """The item does not take the value: the sequence cannot go on as its author meant."""
    after = changed(
        move(enrollment, Move.FAIL),
        reason=FailureReason.FIELD_UPDATE_FAILED,
        ended_at=now,
        why_then="",
    )
    record = Record(
        step_id=step.id,
        type="update_field",
        state="failed",
        at=now,
        why=why,
        reason=FailureReason.FIELD_UPDATE_FAILED,
    )
    return after, record


def advanced(
    enrollment: Enrollment, step: AdvanceStep, now: datetime
) -> tuple[Enrollment, tuple[Effect, ...]]:
    """Leave for the other sequence, which takes the item over in the same transaction."""
    after = changed(
        move(enrollment, Move.EXIT), reason=ExitReason.ADVANCED, ended_at=now, why_then=""
    )
    why = f"to sequence {step.sequence_id}"
    record = Record(step_id=step.id, type="exit", state=ExitReason.ADVANCED, at=now, why=why)
    return after, (record, AdvanceTo(step_id=step.id, sequence_id=step.sequence_id))


def answered_late(
    enrollment: Enrollment, done: tuple[Record, ...], now: datetime
) -> tuple[Enrollment, tuple[Effect, ...]]:
    """Leave as after any other reply."""
    after = changed(
        move(enrollment, Move.EXIT), reason=ExitReason.REPLIED, ended_at=now, why_then=""
    )
    why = "answered after the time that the condition gives"
    record = Record(
        step_id=enrollment.step_id, type="exit", state=ExitReason.REPLIED, at=now, why=why
    )
    # The step is left by the exit: counted as completed by its No, it would be left twice.
    verdicts = tuple(structs.replace(each, state="late") for each in done)
    return after, (*verdicts, record, *steps.goals_of(after, now))


def closed_door(step: AdvanceStep) -> str:
    """Say why nobody can be handed over."""
    return (
        f"the sequence {step.sequence_id} does not take items, or is working this one already; "
        "complete this once it does, or skip it to end here"
    )


def unanswered(step: ConditionStep, question: Unanswerable, now: datetime) -> tuple[str, Record]:
    """Say why a condition cannot be decided (Dynamics 2.2: "unable to evaluate")."""
    why = f"unable to evaluate `{question.field}`: {question.why}; say Yes or No"
    return why, Record(step_id=step.id, type="condition", state="unanswered", at=now, why=why)


def choice(
    enrollment: Enrollment, step: ConditionStep | AdvanceStep, why: str, now: datetime
) -> AskUser:
    """Ask the owner: nothing fails silently, and nothing is guessed."""
    return AskUser(
        step_id=step.id,
        type=CHOICE,
        assignee_id=enrollment.owner_id,
        due_at=now,
        needs_outcome=isinstance(step, ConditionStep),
        why=why,
    )


def drawn(
    enrollment: Enrollment, step: AbTestStep, facts: Facts, now: datetime
) -> tuple[Enrollment, tuple[Record, ...]]:
    """Give the enrollment its version of a test, once: the winner's, if there is one."""
    if letter_in(enrollment.versions, step.id) is not None:
        return enrollment, ()
    letter = facts.winners.get(step.id) or letter_of(enrollment.id, step.id, step.share_a)
    versions = (*enrollment.versions, figure_key(step.id, letter))
    record = Record(
        step_id=step.id, type=steps.type_of(step), state="drawn", at=now, version=letter.value
    )
    return changed(enrollment, versions=versions), (record,)
