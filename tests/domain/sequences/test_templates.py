"""The six ready-made sequences: their graphs, sizes and texts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.merge_fields import fields_of, render
from chalicelib.domain.sequences.catalog import READY_MADE, find_template
from chalicelib.domain.sequences.checks import problems_of
from chalicelib.domain.sequences.definition import EmailStep, EndStep
from chalicelib.domain.sequences.paths import reachable_from
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.templates import SequenceTemplate
from tests.builders import a_deal, a_lead, a_person, a_user, an_organization

AGREED: Final = json.loads((Path(__file__).parent / "agreed_graphs.json").read_text())
KINDS: Final = {
    "contact": "person",
    "lead": "lead",
    "opportunity": "deal",
    "account": "organization",
}
ACTIONS: Final[Mapping[str | None, tuple[str, str] | None]] = {
    None: None,
    "advance_stage": None,
    "disqualify_lead": ("set_status", "disqualified"),
    "disqualify": ("set_status", "lost"),
    "mark_for_future_events": ("add_tag", "future events"),
}
each_template = pytest.mark.parametrize("template", READY_MADE, ids=lambda each: each.key)


def spelled(node: Mapping[str, Any]) -> dict[str, object]:
    """Spell a node of the agreed graph as our documents do, without texts."""
    kind, step_type = node["kind"], str(node.get("type"))
    if kind == "wait":
        return {"type": "wait", "for": f"P{node['days']}D", "next": node["next"]}
    if kind == "cond":
        limit = {"within": f"P{node['limit_days']}D"} if node["limit_days"] else {}
        ways = {"yes": node["yes"], "no": node["no"]}
        return {"type": "condition", "on": node["on"], "of": node["of"], **limit, **ways}
    if kind == "end":
        does = ACTIONS[node["record_action"]]
        return {"type": "end", "outcome": node["outcome"], "does": does}
    if step_type in {"email", "auto_email"}:
        return {"type": "email", "automatic": step_type == "auto_email", "next": node["next"]}
    if step_type in {"call", "task"}:
        return {"type": "activity", "activity_type": step_type, "next": node["next"]}
    action = step_type.removeprefix("linkedin_")
    return {"type": "linkedin", "action": action, "next": node["next"]}


def bare(step: Mapping[str, Any]) -> dict[str, object]:
    """Take the texts out of a step of ours."""
    texts = {"id", "name", "subject", "body", "note", "reply_to_step", "item_action"}
    kept = {key: value for key, value in step.items() if key not in texts}
    if step["type"] == "email":
        kept.setdefault("automatic", False)
    if step["type"] == "end":
        action = step["item_action"] or {}
        kept["does"] = next(((key, action[key]) for key in action if key != "reason"), None)
    return kept


@pytest.mark.requirement("D365-TPL-03")
def test_there_are_six() -> None:
    assert [each.key for each in READY_MADE] == [each["key"] for each in AGREED]
    assert len(READY_MADE) == 6


@pytest.mark.parametrize("agreed", AGREED, ids=lambda each: each["key"])
def test_the_graphs_are_those_agreed_on(agreed: Mapping[str, Any]) -> None:
    template = find_template(agreed["key"])

    assert template is not None
    assert template.name == agreed["name"]
    assert template.item_kind == KINDS[agreed["record_type"]]
    steps: Any = template.flow["steps"]
    ours = {step["id"]: bare(step) for step in steps}
    assert ours == {node["id"]: spelled(node) for node in agreed["nodes"]}


@pytest.mark.requirement("D365-TPL-05")
@pytest.mark.parametrize(
    "key, kind, step_count, days",
    [
        pytest.param(
            "contact_no_show", "person", 7, 5, marks=pytest.mark.requirement("D365-TPL-06")
        ),
        pytest.param(
            "high_volume_prospecting", "lead", 7, 9, marks=pytest.mark.requirement("D365-TPL-07")
        ),
        pytest.param("event_invite", "person", 6, 5, marks=pytest.mark.requirement("D365-TPL-08")),
        pytest.param("product_demo", "deal", 9, 5, marks=pytest.mark.requirement("D365-TPL-09")),
        pytest.param(
            "account_renewal", "organization", 13, 50, marks=pytest.mark.requirement("D365-TPL-10")
        ),
        pytest.param(
            "webinar_follow_up", "lead", 10, 7, marks=pytest.mark.requirement("D365-TPL-11")
        ),
    ],
)
def test_a_template_states_its_kind_and_its_size(
    key: str, kind: str, step_count: int, days: int
) -> None:
    template = find_template(key)

    assert template is not None
    assert (template.item_kind, template.step_count, template.days) == (kind, step_count, days)


@each_template
def test_a_template_passes_every_check(template: SequenceTemplate) -> None:
    assert problems_of(read_flow(template.flow), template.item_kind) == []


@each_template
def test_every_branch_comes_to_an_end(template: SequenceTemplate) -> None:
    flow = read_flow(template.flow)

    for step in flow.steps:
        ends = [each for each in flow.steps if isinstance(each, EndStep)]
        assert reachable_from(flow, step.id) & {each.id for each in ends}


@each_template
def test_every_mail_reads_well_with_and_without_values(template: SequenceTemplate) -> None:
    item = {
        ItemKind.LEAD: a_lead(),
        ItemKind.DEAL: a_deal(),
        ItemKind.PERSON: a_person(),
        ItemKind.ORGANIZATION: an_organization(),
    }[template.item_kind]
    known = fields_of(item, a_person(), an_organization(), a_user())
    bare_fields = fields_of(item, None, None, a_user())

    for step in read_flow(template.flow).steps:
        if isinstance(step, EmailStep):
            body = render(step.body or "", known, is_html=True)
            assert "Paula" in body
            assert "Sally Seller" in body
            assert "Hi " in render(step.body or "", bare_fields, is_html=True)
            assert render(step.subject or "", bare_fields, is_html=False)


def test_a_key_that_nobody_knows_finds_nothing() -> None:
    assert find_template("cold_call_marathon") is None
