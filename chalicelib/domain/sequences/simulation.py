"""Many imagined enrollments over a period: what would be sent, done and reached, day by day.

The engine is the one that moves real enrollments; chance decides only what people do. The same
seed gives the same days.
"""

import heapq
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.ids import EnrollmentId, SignalId, StepId, UserId
from chalicelib.domain.sequences.allowances import Allowances
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import (
    Asked,
    ConditionStep,
    EmailStep,
    Flow,
)
from chalicelib.domain.sequences.effects import AskUser
from chalicelib.domain.sequences.enrollment import Count, Enrollment, count_of
from chalicelib.domain.sequences.planning import Planned
from chalicelib.domain.sequences.playing import ABOUT_ITEM, Play, with_answers
from chalicelib.domain.sequences.signals import Heard, MailEvent, TaskDone

MOST_RECORDS: Final = 10_000
MOST_DAYS: Final = 366
MOST_SENDERS: Final = 500
_MOST_QUESTIONS: Final = 8
"""Beyond so many questions about items all further ones are answered alike for everybody."""
_NO_CAPS: Final = TenantSettings()
_DAY: Final = timedelta(days=1)
_ANSWERED_AFTER: Final = timedelta(hours=9)
"""On average; half of all answers come within six hours and a quarter."""


class Chances(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How probable each answer is, from 0 to 1; `steps` for single steps or questions."""

    replied: float = 0.08
    opened: float = 0.4
    clicked: float = 0.05
    attachment_opened: float = 0.05
    answered: float = 0.3
    field: float = 0.5
    steps: Mapping[StepId, float] = {}


class Imagined(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be simulated."""

    records: int
    begin_at: datetime
    days: int = 1
    """Over so many days the records come in, evenly."""
    senders: int = 1
    daily_cap: int | None = None
    """Mails that one sender may send in a day; None: as many as the tenant's settings say."""
    recipient_domains: int | None = None
    """Over so many domains of recipients the records spread; None: everybody has their own."""
    work_for: timedelta = timedelta(hours=4)
    """How long, on average, a person takes for a step."""
    chances: Chances = Chances()
    seed: int = 1


@dataclass(slots=True, kw_only=True)
class Outlook:
    """What came of it; days are those of the sender's zone."""

    sends: Counter[tuple[date, int]] = field(default_factory=Counter)
    tasks: Counter[date] = field(default_factory=Counter)
    begun: Counter[date] = field(default_factory=Counter)
    ended: Counter[date] = field(default_factory=Counter)
    replies: Counter[date] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    counts: Counter[Count] = field(default_factory=Counter)
    reached: Counter[StepId] = field(default_factory=Counter)
    collisions: Counter[str] = field(default_factory=Counter)
    """How often a mail found a cap used up, by whose it is."""
    took: list[timedelta] = field(default_factory=list)

    @property
    def inside_by_day(self) -> dict[date, int]:
        """How many are inside at the end of each day."""
        inside, by_day = 0, {}
        known = {*self.begun, *self.ended, *self.tasks, *(day for day, _ in self.sends)}
        day = min(known, default=date.min)
        while known and day <= max(known):
            inside += self.begun[day] - self.ended[day]
            by_day[day] = inside
            day += _DAY
        return by_day

    @property
    def median(self) -> timedelta | None:
        """How long half of those that ended took."""
        return sorted(self.took)[len(self.took) // 2] if self.took else None


class _Stage:
    """Whom chance moves: senders with their caps, recipients with their moods."""

    def __init__(self, flow: Flow, imagined: Imagined, zone: str, house: TenantSettings) -> None:
        self._seed = imagined.seed
        self._drawn = 0
        self.imagined = imagined
        self.place = ZoneInfo(zone)
        if imagined.daily_cap is not None:
            house = msgspec.structs.replace(house, sender_daily_cap=imagined.daily_cap)
        self._allowances = Allowances(house)
        self.outlook = Outlook(collisions=self._allowances.collisions)
        self.questions = {
            step.of: step for step in flow.steps if isinstance(step, ConditionStep) and step.of
        }

    def day(self, at: datetime) -> date:
        return at.astimezone(self.place).date()

    def draw(self) -> float:
        """Return the next number from 0 to below 1: a hash, alike on every machine."""
        self._drawn += 1
        digest = sha256(f"{self._seed} {self._drawn}".encode()).digest()
        return int.from_bytes(digest[:7]) / 2**56

    def lasting(self, mean: timedelta) -> timedelta:
        """Return a length of time, mostly short and seldom long, as people take."""
        return mean * -math.log(1 - self.draw())

    def happens(self, step_id: StepId, default: float) -> bool:
        return self.draw() < self.imagined.chances.steps.get(step_id, default)

    def postponed(self, play: Play, step: EmailStep, now: datetime) -> Planned | None:
        head, domains = play.head, self.imagined.recipient_domains
        recipient = f"somebody@{_number(head) % (domains or MOST_RECORDS)}.example"
        later = self._allowances.take(head, step, (recipient,), play.facts.times, now)
        if later is None:
            self.outlook.sends[self.day(now), _sender(head)] += 1
        return later

    def after_mail(
        self, play: Play, step: EmailStep, now: datetime
    ) -> Sequence[tuple[datetime, Heard]]:
        chances = self.imagined.chances
        heard = []
        for event, default in (
            (MailEvent.OPENED, chances.opened),
            (MailEvent.CLICKED, chances.clicked),
            (MailEvent.ATTACHMENT_OPENED, chances.attachment_opened),
            (MailEvent.REPLIED, chances.replied),
        ):
            by_step = (
                default
                if event is not MailEvent.REPLIED
                else chances.steps.get(step.id, self._asked(step.id, default))
            )
            if self.draw() >= by_step:
                continue
            at = now + self.lasting(_ANSWERED_AFTER)
            name = SignalId(f"{play.head.id}-{step.id}-{event}")
            heard.append((at, Heard(id=name, event=event, step_id=step.id, at=at)))
            if event is MailEvent.REPLIED:
                self.outlook.replies[self.day(at)] += 1
        return heard

    def _asked(self, step_id: StepId, default: float) -> float:
        question = self.questions.get(step_id)
        return (
            default if question is None else self.imagined.chances.steps.get(question.id, default)
        )

    def done_at(self, play: Play, asked: AskUser, now: datetime) -> tuple[datetime, TaskDone]:
        self.outlook.tasks[self.day(now)] += 1
        at = max(now, asked.due_at) + self.lasting(self.imagined.work_for)
        outcome = None
        question = self.questions.get(asked.step_id)
        if question is not None and question.on in {Asked.ANSWERED, Asked.CALL_OUTCOME}:
            yes = question.outcomes[0] if question.outcomes else "answered"
            is_yes = self.happens(question.id, self.imagined.chances.answered)
            outcome = yes if is_yes else "not_answered"
        done = TaskDone(step_id=asked.step_id, by=play.head.owner_id, outcome=outcome)
        return at, done


def simulated(
    flow: Flow,
    like: Enrollment,
    facts: Facts,
    imagined: Imagined,
    house: TenantSettings = _NO_CAPS,
) -> Outlook:
    """Play all records through the flow; `like` is the first of them, `house` has the caps."""
    stage = _Stage(flow, imagined, like.zone, house)
    flows = _flows(flow)
    plays: list[Play] = []
    agenda: list[tuple[datetime, int]] = []
    for number in range(imagined.records):
        at = imagined.begin_at + imagined.days * _DAY * number / imagined.records
        head = replace(
            like,
            id=EnrollmentId(f"imagined-{imagined.seed}-{number:06d}"),
            owner_id=UserId(f"sender-{number % imagined.senders}"),
            due_at=at,
            arrived_at=at,
            started_at=at,
        )
        answers = tuple(stage.happens(each, imagined.chances.field) for each in flows.questions)
        played = flows.by_answers[answers]
        plays.append(Play(flow=played, head=head, facts=facts, script=stage))
        stage.outlook.begun[stage.day(at)] += 1
        if like.step_id is not None:
            stage.outlook.reached[like.step_id] += 1
        heapq.heappush(agenda, (at, number))
    _play(plays, agenda, stage)
    return stage.outlook


def _play(plays: Sequence[Play], agenda: list[tuple[datetime, int]], stage: _Stage) -> None:
    """Let everything happen in the order of time, until nothing is left or a year has gone."""
    outlook = stage.outlook
    until = stage.imagined.begin_at + (stage.imagined.days + MOST_DAYS) * _DAY
    while agenda and agenda[0][0] <= until:
        now, number = heapq.heappop(agenda)
        play = plays[number]
        for effect in play.go_on(now):
            if getattr(effect, "state", "") == "reached":
                outlook.reached[effect.step_id] += 1  # type: ignore[union-attr,index]  # only records have a state like it
        at = play.next_at
        if at is not None:
            heapq.heappush(agenda, (max(at, now), number))
    for play in plays:
        head = play.head
        outlook.counts[count_of(head.status, head.reason)] += 1
        if head.is_over and head.ended_at is not None:
            outlook.outcomes[head.outcome or head.reason or head.status] += 1
            outlook.ended[stage.day(head.ended_at)] += 1
            outlook.took.append(head.ended_at - head.started_at)
        else:
            outlook.outcomes["in_progress"] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flows:
    """A flow in every version that answers to questions about the item make of it."""

    questions: Sequence[StepId]
    by_answers: Mapping[tuple[bool, ...], Flow]


def _flows(flow: Flow) -> _Flows:
    asked = [
        step.id for step in flow.steps if isinstance(step, ConditionStep) and step.on in ABOUT_ITEM
    ]
    first, rest = asked[:_MOST_QUESTIONS], asked[_MOST_QUESTIONS:]
    by_answers = {
        answers: with_answers(
            flow, {**dict(zip(first, answers, strict=True)), **dict.fromkeys(rest, False)}
        )
        for answers in product((False, True), repeat=len(first))
    }
    return _Flows(questions=first, by_answers=by_answers)


def _sender(head: Enrollment) -> int:
    return int(head.owner_id.rsplit("-", 1)[-1])


def _number(head: Enrollment) -> int:
    return int(head.id.rsplit("-", 1)[-1])
