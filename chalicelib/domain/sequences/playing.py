"""One imagined enrollment on an imagined clock, moved by the very engine that moves real ones.

What people and recipients would do comes from a script; preview and simulation differ in it alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from chalicelib.domain.crm import field_setting
from chalicelib.domain.ids import StepId, WireId
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    AdvanceStep,
    Asked,
    ConditionStep,
    EmailStep,
    Flow,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.effects import AskUser, Effect, SendMail, SetField
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.planning import Planned
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

    def postponed(self, play: "Play", step: EmailStep, now: datetime) -> Planned | None:
        """When a mail that is due may try again, and why then; None: it goes out now."""
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
        is_watched = self.head.phase is not Phase.ASKED or self.facts.skip_after is not None
        if self.head.due_at is not None and is_watched:
            instants.append(self.head.due_at)
        return min(instants, default=None)

    def go_on(self, now: datetime) -> tuple[Effect, ...]:
        """Let happen what happens next; return what the engine wanted done."""
        signal = self._signal(now)
        if isinstance(signal, Heard):
            self.facts = replace(self.facts, heard=(*self.facts.heard, signal))
        if isinstance(signal, TaskDone):
            if not self._is_asked(signal.step_id):
                return ()
            step = self.flow.by_id()[signal.step_id]
            if isinstance(step, EmailStep):  # by hand it is a mail all the same, and is answered
                self.coming.extend(self.script.after_mail(self, step, now))
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
            if isinstance(effect, SetField):
                self.facts = _with_field(self.facts, effect, now)
            elif isinstance(effect, AskUser) and not self._is_at_closed_door(effect):
                self.coming.append(self.script.done_at(self, effect, now))
            elif isinstance(effect, SendMail) and isinstance(signal, TimeCame):
                effects += self._mail(effect.step_id, now)
        return effects

    def _is_at_closed_door(self, asked: AskUser) -> bool:
        """Whether the other sequence takes nobody: what a person does then, nobody can foresee."""
        step = self.flow.by_id()[asked.step_id]
        return isinstance(step, AdvanceStep) and step.sequence_id in self.facts.closed

    def _mail(self, step_id: StepId, now: datetime) -> tuple[Effect, ...]:
        step = self.flow.by_id()[step_id]
        if isinstance(step, EmailStep):
            later = self.script.postponed(self, step, now)
            if later is not None:
                postponed = MailPostponed(step_id=step_id, until=later.at, why=later.why)
                return self._take(postponed, now)
            self.coming.extend(self.script.after_mail(self, step, now))
        wire_id = WireId(f"{step_id}@imagined")
        return self._take(MailSent(step_id=step_id, wire_id=wire_id, sent_at=now), now)


def _with_field(facts: Facts, effect: SetField, now: datetime) -> Facts:
    """Return `facts` with an item that has the value: later questions about it see that."""
    if facts.about is None:
        return facts
    item = field_setting.applied(facts.about.item, effect.field, effect.value, now)
    return replace(facts, about=replace(facts.about, item=item))


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
