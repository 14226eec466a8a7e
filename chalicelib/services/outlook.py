"""Reads what the steps ahead of an enrollment ask for, and nothing where they ask for nothing."""

from dataclasses import replace

from chalicelib.domain.crm.field_paths import About
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences import ahead
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import FlowVersion
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.services import ab_tests, advancing, related_items
from chalicelib.services.decisions import Bench


def informed(
    facts: Facts, enrollment: Enrollment, published: FlowVersion, *, bench: Bench
) -> Facts:
    """Return `facts` with the item, the winners of tests and the closed doors that are ahead."""
    found = ahead.look(published.flow, enrollment.step_id, enrollment.item.kind)
    if found.tests:
        winners = {
            test.id: ab_tests.winner(enrollment.sequence_id, test, bench=bench)
            for test in found.tests
        }
        known = {step_id: letter for step_id, letter in winners.items() if letter is not None}
        facts = replace(facts, winners=known)
    return _informed(facts, enrollment, found, bench)


def foreseeing(
    facts: Facts, enrollment: Enrollment, published: FlowVersion, *, bench: Bench
) -> Facts:
    """Return `facts` with what every step asks for, down to the end; ends no test by that."""
    found = ahead.look_to_the_end(published.flow, enrollment.item.kind)
    ended = {
        test.id: bench.stores.ab_tests.find(enrollment.sequence_id, test.id) for test in found.tests
    }
    winners = {step_id: each.letter for step_id, each in ended.items() if each is not None}
    return _informed(replace(facts, winners=winners), enrollment, found, bench)


def _informed(facts: Facts, enrollment: Enrollment, found: ahead.Ahead, bench: Bench) -> Facts:
    if found.asks_item:
        facts = replace(facts, about=_about(enrollment, bench, with_related=found.asks_related))
    if found.sequences:
        closed = frozenset(
            each
            for each in found.sequences
            if not advancing.takes(each, enrollment, stores=bench.stores)
        )
        facts = replace(facts, closed=closed)
    return facts


def _about(enrollment: Enrollment, bench: Bench, *, with_related: bool) -> About | None:
    item = bench.stores.items.find(enrollment.item)
    if item is None:
        return None
    kinds = {item.ref.kind}
    person = organization = None
    if with_related:
        person, organization = related_items.of(item, bench=bench)
        kinds |= {ItemKind.PERSON, ItemKind.ORGANIZATION}
    known = {kind: [field.key for field in bench.stores.custom_fields.of(kind)] for kind in kinds}
    return About(item=item, person=person, organization=organization, known_custom=known)
