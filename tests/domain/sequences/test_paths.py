"""Where steps lead, what can be reached, how long it takes."""

from datetime import timedelta

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import EndStep, Flow, WaitStep
from chalicelib.domain.sequences.paths import (
    count_days,
    count_steps,
    cycles,
    parents,
    reachable_from,
)
from tests.builders import a_flow


def a_wait(name: str, following: str | None) -> WaitStep:
    to = None if following is None else StepId(following)
    return WaitStep(id=StepId(name), wait_for=timedelta(days=1), next=to)


def test_waits_conditions_and_ends_are_not_counted() -> None:
    assert count_steps(a_flow()) == 2


def test_the_longest_way_adds_waits_and_time_limits() -> None:
    assert count_days(a_flow()) == 5


def test_a_day_begun_is_a_day() -> None:
    flow = Flow(start=StepId("w"), steps=(WaitStep(id=StepId("w"), wait_for=timedelta(hours=30)),))

    assert count_days(flow) == 2


def test_a_flow_without_a_start_takes_no_time() -> None:
    assert count_days(Flow()) == 0


def test_everything_behind_a_step_is_reachable_from_it() -> None:
    assert reachable_from(a_flow(), StepId("w1")) == {"w1", "c1", "k2", "x1", "x2"}


def test_nothing_is_reachable_from_nowhere() -> None:
    assert reachable_from(a_flow(), None) == set()
    assert reachable_from(a_flow(), StepId("nobody")) == set()


def test_a_step_where_branches_join_has_two_parents() -> None:
    assert [step.id for step in parents(a_flow())[StepId("x1")]] == ["k1", "k2"]


def test_every_knot_is_one_round_trip() -> None:
    flow = Flow(
        start=StepId("a"),
        steps=(
            a_wait("a", "b"),
            a_wait("b", "c"),
            a_wait("c", "b"),
            a_wait("d", "d"),
            a_wait("e", "x"),
            EndStep(id=StepId("x"), outcome="over"),
        ),
    )

    assert list(cycles(flow)) == [["b", "c"], ["d"]]


def test_a_flow_that_ends_has_no_round_trip() -> None:
    assert list(cycles(a_flow())) == []
