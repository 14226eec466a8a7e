"""Laws of the engine: random flows, random signals in random order, time that only goes on."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.field_paths import About
from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import WireId
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import EmailStep, Flow
from chalicelib.domain.sequences.effects import AdvanceTo, AskUser, CloseTask, SendMail
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import MOVES, Enrollment, Phase, Status
from chalicelib.domain.sequences.signals import (
    Heard,
    MailSent,
    PauseAsked,
    ResumeAsked,
    SendAsked,
    Signal,
    TaskDone,
    TaskSkipped,
    TimeCame,
)
from chalicelib.domain.sequences.walk import Decision
from tests.builders import NOW, a_lead, a_person, an_enrollment
from tests.domain.sequences.random_flows import SALLY, TARGETS, flows, signals

REACHABLE = {(before, after) for (before, _), after in MOVES.items()} | {
    (status, status) for status in Status
}


ASKED_BY_PEOPLE = (TaskDone, TaskSkipped, SendAsked, PauseAsked, ResumeAsked)


SEGMENTED = replace(a_lead(), custom_fields={"segment": "big"})
ABOUT = (None, About(item=a_lead()), About(item=SEGMENTED, person=a_person()))


def begun(flow: Flow) -> Enrollment:
    return replace(an_enrollment(), step_id=flow.start)


class Life:
    """One enrollment as it goes through what hypothesis draws."""

    def __init__(self, flow: Flow, draw: st.DataObject) -> None:
        self.flow = flow
        self.draw = draw
        self.now = NOW
        self.enrollment = begun(flow)
        self.heard: tuple[Heard, ...] = ()
        self.open_tasks: set[str] = set()
        about = draw.draw(st.sampled_from(ABOUT))
        self.facts = Facts(about=about, closed=(TARGETS[1],))

    def next(self, number: int) -> tuple[Signal, Decision] | None:
        """Let time pass and something happen; None if a person asked what is not possible."""
        hours = self.draw.draw(st.sampled_from([0, 1, 24, 72, 24 * 31]))
        self.now += timedelta(hours=hours)
        signal = self.draw.draw(signals(self.enrollment, self.now, number))
        if isinstance(signal, Heard):
            self.heard = (*self.heard, signal)
        facts = replace(self.facts, heard=self.heard)
        try:
            decision = decide(self.enrollment, self.flow, signal, self.now, facts)
        except IllegalMoveError:
            assert isinstance(signal, ASKED_BY_PEOPLE), "time and mail are never refused"
            return None
        again = decide(self.enrollment, self.flow, signal, self.now, facts)
        assert decision == again, "deciding twice gives the same"
        return signal, decision


@given(flow=flows() | flows(is_rich=True), draw=st.data())
def test_whatever_happens_the_laws_hold(flow: Flow, draw: st.DataObject) -> None:
    life = Life(flow, draw)
    for number in range(25):
        before = life.enrollment
        happened = life.next(number)
        if happened is None:
            continue
        _, decision = happened
        after = decision.enrollment
        assert (before.status, after.status) in REACHABLE, "every move is a row of the table"
        assert after.flow_version == before.flow_version, "a pinned version never changes"
        assert (after.due_at is None) == after.is_over, "nobody is forgotten, nothing over is due"
        assert (after.token != before.token) == (after.due_at != before.due_at), "tokens fence"
        if before.is_over:
            assert decision == Decision(before), "what is over hears nothing"
        assert set(before.versions) <= set(after.versions), "a version once drawn stays"
        assert after.is_over or any(isinstance(each, AdvanceTo) for each in decision.effects) is (
            False
        ), "who is handed over is gone"
        _follow_tasks(life, decision)
        life.enrollment = after


def _follow_tasks(life: Life, decision: Decision) -> None:
    """At most one task is open, just when a person is asked, and none once it is over."""
    for effect in decision.effects:
        if isinstance(effect, CloseTask):
            assert effect.step_id in life.open_tasks, "only an open task is closed"
            life.open_tasks.discard(effect.step_id)
        if isinstance(effect, AskUser):
            life.open_tasks.add(effect.step_id)
        if isinstance(effect, SendMail):
            assert decision.enrollment.phase is Phase.READY
    assert len(life.open_tasks) <= 1
    if decision.enrollment.is_over:
        assert not life.open_tasks, "no task outlives its enrollment"


@given(flow=flows())
def test_a_flow_that_nobody_disturbs_comes_to_its_end(flow: Flow) -> None:
    it, now = begun(flow), NOW
    while not it.is_over:
        now = max(now, it.due_at or now) if it.phase is not Phase.ASKED else now
        decision = decide(it, flow, _undisturbed(it, flow), now, Facts())
        it = decision.enrollment
        for effect in decision.effects:
            if isinstance(effect, SendMail):
                sent = MailSent(step_id=effect.step_id, wire_id=WireId("w"), sent_at=now)
                it = decide(it, flow, sent, now, Facts()).enrollment

    assert it.status is Status.COMPLETED


def _undisturbed(it: Enrollment, flow: Flow) -> Signal:
    """Return what a diligent seller, or else time, does next."""
    if it.phase is not Phase.ASKED or it.step_id is None:
        return TimeCame(token=it.token)
    if isinstance(flow.by_id()[it.step_id], EmailStep):
        return SendAsked(step_id=it.step_id, by=SALLY)
    return TaskDone(step_id=it.step_id, by=SALLY, outcome="answered")
