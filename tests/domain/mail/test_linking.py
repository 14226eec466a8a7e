"""The linking table, row by row."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef, OpenItem
from chalicelib.domain.ids import ItemId
from chalicelib.domain.mail.linking import Considered, Reason, Situation, decide_link
from tests.builders import NOW

DEAL = ItemRef(ItemKind.DEAL, ItemId("deal-1"))
LEAD = ItemRef(ItemKind.LEAD, ItemId("lead-1"))
PERSON = ItemRef(ItemKind.PERSON, ItemId("person-1"))
OPEN_DEAL = OpenItem(ref=DEAL, title="Chairs", created_at=NOW - timedelta(days=1))
OPEN_LEAD = OpenItem(ref=LEAD, title="Tables", created_at=NOW - timedelta(days=2))
NEW_LEAD = replace(OPEN_LEAD, created_at=NOW + timedelta(seconds=1))


def a_situation() -> Situation:
    """A new thread with a person for whom nothing is open."""
    return Situation(started_at=NOW)


@pytest.mark.parametrize(
    "situation, item, reason",
    [
        # a: the item's own address wins over everything, whatever stands in the slot.
        (replace(a_situation(), addressed=LEAD, linked=DEAL), LEAD, "item_address"),
        (replace(a_situation(), addressed=LEAD, is_set_by_hand=True), LEAD, "item_address"),
        (replace(a_situation(), addressed=LEAD, is_linking_on=False), LEAD, "item_address"),
        # b: an enrolled lead or deal; a person leaves the slot to the rows below.
        (replace(a_situation(), enrolled=LEAD, open_items=[OPEN_DEAL]), LEAD, "enrollment"),
        (replace(a_situation(), enrolled=LEAD, is_linking_on=False), LEAD, "enrollment"),
        (replace(a_situation(), enrolled=PERSON, open_items=[OPEN_DEAL]), DEAL, "only_open_item"),
        (replace(a_situation(), enrolled=PERSON), None, "no_open_item"),
        # c: what a person did stays, also against the enrollment; a link once made stands.
        (replace(a_situation(), linked=DEAL, is_set_by_hand=True), DEAL, "kept"),
        (replace(a_situation(), linked=DEAL, open_items=[OPEN_LEAD]), DEAL, "kept"),
        (
            replace(a_situation(), is_set_by_hand=True, open_items=[OPEN_DEAL]),
            None,
            "rejected_before",
        ),
        (replace(a_situation(), is_set_by_hand=True, enrolled=LEAD), None, "rejected_before"),
        (replace(a_situation(), is_set_by_hand=True, is_linking_on=False), None, "rejected_before"),
        # d
        (replace(a_situation(), is_linking_on=False, open_items=[OPEN_DEAL]), None, "setting_off"),
        # e
        (a_situation(), None, "no_open_item"),
        (replace(a_situation(), open_items=[OPEN_DEAL, OPEN_LEAD]), None, "several_open_items"),
        # Counting comes before the age test.
        (replace(a_situation(), open_items=[OPEN_DEAL, NEW_LEAD]), None, "several_open_items"),
        # f
        (replace(a_situation(), open_items=[NEW_LEAD]), None, "item_newer_than_thread"),
        # g: the same item through two persons is one item.
        (replace(a_situation(), open_items=[OPEN_DEAL]), DEAL, "only_open_item"),
        (replace(a_situation(), open_items=[OPEN_DEAL, OPEN_DEAL]), DEAL, "only_open_item"),
        (
            replace(a_situation(), open_items=[replace(OPEN_DEAL, created_at=NOW)]),
            DEAL,
            "only_open_item",
        ),
    ],
)
def test_the_first_row_that_holds_decides(
    situation: Situation, item: ItemRef | None, reason: str
) -> None:
    decision = decide_link(situation)

    assert (decision.item, decision.reason) == (item, reason)


def test_an_item_made_in_the_second_in_which_the_thread_began_is_not_newer() -> None:
    at_once = replace(OPEN_DEAL, created_at=NOW + timedelta(microseconds=999_999))

    assert decide_link(replace(a_situation(), open_items=[at_once])).item == DEAL


def test_several_open_items_are_candidates_for_a_person_to_choose_from() -> None:
    decision = decide_link(replace(a_situation(), open_items=[OPEN_DEAL, OPEN_LEAD]))

    assert decision.needs_choice
    assert decision.candidates == (DEAL, LEAD)
    assert decision.considered == (
        Considered(DEAL, "several_open_items"),
        Considered(LEAD, "several_open_items"),
    )


def test_a_decision_says_what_it_considered() -> None:
    newer = decide_link(replace(a_situation(), open_items=[NEW_LEAD]))
    only = decide_link(replace(a_situation(), open_items=[OPEN_DEAL]))

    assert newer.considered == (Considered(LEAD, "item_newer_than_thread"),)
    assert only.considered == (Considered(DEAL, ""),)


@pytest.mark.requirement("PD-LINK-08")
def test_people_are_linked_in_every_case_but_one() -> None:
    off = decide_link(replace(a_situation(), is_linking_on=False))

    assert off.reason is Reason.SETTING_OFF
    assert not off.links_people
    assert decide_link(a_situation()).links_people
