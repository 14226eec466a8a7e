"""What would happen to one item, step by step, and why then: one walk on an imagined clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.ids import SignalId, StepId
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    Asked,
    ConditionStep,
    EmailStep,
    Flow,
    Step,
    ways_out,
)
from chalicelib.domain.sequences.effects import AskUser, Effect, Record
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.planning import Planned
from chalicelib.domain.sequences.playing import Play
from chalicelib.domain.sequences.signals import Heard, MailEvent, TaskDone
from chalicelib.domain.sequences.steps import type_of

MOST_MOMENTS: Final = 1_000
_ANSWERS_AFTER: Final = timedelta(hours=1)
"""An imagined answer comes this long after the mail it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One step of a flow: when it would be reached, acted upon and left, and why then.

    A step that this walk does not come to has no instants.
    """

    step_id: StepId
    type: str
    name: str | None = None
    reached_at: datetime | None = None
    planned_at: datetime | None = None
    left_at: datetime | None = None
    state: str | None = None
    why_then: str = ""


@dataclass(slots=True)
class _Cast:
    """Everybody works at once, and answers as the author imagines."""

    answers: Mapping[StepId, str]
    questions: Sequence[ConditionStep]
    numbered: int = 0
    sent: list[StepId] = field(default_factory=list)

    def postponed(self, play: Play, step: EmailStep, now: datetime) -> Planned | None:
        del play, step, now
        return None

    def after_mail(
        self, play: Play, step: EmailStep, now: datetime
    ) -> Sequence[tuple[datetime, Heard]]:
        del play
        asked = [
            event
            for question in self.questions
            if question.of == step.id and self.answers.get(question.id) == "yes"
            for event in question.asked_of_mail
        ]
        at = now + _ANSWERS_AFTER
        return [
            (
                at,
                Heard(
                    id=SignalId(f"{step.id}-{each}"), event=MailEvent(each), step_id=step.id, at=at
                ),
            )
            for each in asked
        ]

    def done_at(self, play: Play, asked: AskUser, now: datetime) -> tuple[datetime, TaskDone]:
        outcome = self.answers.get(asked.step_id) or self._outcome(asked.step_id)
        done = TaskDone(step_id=asked.step_id, by=play.head.owner_id, outcome=outcome)
        return max(now, asked.due_at), done

    def _outcome(self, step_id: StepId) -> str | None:
        for question in self.questions:
            if question.of == step_id and question.on in {Asked.ANSWERED, Asked.CALL_OUTCOME}:
                is_yes = self.answers.get(question.id) == "yes"
                yes = question.outcomes[0] if question.outcomes else "answered"
                return yes if is_yes else "not_answered"
        return None


def foreseen(
    flow: Flow, enrollment: Enrollment, facts: Facts, answers: Mapping[StepId, str]
) -> tuple[list[Foreseen], Enrollment]:
    """Return every step of the flow, those of the walk first, and how it ends."""
    questions = [step for step in flow.steps if isinstance(step, ConditionStep)]
    cast = _Cast(answers=answers, questions=questions)
    play = Play(flow=flow, head=enrollment, facts=facts, script=cast)
    story = _Story(flow)
    if enrollment.step_id is not None:
        story.reach(enrollment.step_id, enrollment.started_at)
    for _ in range(MOST_MOMENTS):
        now = play.next_at
        if now is None:
            break
        effects = play.go_on(now)
        story.tell(effects, play.head)
    return story.told(), play.head


class _Story:
    """What is known of each step so far, in the order of the walk."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._rows: dict[StepId, dict[str, object]] = {}

    def reach(self, step_id: StepId, at: datetime) -> None:
        self._rows.setdefault(step_id, {"reached_at": at})

    def tell(self, effects: Sequence[Effect], head: Enrollment) -> None:
        for effect in effects:
            if not isinstance(effect, Record) or effect.step_id is None:
                continue
            if effect.type in {"reply", "goal"}:
                continue
            self.reach(effect.step_id, effect.at)
            if effect.state != "reached":
                self._rows[effect.step_id].update(left_at=effect.at, state=effect.state)
        if head.step_id in self._rows and not head.is_over and head.step_id is not None:
            self._rows[head.step_id].update(
                planned_at=head.planned_at or head.due_at, why_then=head.why_then
            )

    def told(self) -> list[Foreseen]:
        known = self._flow.by_id()
        rows = [_foreseen(known, step_id, row) for step_id, row in self._rows.items()]
        left = [step_id for step_id in _in_order(self._flow) if step_id not in self._rows]
        return rows + [_foreseen(known, step_id, {}) for step_id in left]


def _foreseen(known: Mapping[StepId, Step], step_id: StepId, row: Mapping[str, object]) -> Foreseen:
    return Foreseen(step_id=step_id, type=type_of(known[step_id]), name=known[step_id].name, **row)  # type: ignore[arg-type]  # rows hold what Foreseen names


def _in_order(flow: Flow) -> list[StepId]:
    """Return the steps as a reader would meet them: a question's Yes first."""
    known, seen = flow.by_id(), dict[StepId, None]()
    waiting = [flow.start] if flow.start in known else []
    while waiting:
        step_id = waiting.pop()
        if step_id is None or step_id in seen or step_id not in known:
            continue
        seen[step_id] = None
        waiting.extend(reversed(ways_out(known[step_id])))
    return [*seen, *(step.id for step in flow.steps if step.id not in seen)]
