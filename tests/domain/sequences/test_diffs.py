"""What differs between two published flows, and who may move from one to the other."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.definition import EndStep, Flow, FlowVersion, WaitStep
from chalicelib.domain.sequences.diffs import Difference, StepDifference, difference
from chalicelib.domain.sequences.effects import CloseTask
from chalicelib.domain.sequences.enrollment import Phase
from chalicelib.domain.sequences.migration import landing, moved
from chalicelib.domain.sequences.settings import Settings
from tests.builders import NOW, a_flow, an_enrollment

A1, K1, W1, C1 = StepId("a1"), StepId("k1"), StepId("w1"), StepId("c1")


def a_version(flow: Flow, number: int = 1) -> FlowVersion:
    return FlowVersion(
        sequence_id=SequenceId("sequence-1"),
        number=number,
        flow=flow,
        settings=Settings(),
        published_at=NOW,
    )


def with_longer_wait() -> Flow:
    steps = tuple(
        msgspec.structs.replace(step, wait_for=timedelta(days=5))
        if isinstance(step, WaitStep)
        else step
        for step in a_flow().steps
    )
    return Flow(start=A1, steps=steps)


def test_equal_flows_do_not_differ() -> None:
    found = difference(a_version(a_flow()), a_version(a_flow(), 2))

    assert (found.start, found.added, found.removed) == (None, (), ())
    assert (found.changed, found.settings) == ((), ())


def test_a_changed_step_is_told_key_by_key() -> None:
    found = difference(a_version(a_flow()), a_version(with_longer_wait(), 2))

    assert found.changed == (
        StepDifference(step_id=W1, differences=(Difference(key="for", was="P3D", now="P5D"),)),
    )


def test_added_and_removed_steps_and_settings_are_told() -> None:
    only = EndStep(id=StepId("x9"), outcome="done")
    after = msgspec.structs.replace(
        a_version(Flow(start=only.id, steps=(only,)), 2), settings=Settings(exit_on_reply=False)
    )

    found = difference(a_version(a_flow()), after)

    assert found.start == Difference(key="start", was="a1", now="x9")
    assert found.added == ("x9",)
    assert found.removed == ("a1", "k1", "w1", "c1", "k2", "x1", "x2")
    assert found.settings == (Difference(key="exit_on_reply", was=True, now=False),)


def test_who_stands_before_a_changed_step_moves() -> None:
    where = landing(an_enrollment(), [A1], a_flow(), with_longer_wait())

    after = moved(an_enrollment(), where, 2, NOW).enrollment

    assert (where.step_id, where.begins_anew, where.obstacle) == (A1, False, None)
    assert (after.flow_version, after.due_at) == (2, NOW)


def test_who_has_passed_a_changed_step_stays() -> None:
    at_call = replace(an_enrollment(), step_id=C1, phase=Phase.ASKED)

    where = landing(at_call, [A1, K1, W1, C1], a_flow(), with_longer_wait())

    assert where.obstacle == "it has passed `w1`, which differs"


def test_who_stands_at_a_changed_step_begins_it_anew() -> None:
    waiting = replace(
        an_enrollment(), step_id=W1, phase=Phase.WAITING, due_at=NOW + timedelta(days=3)
    )
    asked = replace(waiting, step_id=C1, phase=Phase.ASKED, has_task=True)

    where = landing(waiting, [A1, K1, W1], a_flow(), with_longer_wait())

    assert where.begins_anew
    after = moved(waiting, where, 2, NOW).enrollment
    assert (after.phase, after.due_at, after.token) == (Phase.READY, NOW, 2)
    assert CloseTask(step_id=C1, state="cancelled") in moved(asked, where, 2, NOW).effects


def test_who_stands_at_a_step_that_is_gone_stays() -> None:
    shorter = Flow(start=A1, steps=tuple(s for s in a_flow().steps if s.id != W1))

    where = landing(replace(an_enrollment(), step_id=W1), [A1, K1], a_flow(), shorter)

    assert where.obstacle == "it stands at `w1`, which is gone"


@pytest.mark.parametrize("phase", [Phase.SENDING, Phase.UNKNOWN])
def test_whose_mail_is_on_its_way_stays(phase: Phase) -> None:
    where = landing(replace(an_enrollment(), phase=phase), [A1], a_flow(), with_longer_wait())

    assert where.obstacle == "its mail is on its way; try again later"
