"""The kinds of steps that are interrupted: how an enrollment comes to stand before one, who acts.

Whoever acts makes every call that the interruptions come between: a worker that time woke, or a
person's request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from msgspec import structs

from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    AdvanceStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    ItemAction,
    Step,
    UpdateFieldStep,
    WaitStep,
)
from chalicelib.domain.sequences.ledger import LEASE_FOR
from chalicelib.services import drafts, working
from chalicelib.services.drafts import Written
from tests.builders import NOW
from tests.services.races.world import OTHER, SALLY, SEQUENCE, Case

DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)

M1: Final = EmailStep(
    id=StepId("m1"), automatic=True, subject="Hello", body="<p>Hello</p>", next=StepId("w1")
)
K1: Final = ConditionStep(
    id=StepId("k1"),
    on=Asked.REPLIED,
    of=StepId("m1"),
    within=2 * DAY,
    yes=StepId("x1"),
    no=StepId("w1"),
)
W1: Final = WaitStep(id=StepId("w1"), wait_for=DAY, next=StepId("c1"))
C1: Final = ActivityStep(
    id=StepId("c1"), activity_type="call", subject="Call them", next=StepId("x1")
)
M2: Final = EmailStep(
    id=StepId("m2"),
    automatic=True,
    subject="Re: Hello",
    body="<p>Again</p>",
    reply_to_step=StepId("m1"),
    next=StepId("w2"),
)
W2: Final = WaitStep(id=StepId("w2"), wait_for=DAY, next=StepId("c1"))
D1: Final = EmailStep(id=StepId("d1"), subject="Mine", body="<p>Hello</p>", next=StepId("w1"))
U1: Final = UpdateFieldStep(id=StepId("u1"), field="title", value="Called", next=StepId("w2"))
A1: Final = AdvanceStep(id=StepId("a1"), sequence_id=OTHER)
X1: Final = EndStep(id=StepId("x1"), outcome="done", item_action=ItemAction(add_tag="worked"))


class WorkerDied(BaseException):
    """The process ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of step: the flow it stands in, what happens before it, and who acts then."""

    flow: Flow
    prepare: Callable[[Case], None] = lambda _: None
    act: Callable[[Case], None]
    calls: int
    """About so many it takes, if nothing comes between."""


def a_flow(*steps: Step) -> Flow:
    return Flow(start=steps[0].id, steps=steps)


def led_to(step: EmailStep | WaitStep, step_id: str) -> Step:
    """Return a step that goes on elsewhere."""
    return structs.replace(step, next=StepId(step_id))


def wait(case: Case, by: timedelta) -> None:
    """Let time pass."""
    case.world.doubles.clock.advance(by)


def take(case: Case) -> None:
    """Do what is due, as a worker with the token of this instant."""
    case.take(case.head.token)


def after_a_day(case: Case) -> None:
    """Take the step before, and let a day pass."""
    take(case)
    wait(case, DAY + SECOND)


def after_the_limit(case: Case) -> None:
    """Send the mail, and let the time of its condition pass."""
    take(case)
    wait(case, 2 * DAY + timedelta(minutes=3))


def send_by_hand(case: Case) -> None:
    """Sally sends her draft; then the worker takes it."""
    drafts.send(case.task("d1"), Written(subject="Final"), by=SALLY, bench=case.bench)
    take(case)


def held_for_consent(case: Case) -> None:
    """The mail was held, for its sender had not allowed it; now they do."""
    consents = case.world.stores.consents
    consents.withdraw(SALLY, SEQUENCE)
    take(case)
    consents.give(Consent(user_id=SALLY, sequence_id=SEQUENCE, given_at=NOW))


def retry(case: Case) -> None:
    """Sally lets the held mail go; then the worker takes it."""
    working.retry(case.task("m1"), by=SALLY, bench=case.bench)
    take(case)


def complete(case: Case) -> None:
    """Sally has made the call."""
    working.complete(case.task("c1"), outcome="answered", note=None, by=SALLY, bench=case.bench)


def left_by_its_worker(case: Case) -> None:
    """The mail left, and its worker never came back."""

    def die() -> None:
        raise WorkerDied

    mailer = case.world.doubles.mailer
    mailer.on_send = die
    try:
        take(case)
    except WorkerDied:
        mailer.on_send = lambda: None
    wait(case, LEASE_FOR + SECOND)


_MAILS: Final = a_flow(M1, led_to(W1, "m2"), M2, W2, C1, X1)
_TO_CALL: Final = a_flow(W1, C1, X1)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "first mail": Kind(flow=_MAILS, act=take, calls=22),
        "second mail": Kind(flow=_MAILS, prepare=after_a_day, act=take, calls=24),
        "held mail": Kind(flow=_MAILS, prepare=held_for_consent, act=retry, calls=26),
        "lost worker": Kind(flow=_MAILS, prepare=left_by_its_worker, act=take, calls=5),
        "approved draft": Kind(
            flow=a_flow(D1, W1, C1, X1), prepare=take, act=send_by_hand, calls=30
        ),
        "manual task": Kind(flow=_TO_CALL, prepare=after_a_day, act=take, calls=4),
        "completed task": Kind(flow=a_flow(C1, X1), prepare=take, act=complete, calls=6),
        "wait": Kind(flow=_TO_CALL, act=take, calls=4),
        "condition": Kind(
            flow=a_flow(led_to(M1, "k1"), K1, W1, C1, X1),
            prepare=after_the_limit,
            act=take,
            calls=4,
        ),
        "update field": Kind(
            flow=a_flow(led_to(W1, "u1"), U1, W2, C1, X1), prepare=after_a_day, act=take, calls=6
        ),
        "end": Kind(flow=a_flow(led_to(W1, "x1"), X1), prepare=after_a_day, act=take, calls=6),
        "advance": Kind(flow=a_flow(led_to(W1, "a1"), A1), prepare=after_a_day, act=take, calls=8),
    }
)
OTHER_FLOW: Final = a_flow(C1, X1)
"""Where `advance` leads."""
