"""Reading a flow: every fault at once, or the flow."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.items import Priority
from chalicelib.domain.errors import RuleError
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    EmailStep,
    EndStep,
    Flow,
    ItemAction,
    LinkedInStep,
    WaitStep,
    ways_out,
)
from chalicelib.domain.sequences.reading import read_flow
from tests.builders import a_flow

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
step_keys = st.sampled_from(
    ["id", "type", "next", "on", "of", "within", "yes", "no", "for", "subject", "outcome", "due_in"]
)
likely_values = st.sampled_from(
    ["a", "b", "email", "wait", "condition", "end", "replied", "answered", "P1D", "P31D", None, 1]
)
likely_steps = st.dictionaries(step_keys, likely_values | json_values, max_size=8)
likely_flows = st.fixed_dictionaries(
    {"start": likely_values, "steps": st.lists(likely_steps | json_values, max_size=5)}
)

LINEAR: Final = {
    "start": "mail",
    "steps": [
        {"id": "mail", "type": "email", "subject": "Hi", "body": "<p>Hi</p>", "next": "pause"},
        {"id": "pause", "type": "wait", "for": "P1W", "next": "visit"},
        {
            "id": "visit",
            "type": "activity",
            "activity_type": "visit",
            "subject": "Drop by",
            "note": "Bring the catalog.",
            "due_in": "P1DT4H",
            "assignee": "user-adam",
            "priority": "high",
            "next": "over",
        },
        {
            "id": "over",
            "type": "end",
            "outcome": "visited",
            "item_action": {"add_tag": "seen"},
        },
    ],
}


def faults_of(document: object) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as caught:
        read_flow(document)
    return [(each.path, each.code) for each in caught.value.problems]


def faults_of_step(**step: object) -> list[tuple[str, str]]:
    return faults_of({"start": "a", "steps": [step]})


def test_a_flow_is_read_from_what_it_is_written_as() -> None:
    document = msgspec.to_builtins(a_flow())

    assert read_flow(document) == a_flow()


@pytest.mark.requirement("PD-SEQ-05")
@pytest.mark.requirement("PD-SEQ-06")
@pytest.mark.requirement("PD-SEQ-07")
def test_a_linear_flow_of_mails_and_activities_is_read() -> None:
    flow = read_flow(LINEAR)

    assert flow == Flow(
        start=StepId("mail"),
        steps=(
            EmailStep(id=StepId("mail"), subject="Hi", body="<p>Hi</p>", next=StepId("pause")),
            WaitStep(id=StepId("pause"), wait_for=timedelta(days=7), next=StepId("visit")),
            ActivityStep(
                id=StepId("visit"),
                activity_type="visit",
                subject="Drop by",
                note="Bring the catalog.",
                due_in=timedelta(days=1, hours=4),
                assignee="user-adam",
                priority=Priority.HIGH,
                next=StepId("over"),
            ),
            EndStep(id=StepId("over"), outcome="visited", item_action=ItemAction(add_tag="seen")),
        ),
    )


@pytest.mark.requirement("PD-SEQ-11")
@pytest.mark.parametrize("automatic", [True, False])
def test_any_mail_may_be_sent_automatically_or_by_hand(*, automatic: bool) -> None:
    step = {"id": "m", "type": "email", "subject": "Hi", "automatic": automatic}

    (mail,) = read_flow({"start": "m", "steps": [step]}).steps

    assert isinstance(mail, EmailStep)
    assert mail.automatic is automatic


@pytest.mark.requirement("D365-SEQ-20")
@pytest.mark.parametrize("activity_type", ["call", "meeting", "task", "visit", "sms", "fika"])
def test_a_step_is_whatever_a_seller_does(activity_type: str) -> None:
    step = {"id": "a", "type": "activity", "activity_type": activity_type, "subject": "Do it"}

    (activity,) = read_flow({"start": "a", "steps": [step]}).steps

    assert isinstance(activity, ActivityStep)
    assert activity.activity_type == activity_type


@pytest.mark.requirement("D365-SEQ-21")
@pytest.mark.parametrize(
    "asked",
    [
        {"on": "replied", "of": "s", "within": "P2D"},
        {"on": "answered", "of": "s"},
        {"on": "call_outcome", "of": "s", "outcomes": ["left_voicemail"]},
    ],
)
def test_a_condition_goes_one_way_if_it_is_met_and_another_if_not(
    asked: dict[str, object],
) -> None:
    step = {"id": "k", "type": "condition", "yes": "x", "no": None, **asked}

    (condition,) = read_flow({"start": "k", "steps": [step]}).steps

    assert ways_out(condition) == ("x", None)


@pytest.mark.requirement("D365-SEQ-23")
@pytest.mark.parametrize("action", ["research", "get_introduced", "connect", "inmail"])
def test_a_step_may_be_done_on_linkedin(action: str) -> None:
    step = {"id": "l", "type": "linkedin", "action": action}

    (linkedin,) = read_flow({"start": "l", "steps": [step]}).steps

    assert isinstance(linkedin, LinkedInStep)
    assert linkedin.action == action


def test_an_empty_flow_is_read_for_it_may_be_drafted() -> None:
    assert read_flow({"start": None, "steps": []}) == Flow()


def test_faults_of_all_steps_come_at_once() -> None:
    document = {
        "start": "a",
        "steps": [
            {"id": "a", "type": "email", "automatic": "yes", "subjct": "Hi", "due_in": "P1M"},
            {"id": "B", "type": "wait", "for": "P31D"},
            {"id": "c", "type": "end"},
            {"id": "c", "type": "linkedin", "action": "poke"},
            7,
        ],
        "extra": 1,
    }

    assert faults_of(document) == [
        ("$.extra", "unknown_field"),
        ("$.steps[0].subjct", "unknown_field"),
        ("$.steps[0].automatic", "wrong_value"),
        ("$.steps[0].due_in", "wrong_value"),
        ("$.steps[1].id", "wrong_value"),
        ("$.steps[1].for", "wrong_value"),
        ("$.steps[2].outcome", "missing_field"),
        ("$.steps[3].id", "duplicate_step_id"),
        ("$.steps[3].action", "wrong_value"),
        ("$.steps[4]", "wrong_value"),
    ]


@pytest.mark.parametrize(
    "document, fault",
    [
        ([], ("$", "wrong_value")),
        (None, ("$", "wrong_value")),
        ({"start": 3}, ("$.start", "wrong_value")),
        ({"steps": {}}, ("$.steps", "wrong_value")),
    ],
)
def test_what_is_no_flow_at_all_is_refused(document: object, fault: tuple[str, str]) -> None:
    assert faults_of(document) == [fault]


@pytest.mark.parametrize("given", ["", "A", "a-b", "å", "a" * 33, 1, None])
def test_a_step_needs_an_id_of_the_right_grammar(given: object) -> None:
    assert ("$.steps[0].id", "wrong_value") in faults_of_step(id=given, type="end", outcome="x")


def test_a_step_without_an_id_is_refused() -> None:
    assert faults_of_step(type="end", outcome="x") == [("$.steps[0].id", "wrong_value")]


@pytest.mark.parametrize("length", ["P30D", "PT720H", "PT1S", "P4W"])
def test_a_wait_may_last_up_to_thirty_days(length: str) -> None:
    flow = read_flow({"start": "a", "steps": [{"id": "a", "type": "wait", "for": length}]})

    assert isinstance(flow.steps[0], WaitStep)


@pytest.mark.parametrize("length", ["P31D", "P30DT1S", "PT0S", "-P1D", "P5W", 3, None])
def test_a_wait_of_nothing_or_of_more_than_thirty_days_is_refused(length: object) -> None:
    faults = faults_of_step(id="a", type="wait", **{"for": length})

    assert faults == [("$.steps[0].for", "wrong_value")]


def test_a_value_that_does_not_fit_is_told_in_words_of_people() -> None:
    task = {"id": "a", "type": "activity", "activity_type": "task", "subject": "Do it"}
    document = {"start": "a", "steps": [{**task, "priority": "urgent"}]}

    with pytest.raises(RuleError) as refusal:
        read_flow(document)

    (problem,) = refusal.value.problems
    assert (problem.path, problem.message) == (
        "$.steps[0].priority",
        "Give one of: low, normal, high.",
    )


def test_a_step_type_that_nobody_knows_is_refused() -> None:
    assert faults_of_step(id="a", type="fax") == [("$.steps[0].type", "unknown_step_type")]


def test_a_step_without_a_type_is_refused() -> None:
    assert faults_of_step(id="a") == [("$.steps[0].type", "missing_field")]


@pytest.mark.parametrize("given", [[], {}, 3, None])
def test_a_type_that_is_no_word_is_refused(given: object) -> None:
    assert faults_of_step(id="a", type=given) == [("$.steps[0].type", "unknown_step_type")]


@pytest.mark.parametrize(
    "keys, faults",
    [
        ({}, [("$.steps[0].on", "unknown_condition")]),
        ({"on": "guessed"}, [("$.steps[0].on", "unknown_condition")]),
        (
            {"on": "replied"},
            [("$.steps[0].of", "missing_field"), ("$.steps[0].within", "missing_field")],
        ),
        (
            {"on": "answered", "of": "c", "within": "P1D"},
            [("$.steps[0].within", "unknown_field")],
        ),
        ({"on": "call_outcome", "of": "c"}, [("$.steps[0].outcomes", "missing_field")]),
        (
            {"on": "call_outcome", "of": "c", "outcomes": []},
            [("$.steps[0].outcomes", "wrong_value")],
        ),
        ({"on": "replied", "of": "e", "within": "PT0S"}, [("$.steps[0].within", "wrong_value")]),
        ({"on": "answered", "of": "c", "next": "d"}, [("$.steps[0].next", "unknown_field")]),
    ],
)
def test_a_condition_has_the_keys_of_what_it_asks(
    keys: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    assert faults_of_step(id="k", type="condition", **keys) == faults


@pytest.mark.parametrize(
    "action, below, code",
    [
        ({}, "", "wrong_value"),
        ({"set_status": "lost", "add_tag": "x"}, "", "wrong_value"),
        ({"set_status": "gone"}, ".set_status", "wrong_value"),
        ({"advance": 1}, ".advance", "unknown_field"),
        ("lost", "", "wrong_value"),
    ],
)
def test_an_end_does_one_thing_that_we_know(action: object, below: str, code: str) -> None:
    faults = faults_of_step(id="x", type="end", outcome="over", item_action=action)

    assert faults == [(f"$.steps[0].item_action{below}", code)]


@pytest.mark.parametrize(
    "changed", [{"activity_type": "Call!"}, {"subject": " "}, {"priority": "urgent"}]
)
def test_an_activity_says_what_is_to_be_done(changed: dict[str, object]) -> None:
    call = {"id": "c", "type": "activity", "activity_type": "call", "subject": "Call"}

    (key,) = changed

    assert faults_of_step(**{**call, **changed}) == [(f"$.steps[0].{key}", "wrong_value")]


@given(json_values | likely_flows)
def test_any_json_is_read_or_refused(document: object) -> None:
    with suppress(RuleError):
        assert isinstance(read_flow(document), Flow)
