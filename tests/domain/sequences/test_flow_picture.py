"""Flows as pictures: every step in its place, no box upon another, branches labelled."""

import itertools
import time
import xml.etree.ElementTree as ET

import pytest

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.catalog import READY_MADE
from chalicelib.domain.sequences.definition import EndStep, Flow, WaitStep
from chalicelib.domain.sequences.flow_picture import picture_of
from chalicelib.domain.sequences.layout import Box, Line, laid_out
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.templates import SequenceTemplate
from tests.builders import a_flow

SVG = "{http://www.w3.org/2000/svg}"


def texts_of(picture: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314 - our own


@pytest.mark.requirement("PD-SEQ-19")
def test_a_picture_shows_every_step_and_labels_its_branches() -> None:
    shown = texts_of(picture_of(a_flow(), title="Outreach"))

    assert shown.count("Yes") == 2
    assert shown.count("No") == 2
    assert "Replied within 2 days?" in shown
    assert "Call them" in shown
    assert "Wait 3 days" in shown
    assert "(set to disqualified)" in shown


def test_counts_stand_at_their_steps() -> None:
    shown = texts_of(picture_of(a_flow(), title="Outreach", waiting={StepId("w1"): 1_204}))

    assert "1,204" in shown


def test_texts_of_authors_cannot_break_the_picture() -> None:
    flow = Flow(start=StepId("x"), steps=(EndStep(id=StepId("x"), outcome='<b>"&\x00\x1b\ufffe'),))

    assert '<b>"&' in texts_of(picture_of(flow, title="<script>"))


def test_a_flow_with_problems_is_drawn_too() -> None:
    steps = (
        WaitStep(id=StepId("w1"), wait_for=a_flow().steps[2].wait_for, next=StepId("w2")),  # type: ignore[union-attr]  # it is the wait
        WaitStep(id=StepId("w2"), wait_for=a_flow().steps[2].wait_for, next=StepId("w1")),  # type: ignore[union-attr]  # as above
    )

    circle = picture_of(Flow(start=StepId("gone"), steps=steps), title="")
    empty = picture_of(Flow(), title="")

    assert "gone is missing" in texts_of(circle)
    assert texts_of(empty) == ["Start"]


@pytest.mark.parametrize("template", READY_MADE, ids=lambda each: each.key)
@pytest.mark.requirement("D365-TPL-04")
def test_no_box_of_a_template_lies_upon_another(template: SequenceTemplate) -> None:
    flow = read_flow(template.flow)
    boxes: dict[str, Box] = {step.id: Box(width=232, height=66) for step in flow.steps}
    known = flow.by_id()
    lines = [
        Line(start=step.id, end=way)
        for step in flow.steps
        for way in (getattr(step, name, None) for name in ("next", "yes", "no"))
        if way in known and way is not None
    ]

    placed = laid_out(boxes, lines, gap_x=36, gap_y=38)

    for one, other in itertools.combinations(placed.at.values(), 2):
        assert abs(one[0] - other[0]) >= 232 or abs(one[1] - other[1]) >= 66
    for line in lines:
        assert placed.layer_of[line.start] < placed.layer_of[line.end]


def test_ways_that_need_not_cross_do_not() -> None:
    boxes = {name: Box(width=10, height=10) for name in "abcdef"}
    lines = [Line(start=s, end=e) for s, e in ("ab", "ac", "be", "cd", "cf")]

    placed = laid_out(boxes, lines, gap_x=5, gap_y=5)

    x = {name: at[0] for name, at in placed.at.items()}
    assert x["b"] < x["c"]
    assert x["e"] < min(x["d"], x["f"])


def test_the_largest_flow_is_drawn_in_seconds() -> None:
    flow = read_flow(
        {
            "start": "s0",
            "steps": [
                {
                    "id": f"s{at}",
                    "type": "condition",
                    "on": "field",
                    "field": "item.title",
                    "operator": "is_not_empty",
                    "yes": f"s{at + 1}",
                    "no": f"s{199 - at // 2}",
                }
                for at in range(199)
            ]
            + [{"id": "s199", "type": "end", "outcome": "over"}],
        }
    )
    before = time.process_time()

    picture_of(flow, title="Many joins")

    assert time.process_time() - before < 5
