"""Flows and moves drawn as Mermaid."""

from datetime import timedelta

import pytest

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.captions import in_words
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    ItemAction,
    LinkedInAction,
    LinkedInStep,
    WaitStep,
)
from chalicelib.domain.sequences.diagram import mermaid_of, mermaid_of_moves
from chalicelib.domain.sequences.enrollment import Move, Status
from tests.builders import a_flow


def test_a_flow_is_drawn_with_its_branches_labelled() -> None:
    assert (
        mermaid_of(a_flow())
        == """\
flowchart TD
    begin(["Sequence starts here"])
    s_a1["Automatic e-mail: Hello {{ person.first_name | default: 'th…"]
    s_k1{"Replied within 2 days?"}
    s_w1(["Wait 3 days"])
    s_c1["Call: Call them"]
    s_k2{"Answered?"}
    s_x1(["interested"])
    s_x2(["disqualified (set to disqualified)"])
    begin --> s_a1
    s_a1 --> s_k1
    s_k1 -->|yes| s_x1
    s_k1 -->|no| s_w1
    s_w1 --> s_c1
    s_c1 --> s_k2
    s_k2 -->|yes| s_x1
    s_k2 -->|no| s_x2
"""
    )


def test_a_flow_with_problems_is_drawn_all_the_same() -> None:
    flow = Flow(
        start=StepId("nobody"),
        steps=(
            WaitStep(
                id=StepId("end"),
                wait_for=timedelta(hours=5),
                working_time=True,
                next=StepId("gone"),
            ),
            LinkedInStep(id=StepId("l"), action=LinkedInAction.GET_INTRODUCED),
        ),
    )

    assert (
        mermaid_of(flow)
        == """\
flowchart TD
    begin(["Sequence starts here"])
    s_end(["Wait 5 hours of work"])
    s_l["LinkedIn get introduced"]
    done(["completed"])
    s_gone["gone is missing"]
    s_nobody["nobody is missing"]
    begin -.-> s_nobody
    s_end -.-> s_gone
    s_l --> done
"""
    )


def test_an_empty_flow_is_only_its_beginning() -> None:
    assert mermaid_of(Flow()) == 'flowchart TD\n    begin(["Sequence starts here"])\n'


def test_long_and_strange_titles_stay_readable() -> None:
    flow = Flow(
        start=StepId("c"),
        steps=(
            ActivityStep(
                id=StepId("c"),
                activity_type="call",
                subject='Say "hi" <b>#1</b>\n' + "and more " * 20,
                next=StepId("k"),
            ),
            ConditionStep(
                id=StepId("k"),
                on=Asked.CALL_OUTCOME,
                of=StepId("c"),
                outcomes=("answered", "left_voicemail"),
                yes=StepId("e"),
                no=StepId("x"),
            ),
            EmailStep(id=StepId("e"), next=StepId("x")),
            EndStep(id=StepId("x"), outcome="over", item_action=ItemAction(add_tag="called")),
        ),
    )

    lines = mermaid_of(flow).splitlines()

    assert lines[2] == (
        '    s_c["Call: Say #quot;hi#quot; #lt;b#gt;#35;1#lt;/b#gt; and more and more and more and'
        ' mor…"]'
    )
    assert lines[3:6] == [
        '    s_k{"Outcome answered or left_voicemail?"}',
        '    s_e["E-mail: without a subject"]',
        '    s_x(["over (tag: called)"])',
    ]


def test_moves_are_drawn_as_a_state_diagram() -> None:
    drawn = mermaid_of_moves({(Status.ACTIVE, Move.PAUSE): Status.PAUSED})

    assert (
        drawn
        == """\
stateDiagram-v2
    [*] --> pending
    [*] --> active
    active --> paused: pause
    completed --> [*]
    exited --> [*]
    failed --> [*]
"""
    )


@pytest.mark.parametrize(
    "length, words",
    [
        (timedelta(), "no time"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=1), "2 days 1 hour"),
        (timedelta(minutes=90, seconds=5), "1 hour 30 minutes 5 seconds"),
    ],
)
def test_lengths_are_said_as_people_do(length: timedelta, words: str) -> None:
    assert in_words(length) == words
