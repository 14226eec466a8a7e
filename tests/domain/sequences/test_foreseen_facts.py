"""What is foreseen of an item there is: its fields, its owner's days, doors that are shut, caps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from chalicelib.domain.crm.field_paths import About
from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.crm.working_time import TimeOff
from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.ab_tests import Letter
from chalicelib.domain.sequences.calendars import Absence, Times
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import Flow
from chalicelib.domain.sequences.previewing import Foreseen, foreseen
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.simulation import Chances, Imagined, Outlook, simulated
from tests.builders import NOW, a_deal, a_flow, a_lead, an_enrollment

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
IMAGINED = Imagined(records=60, begin_at=MIDNIGHT, senders=3)
QUIET = Chances(replied=0, opened=0, clicked=0, answered=0)
ENDS = (
    {"id": "yes", "type": "end", "outcome": "yes"},
    {"id": "no", "type": "end", "outcome": "no"},
)


def flow_of(*steps: Mapping[str, object]) -> Flow:
    return read_flow({"start": steps[0]["id"], "steps": [*steps, *ENDS]})


def a_wait(name: str = "w", following: str = "q") -> dict[str, object]:
    return {"id": name, "type": "wait", "for": "P3D", "next": following}


def a_question(**asked: object) -> dict[str, object]:
    return {"id": "q", "type": "condition", "yes": "yes", "no": "no", **asked}


def walked(flow: Flow, facts: Facts) -> tuple[dict[str, Foreseen], str | None]:
    head = replace(an_enrollment(), step_id=flow.start)
    rows, end = foreseen(flow, head, facts, {})
    return {row.step_id: row for row in rows}, end.outcome or end.reason


def a_deal_at(stage: str) -> Facts:
    return Facts(about=About(item=replace(a_deal(), stage=stage)))


def a_lead_called(title: str) -> Facts:
    return Facts(about=About(item=replace(a_lead(), title=title)))


@pytest.mark.parametrize("stage, outcome", [("Demo", "yes"), ("Offer", "no")])
def test_a_question_about_the_stage_is_answered_by_the_item_days_later(
    stage: str, outcome: str
) -> None:
    flow = flow_of(a_wait(), a_question(on="stage", stages=["demo"]))

    _, end = walked(flow, a_deal_at(stage))

    assert end == outcome


def test_a_field_that_the_flow_sets_is_seen_by_a_question_days_later() -> None:
    setting = {"id": "u", "type": "update_field", "field": "stage", "value": "Demo", "next": "w"}
    flow = flow_of(setting, a_wait(), a_question(on="stage", stages=["Demo"]))

    rows, end = walked(flow, a_deal_at("New"))

    assert (rows[StepId("u")].state, rows[StepId("u")].left_at) == ("completed", NOW)
    assert end == "yes"


def test_a_question_about_a_field_compares_the_items_own() -> None:
    asked = a_question(on="field", field="title", operator="contains", value="chairs")
    flow = flow_of(a_wait(), asked)

    assert walked(flow, a_lead_called("Forty chairs"))[1] == "yes"
    assert walked(flow, a_lead_called("Forty tables"))[1] == "no"


def test_a_hand_over_ends_the_walk_and_a_shut_door_stops_it() -> None:
    handing = {"id": "h", "type": "advance_to_sequence", "sequence_id": "other"}
    flow = flow_of(a_wait(following="h"), handing)

    _, end = walked(flow, Facts())
    rows, stuck = walked(flow, Facts(closed={SequenceId("other")}))

    assert (end, stuck) == ("advanced", None)
    assert "does not take items" in rows[StepId("h")].why_then


def test_a_sender_on_leave_is_waited_for_and_it_is_said_why() -> None:
    mail = {"id": "m", "type": "email", "automatic": True, "subject": "s", "body": "b"}
    flow = flow_of(a_wait(following="m"), {**mail, "next": "yes"})
    leave = TimeOff(begins=date(2026, 3, 4), to=date(2026, 3, 6))
    away = Absence(name="Sally", zone="UTC", times=(leave,))

    rows, _ = walked(flow, Facts(times=Times(absence=away)))

    left_at = rows[StepId("w")].left_at
    assert left_at is not None
    assert left_at.date() == date(2026, 3, 7)
    assert "Sally is away until 2026-03-06" in rows[StepId("w")].why_then


def test_who_comes_to_a_test_that_is_over_gets_its_winner() -> None:
    mail = {"subject": "s", "body": "b"}
    test = {"id": "m", "type": "ab_test", "automatic": True, "a": mail, "b": mail, "next": "yes"}
    flow = flow_of(test)
    head = replace(an_enrollment(), step_id=flow.start)

    ends = [
        foreseen(flow, head, Facts(winners={StepId("m"): letter}), {})[1].versions
        for letter in Letter
    ]

    assert ends == [("m#a",), ("m#b",)]


def test_a_task_that_takes_too_long_is_skipped_in_a_simulation() -> None:
    call = {"id": "c", "type": "activity", "activity_type": "call", "subject": "s", "next": "q"}
    flow = flow_of(call, a_question(on="answered", of="c"))
    head = replace(an_enrollment(), step_id=flow.start)
    slow = msgspec.structs.replace(IMAGINED, work_for=30 * DAY, chances=Chances(answered=1))

    patient = simulated(flow, head, Facts(), slow)
    strict = simulated(flow, head, Facts(skip_after=timedelta(hours=1)), slow)

    assert patient.outcomes == {"yes": 60}
    assert strict.outcomes["no"] > 55


def capped(house: TenantSettings, **changes: object) -> Outlook:
    imagined = msgspec.structs.replace(IMAGINED, chances=QUIET, **changes)
    return simulated(a_flow(), an_enrollment(), Facts(), imagined, house)


def by_day(outlook: Outlook) -> list[int]:
    days = sorted({day for day, _ in outlook.sends})
    return [sum(n for (day, _), n in outlook.sends.items() if day == each) for each in days]


def test_the_caps_of_the_tenant_hold_in_a_simulation_and_are_told_apart() -> None:
    account = capped(TenantSettings(account_daily_cap=20))
    sender = capped(TenantSettings(sender_daily_cap=5))
    domain = capped(TenantSettings(recipient_domain_daily_cap=10), recipient_domains=2)

    assert (by_day(account), set(account.collisions)) == ([20, 20, 20], {"account"})
    assert (by_day(sender), set(sender.collisions)) == ([15, 15, 15, 15], {"sender"})
    assert (by_day(domain), set(domain.collisions)) == ([20, 20, 20], {"recipient_domain"})


def test_a_cap_on_domains_stops_nobody_who_writes_to_many() -> None:
    outlook = capped(TenantSettings(recipient_domain_daily_cap=1))

    assert outlook.collisions.total() == 0
    assert by_day(outlook) == [60]


def test_the_senders_cap_of_the_request_stands_for_the_tenants() -> None:
    outlook = capped(TenantSettings(sender_daily_cap=5), daily_cap=20)

    assert by_day(outlook) == [60]
    assert sorted(outlook.sends.values()) == [20, 20, 20]
