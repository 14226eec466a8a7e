"""The engine on an imagined clock: one item step by step, and many day by day."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import outlook_picture
from chalicelib.domain.sequences.catalog import READY_MADE
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.previewing import foreseen
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.simulation import Chances, Imagined, Outlook, simulated
from chalicelib.domain.sequences.templates import SequenceTemplate
from tests.builders import NOW, a_flow, an_enrollment

DAY = timedelta(days=1)
IMAGINED = Imagined(records=200, begin_at=NOW, days=5)


def run(imagined: Imagined) -> Outlook:
    return simulated(a_flow(), an_enrollment(), Facts(), imagined)


@pytest.mark.requirement("PD-SEQ-19")
def test_a_preview_says_when_each_step_comes_and_why_then() -> None:
    rows, end = foreseen(a_flow(), an_enrollment(), Facts(), {})

    reached = [(row.step_id, row.reached_at) for row in rows if row.reached_at]
    assert reached == [
        ("a1", NOW),
        ("k1", NOW),
        ("w1", NOW + 2 * DAY + timedelta(minutes=2)),
        ("c1", NOW + 5 * DAY),
        ("k2", NOW + 5 * DAY),
        ("x2", NOW + 5 * DAY),
    ]
    assert rows[2].why_then.startswith("3 days after")
    assert (rows[-1].step_id, rows[-1].reached_at) == ("x1", None)
    assert end.outcome == "disqualified"


def test_a_preview_follows_imagined_answers() -> None:
    rows, end = foreseen(a_flow(), an_enrollment(), Facts(), {StepId("k1"): "yes"})

    assert [row.step_id for row in rows if row.reached_at] == ["a1", "k1", "x1"]
    assert end.outcome == "interested"


def test_a_mail_sent_by_hand_is_answered_like_any_other() -> None:
    (invite,) = (each for each in READY_MADE if each.key == "event_invite")
    flow = read_flow(invite.flow)
    start = replace(an_enrollment(), step_id=flow.start)
    certain = msgspec.structs.replace(IMAGINED, chances=Chances(replied=1.0), records=20)

    rows, end = foreseen(flow, start, Facts(), {StepId("k1"): "yes"})
    outlook = simulated(flow, start, Facts(), certain)

    assert [row.step_id for row in rows if row.reached_at][:3] == ["e1", "k1", "e1y"]
    assert end.outcome == "replied"
    assert outlook.reached[StepId("e1y")] > 0


@pytest.mark.parametrize("template", READY_MADE, ids=lambda each: each.key)
@pytest.mark.requirement("D365-TPL-05")
def test_a_template_nobody_answers_takes_no_longer_than_it_says(
    template: SequenceTemplate,
) -> None:
    flow = read_flow(template.flow)
    start = replace(an_enrollment(), step_id=flow.start)

    _, end = foreseen(flow, start, Facts(exit_on_reply=False), {})

    assert end.ended_at is not None
    assert end.ended_at - NOW <= timedelta(days=template.days, hours=1)


def test_the_same_seed_gives_the_same_days() -> None:
    first, second = run(IMAGINED), run(IMAGINED)
    other = run(msgspec.structs.replace(IMAGINED, seed=2))

    assert first == second
    assert first.outcomes != other.outcomes


def test_every_imagined_item_ends_somewhere() -> None:
    outlook = run(IMAGINED)

    assert sum(outlook.outcomes.values()) == 200
    assert outlook.counts[Count.COMPLETED] == 200
    assert outlook.reached[StepId("a1")] == 200
    assert sum(outlook.sends.values()) == 200
    assert outlook.inside_by_day[max(outlook.inside_by_day)] == 0


def test_certain_answers_leave_nothing_to_chance() -> None:
    certain = Chances(replied=1.0, steps={StepId("k1"): 1.0})
    never = Chances(replied=0.0, answered=0.0)

    never_reply = run(msgspec.structs.replace(IMAGINED, chances=never, records=20))
    all_reply = run(msgspec.structs.replace(IMAGINED, chances=certain, records=20))

    assert never_reply.outcomes == {"disqualified": 20}
    assert all_reply.outcomes["disqualified"] < 20


def test_no_sender_sends_more_in_a_day_than_its_cap() -> None:
    capped = msgspec.structs.replace(IMAGINED, days=1, senders=2, daily_cap=30)

    outlook = run(capped)

    assert max(outlook.sends.values()) == 30
    assert sum(outlook.sends.values()) == 200
    assert outlook.collisions["sender"] >= 140


def test_an_outlook_is_drawn() -> None:
    picture = outlook_picture.picture_of(run(IMAGINED), title="200 leads")

    drawn = ET.fromstring(picture)  # noqa: S314 - our own
    names = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"200 leads", "Automatic mails a day", "Still inside", "How it ends"} <= set(names)
