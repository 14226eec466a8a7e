"""Yes or No: what a condition asks, and until when the answer may come."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import Asked, ConditionStep, EmailStep, Flow
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.signals import Heard, MailEvent

GRACE: Final = timedelta(minutes=2)
"""A "No" is fired this late, so that an answer still in a queue counts."""

_CALL_ANSWERED: Final = frozenset({"answered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the engine must know of the world besides the enrollment."""

    exit_on_reply: bool = True
    heard: tuple[Heard, ...] = ()


def verdict(
    enrollment: Enrollment, step: ConditionStep, facts: Facts, now: datetime
) -> bool | None:
    """Return Yes or No, or None while the answer may still come.

    A skipped step goes to No (M5), and so does a question about a step that was not the last.
    """
    last = enrollment.last
    if last is None or last.step_id != step.of or last.is_skipped:
        return False
    match step.on:
        case Asked.ANSWERED:
            return last.outcome in _CALL_ANSWERED
        case Asked.CALL_OUTCOME:
            return last.outcome in step.outcomes
        case _:
            return _mail_verdict(enrollment, step, facts, now)


def deadline(enrollment: Enrollment, step: ConditionStep) -> datetime:
    """Return when No is the answer; a pause moves it while the condition waits."""
    is_waiting_here = enrollment.step_id == step.id and enrollment.phase is Phase.WAITING
    if is_waiting_here and enrollment.planned_at is not None:
        return enrollment.planned_at
    sent_at = enrollment.last.done_at if enrollment.last else enrollment.arrived_at
    return sent_at + (step.within or timedelta())


def judged(step: ConditionStep, *, is_yes: bool, now: datetime) -> Record:
    """Return the line of history that says how it was decided."""
    return Record(step_id=step.id, type="condition", state="yes" if is_yes else "no", at=now)


def after_verdict(enrollment: Enrollment, step: ConditionStep, *, is_yes: bool) -> Enrollment:
    """Remember that a reply was expected and came: later ones stop nothing."""
    took_reply = is_yes and asks_for_reply(step)
    return replace(enrollment, has_answer=enrollment.has_answer or took_reply)


def after_mail(step: EmailStep, flow: Flow) -> ConditionStep | None:
    """Return the condition directly after a mail that asks whether it was answered."""
    following = flow.by_id().get(step.next or StepId(""))
    is_asking = isinstance(following, ConditionStep) and asks_for_reply(following)
    return following if is_asking and isinstance(following, ConditionStep) else None


def is_overtaken(enrollment: Enrollment, step: EmailStep, flow: Flow, facts: Facts) -> bool:
    """Whether a reply came while `step` was the current one and its mail not yet out.

    It answers the condition after the mail; to send the mail to somebody who has just answered
    would be rude. A person who asks for it by hand knows what they do.
    """
    if after_mail(step, flow) is None or enrollment.approved_by is not None:
        return False
    return any(
        heard.event is MailEvent.REPLIED and heard.is_proven and heard.at >= enrollment.arrived_at
        for heard in facts.heard
    )


def asks_for_reply(step: ConditionStep) -> bool:
    """Whether a reply would answer this condition, alone or among others."""
    return step.on is Asked.REPLIED or Asked.REPLIED in step.results


def _mail_verdict(
    enrollment: Enrollment, step: ConditionStep, facts: Facts, now: datetime
) -> bool | None:
    limit = deadline(enrollment, step)
    has_answer = any(_answers(heard, enrollment, step, limit) for heard in facts.heard)
    if has_answer and (step.at_once or now >= limit):
        return True
    return False if now >= limit + GRACE else None


def _answers(heard: Heard, enrollment: Enrollment, step: ConditionStep, limit: datetime) -> bool:
    """Whether a stored reply answers `step`: its mail, or any since that mail's step began."""
    if heard.event is not MailEvent.REPLIED or not heard.is_proven or heard.at > limit:
        return False
    last = enrollment.last
    return heard.step_id == step.of or (last is not None and heard.at >= last.arrived_at)
