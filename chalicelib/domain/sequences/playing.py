"""One imagined enrollment on an imagined clock, moved by the very engine that moves real ones.

What people and recipients would do comes from a script; preview and simulation differ in it alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from chalicelib.domain.ids import StepId, WireId
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    Asked,
    ConditionStep,
    EmailStep,
    Flow,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.effects import AskUser, Effect, SendMail
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.signals import (
    Heard,
    MailPostponed,
    MailSent,
    Signal,
    TaskDone,
    TimeCame,
)

ABOUT_ITEM = frozenset({Asked.FIELD, Asked.STAGE})


class Script(Protocol):
    """What people would do."""

    def postponed(self, play: "Play", now: datetime) -> datetime | None:
        """Until when a mail that is due must wait for its turn; None: it goes out now."""
        ...

    def after_mail(
        self, play: "Play", step: EmailStep, now: datetime
    ) -> Sequence[tuple[datetime, Heard]]:
        """What the other side would do with a mail that has just gone out."""
        ...

    def done_at(self, play: "Play", asked: AskUser, now: datetime) -> tuple[datetime, TaskDone]:
        """When a person would have done a step, and what came of it."""
        ...


@dataclass(slots=True, kw_only=True)
class Play:
    """One enrollment, and what its people are going to do."""

    flow: Flow
    head: Enrollment
    facts: Facts
    script: Script
    coming: list[tuple[datetime, Signal]] = field(default_factory=list)

    @property
    def next_at(self) -> datetime | None:
        """When something happens next; None: never more."""
        if self.head.is_over:
            return None
        instants = [at for at, _ in self.coming]
        if self.head.due_at is not None and self.head.phase is not Phase.ASKED:
            instants.append(self.head.due_at)
        return min(instants, default=None)

    def go_on(self, now: datetime) -> tuple[Effect, ...]:
        """Let happen what happens next; return what the engine wanted done."""
        signal = self._signal(now)
        if isinstance(signal, Heard):
            self.facts = replace(self.facts, heard=(*self.facts.heard, signal))
        if isinstance(signal, TaskDone) and not self._is_asked(signal.step_id):
            return ()
        return self._take(signal, now)

    def _is_asked(self, step_id: StepId) -> bool:
        is_open = self.head.phase is Phase.ASKED and self.head.status is Status.ACTIVE
        return is_open and self.head.step_id == step_id

    def _signal(self, now: datetime) -> Signal:
        for each in sorted(self.coming, key=lambda entry: entry[0]):
            if each[0] <= now:
                self.coming.remove(each)
                return each[1]
        return TimeCame(token=self.head.token)

    def _take(self, signal: Signal, now: datetime) -> tuple[Effect, ...]:
        decision = decide(self.head, self.flow, signal, now, self.facts)
        self.head = decision.enrollment
        effects = decision.effects
        for effect in decision.effects:
            if isinstance(effect, AskUser):
                self.coming.append(self.script.done_at(self, effect, now))
            elif isinstance(effect, SendMail) and isinstance(signal, TimeCame):
                effects += self._mail(effect.step_id, now)
        return effects

    def _mail(self, step_id: StepId, now: datetime) -> tuple[Effect, ...]:
        until = self.script.postponed(self, now)
        if until is not None:
            why = "the day's share of mails is used up"
            return self._take(MailPostponed(step_id=step_id, until=until, why=why), now)
        step = self.flow.by_id()[step_id]
        if isinstance(step, EmailStep):
            self.coming.extend(self.script.after_mail(self, step, now))
        wire_id = WireId(f"{step_id}@imagined")
        return self._take(MailSent(step_id=step_id, wire_id=wire_id, sent_at=now), now)


def with_answers(flow: Flow, is_yes_by_id: Mapping[StepId, bool]) -> Flow:
    """Return the flow in which questions about an item nobody has are answered beforehand."""
    return msgspec.structs.replace(
        flow, steps=tuple(_answered(step, is_yes_by_id) for step in flow.steps)
    )


def _answered(step: Step, is_yes_by_id: Mapping[StepId, bool]) -> Step:
    if not isinstance(step, ConditionStep) or step.on not in ABOUT_ITEM:
        return step
    if step.id not in is_yes_by_id:
        return step
    way = step.yes if is_yes_by_id[step.id] else step.no
    return WaitStep(id=step.id, name=step.name, wait_for=timedelta(), next=way)
