"""What the tenant must have before a sequence may run; and the tests that stand once begun."""

from collections.abc import Mapping

from msgspec.structs import replace

from chalicelib.domain.crm.custom_fields import CustomField, FieldType
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.ids import SequenceId, StepId, UserId
from chalicelib.domain.sequences.ab_tests import Letter, Result, TestState
from chalicelib.domain.sequences.definition import FlowVersion, Sequence, SequenceStatus
from chalicelib.domain.sequences.figures import Figure
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.settings import Settings
from chalicelib.services import ab_tests, flow_checks
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW
from tests.services.runner import SEQUENCE, Runner

CALL = {"id": "c", "type": "activity", "activity_type": "call", "subject": "Call", "next": "a"}
TEST: dict[str, object] = {
    "id": "m",
    "type": "ab_test",
    "automatic": True,
    "a": {"subject": "1", "body": "1"},
    "b": {"subject": "2", "body": "2"},
    "metric": "goal",
    "next": None,
}


def a_sequence(name: str, *steps: Mapping[str, object]) -> Sequence:
    return Sequence(
        id=SequenceId(name),
        name=name,
        owner_id=UserId("user-sally"),
        flow={"start": steps[0]["id"], "steps": list(steps)},
        created_at=NOW,
        updated_at=NOW,
    )


def advance(to: str) -> dict[str, object]:
    return {"id": "a", "type": "advance_to_sequence", "sequence_id": to}


def published(stores: Stores, sequence: Sequence) -> Sequence:
    """Activate without asking."""
    active = replace(sequence, status=SequenceStatus.ACTIVE, flow_version=1)
    with Transaction() as tx:
        stores.sequences.publish(
            tx,
            FlowVersion(
                sequence_id=sequence.id,
                number=1,
                flow=read_flow(sequence.flow),
                document=sequence.flow,
                settings=Settings(),
                published_at=NOW,
            ),
        )
        return stores.sequences.put(tx, active)


def codes(sequence: Sequence, stores: Stores) -> list[str]:
    return [each.code for each in flow_checks.problems_of(sequence, stores=stores)]


def test_every_kind_of_problem_is_told_at_once(runner: Runner) -> None:
    steps: list[Mapping[str, object]] = [
        {**CALL, "assignee": "nobody", "next": "u"},
        {"id": "u", "type": "update_field", "field": "segment", "value": "huge", "next": "k"},
        {"id": "k", "type": "condition", "on": "field", "field": "region", "operator": "is_empty",
         "yes": "m", "no": "a"},
        {"id": "m", "type": "email", "template_id": "gone", "next": None},
        advance("nowhere"),
    ]  # fmt: skip
    runner.stores.custom_fields.save(
        CustomField(
            kind=ItemKind.LEAD,
            key="segment",
            name="Segment",
            type=FieldType.OPTION,
            options=("big", "small"),
            created_at=NOW,
            updated_at=NOW,
        )
    )

    assert codes(a_sequence("one", *steps), runner.stores) == [
        "unknown_assignee",
        "template_missing",
        "value_not_for_field",
        "unknown_item_field",
        "advance_target_missing",
    ]


def test_an_item_goes_only_where_its_kind_is_taken_and_never_in_a_circle(runner: Runner) -> None:
    stores = runner.stores
    draft = stores.sequences.save(a_sequence("draft", CALL, advance("first")))
    deals = replace(a_sequence("deals", {**CALL, "next": None}), item_kind=ItemKind.DEAL)
    published(stores, deals)
    published(stores, a_sequence("last", {**CALL, "next": None}))
    published(stores, a_sequence("second", CALL, advance("first")))

    assert codes(a_sequence("first", CALL, advance(draft.id)), stores) == [
        "advance_target_inactive"
    ]
    assert codes(a_sequence("first", CALL, advance("deals")), stores) == ["advance_other_kind"]
    assert codes(a_sequence("first", CALL, advance("second")), stores) == ["advance_loop"]
    assert codes(a_sequence("last", CALL, advance("last")), stores) == ["advance_loop"]
    assert codes(a_sequence("first", CALL, advance("last")), stores) == []


def test_a_test_that_has_begun_is_locked(runner: Runner) -> None:
    begun = published(runner.stores, a_sequence("tested", TEST))
    changed = {**TEST, "b": {"subject": "Another", "body": "2"}}

    assert codes(begun, runner.stores) == []
    locked = replace(begun, flow={"start": "m", "steps": [changed]})
    assert codes(locked, runner.stores) == ["ab_test_locked"]
    renamed = replace(begun, flow={"start": "n", "steps": [{**changed, "id": "n"}]})
    assert codes(renamed, runner.stores) == []


def test_a_published_flow_reads_back_as_it_was_written(runner: Runner) -> None:
    written: dict[str, object] = {"id": "w", "type": "wait", "for": "PT120M", "next": "c"}
    kept = published(runner.stores, a_sequence("written", written, {**CALL, "next": None}))

    (version,) = runner.stores.sequences.list_versions(kept.id)
    assert version.document == kept.flow


def test_a_test_ends_by_its_figures_and_later_ones_get_the_winner(runner: Runner) -> None:
    stores, bench = runner.stores, runner.bench
    begun = published(stores, a_sequence("tested", TEST))
    (shown,) = ab_tests.of_sequence(begun, bench=bench)
    assert (shown.state, ab_tests.winner(begun.id, shown.step, bench=bench)) == (
        TestState.IN_PROGRESS,
        None,
    )

    figures = {
        StepId("m#a"): {Figure.SENT: 200, Figure.GOAL: 10},
        StepId("m#b"): {Figure.SENT: 200, Figure.GOAL: 60},
    }
    stores.figures.add(begun.id, figures, event_id="e", now=NOW)
    ab_tests.settle_all(begun.id, figures, bench=bench)

    (over,) = ab_tests.of_sequence(begun, bench=bench)
    assert over.verdict is not None
    assert (over.state, over.verdict.result) == (TestState.ENDED, Result.CLEAR_WINNER)
    assert ab_tests.winner(begun.id, over.step, bench=bench) is Letter.B


def test_a_sequence_without_tests_has_none(runner: Runner) -> None:
    known = runner.stores.sequences.get(SEQUENCE)

    assert ab_tests.of_sequence(known, bench=runner.bench) == []
