"""Yes or No: what a condition asks, and until when the answer may come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.crm.comparisons import answer
from chalicelib.domain.crm.field_paths import About, Unanswerable
from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.ab_tests import Letter
from chalicelib.domain.sequences.calendars import AT_ANY_TIME, Times
from chalicelib.domain.sequences.definition import Asked, ConditionStep, EmailStep, Flow
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, changed
from chalicelib.domain.sequences.holds import SequenceState
from chalicelib.domain.sequences.signals import Heard, MailEvent

GRACE: Final = timedelta(minutes=2)
"""A "No" is fired this late, so that an answer still in a queue counts."""

RUNNING: Final = SequenceState()
"""How a sequence stands that lets those inside go on."""

_CALL_ANSWERED: Final = frozenset({"answered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the engine must know of the world besides the enrollment."""

    exit_on_reply: bool = True
    state: SequenceState = RUNNING
    """Whether its sequence lets it go on."""
    heard: tuple[Heard, ...] = ()
    times: Times = AT_ANY_TIME
    """What moves a planned instant: calendar, window, the sender's absence."""
    skip_after: timedelta | None = None
    """A task that is overdue by this much is skipped."""
    task_due_at: datetime | None = None
    """When the open task is due, if somebody moved it."""
    place_at: datetime | None = None
    """When a pending enrollment has a place, in the zone of that day; None: it may start."""
    failed_to_manual: bool = False
    """An automatic mail that cannot go out becomes a draft instead of a failure."""
    about: About | None = None
    """The item, read only where a step ahead asks for it."""
    winners: Mapping[StepId, Letter] = field(default_factory=dict)
    """Of the A/B tests ahead, which version is the better one, if that is known."""
    closed: Collection[SequenceId] = ()
    """Of the sequences ahead that the item may be handed to, those that take nobody now."""


def verdict(
    enrollment: Enrollment, step: ConditionStep, facts: Facts, now: datetime
) -> bool | Unanswerable | None:
    """Return Yes or No, None while the answer may still come, or why there will be none.

    A skipped step goes to No (M5), and so does a question about a step that was not the last.
    """
    if step.on in {Asked.FIELD, Asked.STAGE}:
        return _of_item(step, facts.about)
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


def after_verdict(
    enrollment: Enrollment, step: ConditionStep, facts: Facts, *, is_yes: bool
) -> Enrollment:
    """Remember that a reply was expected and came: later ones stop nothing."""
    took_reply = is_yes and asks_for_reply(step) and any(map(_is_reply, facts.heard))
    return changed(enrollment, has_answer=enrollment.has_answer or took_reply)


def has_late_reply(enrollment: Enrollment, step: ConditionStep, facts: Facts) -> bool:
    """Whether a reply came, but after the time that the condition gives: it is still a reply."""
    if not asks_for_reply(step) or enrollment.has_answer or enrollment.last is None:
        return False
    limit = deadline(enrollment, step)
    return any(_is_reply(heard) and heard.at > limit for heard in facts.heard)


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
    return any(_is_reply(heard) and heard.at >= enrollment.arrived_at for heard in facts.heard)


def asks_for_reply(step: ConditionStep) -> bool:
    """Whether a reply would answer this condition, alone or among others."""
    return Asked.REPLIED in step.asked_of_mail


def _mail_verdict(
    enrollment: Enrollment, step: ConditionStep, facts: Facts, now: datetime
) -> bool | None:
    limit = deadline(enrollment, step)
    did = (_was_done(asked, enrollment, step, facts, limit) for asked in step.asked_of_mail)
    has_answer = all(did) if step.on is Asked.ALL_OF else any(did)
    if has_answer and (step.at_once or now >= limit):
        return True
    return False if now >= limit + GRACE else None


def _was_done(
    asked: Asked, enrollment: Enrollment, step: ConditionStep, facts: Facts, limit: datetime
) -> bool:
    """Whether the other side did with the mail what is asked, in time; a click is an opening."""
    wanted = {asked.value} | ({MailEvent.CLICKED.value} if asked is Asked.OPENED else set())
    return any(
        heard.event.value in wanted and _counts(heard, enrollment, step, limit)
        for heard in facts.heard
    )


def _counts(heard: Heard, enrollment: Enrollment, step: ConditionStep, limit: datetime) -> bool:
    """Whether it concerns this mail; a reply may also answer any since that mail's step began."""
    if not heard.is_proven or heard.is_machine or heard.at > limit:
        return False
    last = enrollment.last
    is_since = _is_reply(heard) and last is not None and heard.at >= last.arrived_at
    return heard.step_id == step.of or is_since


def _is_reply(heard: Heard) -> bool:
    return heard.event is MailEvent.REPLIED and heard.is_proven


def _of_item(step: ConditionStep, about: About | None) -> bool | Unanswerable:
    if about is None:
        return Unanswerable(step.field or "stage", "its item is gone")
    if step.on is Asked.FIELD:
        return answer(step.comparison, about)
    stage = (about.item.stage or "").casefold()
    return stage in {each.casefold() for each in step.stages}
