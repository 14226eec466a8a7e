"""What follows from a change of an item: it leaves, is handed on, enters; once, and no oftener."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.crm.comparisons import Comparison, Operator
from chalicelib.domain.crm.items import ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import RuleError
from chalicelib.domain.ids import AutomationId, ItemId, SequenceId, UserId
from chalicelib.domain.sequences.automations import Automation, Change, Draft, Trigger
from chalicelib.services import automating, automations, enrollments
from tests.builders import NOW, an_admin, an_admin_caller
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

ADAM = UserId("user-adam")


def a_change(event: str = "event-1", **what: Any) -> Change:  # noqa: ANN401 - any of its fields
    return Change(
        **{"event_id": event, "item": LEAD, "is_new": True, "status": ItemStatus.OPEN, **what}
    )


def a_rule(**what: Any) -> Automation:  # noqa: ANN401 - as above
    made: dict[str, Any] = {
        "id": AutomationId("automation-1"),
        "name": "New leads",
        "item_kind": ItemKind.LEAD,
        "trigger": Trigger.ITEM_CREATED,
        "sequence_id": SEQUENCE,
        "author_id": SALLY,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Automation(**{**made, **what})


def active(runner: Runner) -> list[str]:
    return [each.sequence_id for each in enrollments.running(LEAD, bench=runner.bench)]


def keep(runner: Runner, **what: Any) -> Automation:  # noqa: ANN401 - as above
    return runner.stores.automations.save(a_rule(**what))


def outcome_of(runner: Runner, rule: Automation) -> dict[str, object]:
    run = runner.stores.automations.last_run(rule.id, LEAD)
    assert run is not None
    return dict(run.outcome)


@pytest.mark.requirement("PD-SEQ-30")
def test_an_automation_enrolls_what_is_made(runner: Runner) -> None:
    rule = keep(runner)

    automating.follow(a_change(), bench=runner.bench)

    assert active(runner) == [SEQUENCE]
    assert outcome_of(runner, rule)["enrolled"] is True


@pytest.mark.parametrize(
    "rule, change, is_enrolled",
    [
        ({"is_on": False}, {}, False),
        ({"trigger": "item_updated"}, {}, False),
        ({"trigger": "item_updated"}, {"is_new": False}, True),
        ({"item_kind": "person"}, {}, False),
        (
            {"trigger": "status_changed", "to": ("open",)},
            {"is_new": False, "status_before": ItemStatus.ARCHIVED},
            True,
        ),
        (
            {"trigger": "status_changed", "to": ("open",)},
            {"is_new": False, "status_before": ItemStatus.OPEN},
            False,
        ),
    ],
)
def test_only_the_change_that_a_rule_waits_for_counts(
    runner: Runner, rule: dict[str, Any], change: dict[str, Any], *, is_enrolled: bool
) -> None:
    if "trigger" in rule:
        rule["trigger"] = Trigger(rule["trigger"])
    if "item_kind" in rule:
        rule["item_kind"] = ItemKind(rule["item_kind"])
    keep(runner, **rule)

    automating.follow(a_change(**change), bench=runner.bench)

    assert active(runner) == ([SEQUENCE] if is_enrolled else [])


@pytest.mark.parametrize("tag, is_enrolled", [("fair", True), ("web", False)])
def test_the_item_must_fit_the_conditions(runner: Runner, tag: str, *, is_enrolled: bool) -> None:
    item = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(item, tags=(tag,)))
    asked = Comparison(field="tags", operator=Operator.CONTAINS, value="fair")
    keep(runner, conditions=asked)

    automating.follow(a_change(), bench=runner.bench)

    assert active(runner) == ([SEQUENCE] if is_enrolled else [])


def test_an_event_that_comes_twice_enrolls_once(runner: Runner) -> None:
    keep(runner)
    automating.follow(a_change(), bench=runner.bench)
    (enrollment,) = enrollments.running(LEAD, bench=runner.bench)
    enrollments.remove(enrollment.id, by=SALLY, bench=runner.bench)

    automating.follow(a_change(), bench=runner.bench)

    assert active(runner) == []


def test_rule_and_sequence_do_not_chase_each_other(runner: Runner) -> None:
    keep(runner, trigger=Trigger.ITEM_UPDATED)
    automating.follow(a_change(is_new=False), bench=runner.bench)
    (enrollment,) = enrollments.running(LEAD, bench=runner.bench)
    enrollments.remove(enrollment.id, by=SALLY, bench=runner.bench)

    automating.follow(a_change("event-2", is_new=False), bench=runner.bench)
    at_once = active(runner)
    runner.doubles.clock.advance(timedelta(days=1))
    automating.follow(a_change("event-3", is_new=False), bench=runner.bench)

    assert (at_once, active(runner)) == ([], [SEQUENCE])


def test_what_keeps_an_item_out_is_told(runner: Runner) -> None:
    runner.enroll()
    rule = keep(runner)

    automating.follow(a_change(), bench=runner.bench)

    assert outcome_of(runner, rule)["code"] == "already_active"


def test_a_refusal_does_not_use_up_the_day(runner: Runner) -> None:
    enrollment_id = runner.enroll()
    keep(runner, trigger=Trigger.ITEM_UPDATED)
    automating.follow(a_change(is_new=False), bench=runner.bench)
    enrollments.remove(enrollment_id, by=SALLY, bench=runner.bench)

    automating.follow(a_change("event-2", is_new=False), bench=runner.bench)

    assert active(runner) == [SEQUENCE]


def test_automations_may_be_switched_off(runner: Runner) -> None:
    keep(runner)
    tenant = runner.stores.tenant.get()
    runner.stores.tenant.save(replace(tenant, settings={"features_off": ["automations"]}))

    automating.follow(a_change(), bench=runner.bench)

    assert active(runner) == []


def test_an_item_that_was_closed_by_whatever_leaves_its_sequence(runner: Runner) -> None:
    runner.enroll()
    item = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(item, status=ItemStatus.ARCHIVED))

    automating.follow(a_change(is_new=False, status=ItemStatus.ARCHIVED), bench=runner.bench)

    assert active(runner) == []


def test_the_steps_to_come_follow_the_items_owner(runner: Runner) -> None:
    runner.stores.users.save(an_admin())
    enrollment_id = runner.enroll()
    item = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(item, owner_id=ADAM))

    automating.follow(a_change(is_new=False, owner_before=SALLY), bench=runner.bench)

    assert runner.head(enrollment_id).owner_id == ADAM


def test_another_who_was_chosen_to_work_it_keeps_it(runner: Runner) -> None:
    runner.stores.users.save(an_admin())
    enrollment_id = runner.enroll()
    item = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(item, owner_id=ADAM))

    automating.follow(a_change(is_new=False, owner_before=UserId("nora")), bench=runner.bench)

    assert runner.head(enrollment_id).owner_id == SALLY


def test_an_item_that_is_gone_is_nobodys_matter(runner: Runner) -> None:
    keep(runner)
    gone = ItemRef(ItemKind.LEAD, ItemId("gone"))

    automating.follow(a_change(item=gone), bench=runner.bench)

    assert active(runner) == []


def a_draft(**what: Any) -> Draft:  # noqa: ANN401 - as above
    made: dict[str, Any] = {
        "name": "New leads",
        "item_kind": ItemKind.LEAD,
        "trigger": Trigger.ITEM_CREATED,
        "sequence_id": SEQUENCE,
    }
    return Draft(**{**made, **what})


def test_a_rule_that_could_enroll_nobody_is_refused_with_every_reason(runner: Runner) -> None:
    runner.stores.users.save(an_admin())
    asked = Comparison(field="ship.size", operator=Operator.EQUALS, value=1)
    draft = a_draft(
        trigger=Trigger.STAGE_CHANGED,
        sequence_id=SequenceId("nowhere"),
        owner_id=UserId("ghost"),
        conditions=asked,
    )

    with pytest.raises(RuleError) as refusal:
        automations.create(draft, caller=an_admin_caller(), bench=runner.bench)

    assert [each.path for each in refusal.value.problems] == [
        "$.trigger",
        "$.conditions",
        "$.sequence_id",
        "$.owner_id",
    ]


def test_what_happened_before_the_last_taking_comes_too_late(runner: Runner) -> None:
    keep(runner, trigger=Trigger.ITEM_UPDATED)
    automating.follow(a_change(is_new=False, at=NOW), bench=runner.bench)
    (enrollment,) = enrollments.running(LEAD, bench=runner.bench)
    enrollments.remove(enrollment.id, by=SALLY, bench=runner.bench)
    runner.doubles.clock.advance(timedelta(days=2))

    late = a_change("event-0", is_new=False, at=NOW - timedelta(days=1))
    automating.follow(late, bench=runner.bench)

    assert active(runner) == []


def test_nobody_enrolls_in_the_name_of_one_who_has_left(runner: Runner) -> None:
    runner.stores.users.save(replace(runner.stores.users.get(SALLY), is_active=False))
    rule = keep(runner)

    automating.follow(a_change(), bench=runner.bench)

    assert active(runner) == []
    assert outcome_of(runner, rule)["code"] == "author_inactive"
