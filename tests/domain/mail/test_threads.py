"""Which thread a message belongs to: the same groups in any order."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, ThreadId, UserId
from chalicelib.domain.mail.linking import Considered, Decision, Reason
from chalicelib.domain.mail.message import Message
from chalicelib.domain.mail.threads import (
    Link,
    Thread,
    decide_thread,
    linked_by_hand,
    unlinked_by_hand,
    with_absorbed,
    with_decision,
    with_message,
    with_people,
    with_suggestions,
)
from tests.builders import NOW

DEAL = ItemRef(ItemKind.DEAL, ItemId("deal-1"))
LEAD = ItemRef(ItemKind.LEAD, ItemId("lead-1"))


def a_thread() -> Thread:
    return Thread(
        id=ThreadId("m"),
        owner_id=UserId("user-sally"),
        subject="Chairs",
        started_at=NOW,
        last_message_at=NOW,
        link=Link(reason=Reason.NO_OPEN_ITEM),
    )


@dataclass
class Files:
    """One owner's files in memory: pointers, and threads with their messages."""

    thread_by_id: dict[str, Thread] = field(default_factory=dict)
    pointer_by_id: dict[str, ThreadId] = field(default_factory=dict)
    ids_by_thread: dict[ThreadId, set[str]] = field(default_factory=dict)

    def living(self, thread_id: ThreadId) -> Thread:
        thread = self.thread_by_id[thread_id]
        while thread.merged_into is not None:
            thread = self.thread_by_id[thread.merged_into]
        return thread

    def file(self, own: str, ancestors: list[str]) -> None:
        ids = [own, *ancestors]
        named = [self.living(self.pointer_by_id[i]) for i in ids if i in self.pointer_by_id]
        joining = decide_thread(named)
        into = joining.into or replace(a_thread(), id=ThreadId(f"thread of {own}"))
        for absorbed in joining.absorbed:
            into = with_absorbed(into, absorbed)
            self.thread_by_id[absorbed.id] = replace(absorbed, merged_into=into.id)
            self.ids_by_thread[into.id] |= self.ids_by_thread.pop(absorbed.id)
        self.thread_by_id[into.id] = with_message(into, sent_at=NOW, is_incoming=False)
        self.ids_by_thread.setdefault(into.id, set()).add(own)
        for each in ids:
            self.pointer_by_id.setdefault(each, into.id)

    @property
    def groups(self) -> set[frozenset[str]]:
        return {frozenset(each) for each in self.ids_by_thread.values()}


CONVERSATIONS = st.lists(
    st.tuples(st.integers(0, 8), st.lists(st.integers(0, 12), max_size=3)),
    max_size=9,
    unique_by=lambda mail: mail[0],
)


@given(CONVERSATIONS, st.randoms(use_true_random=False))
def test_the_groups_do_not_depend_on_the_order_of_arrival(
    mails: list[tuple[int, list[int]]], chance: object
) -> None:
    shuffled = list(mails)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Files(), Files()

    for own, ancestors in mails:
        one.file(str(own), [str(each) for each in ancestors])
    for own, ancestors in shuffled:
        other.file(str(own), [str(each) for each in ancestors])

    assert one.groups == other.groups
    assert {each.message_count for each in one.thread_by_id.values() if not each.merged_into} == {
        len(each) for each in one.groups
    }


def test_a_message_that_names_nothing_known_begins_a_thread() -> None:
    assert decide_thread([]).into is None


def test_threads_merge_into_the_smaller_id() -> None:
    small, great = replace(a_thread(), id=ThreadId("a")), replace(a_thread(), id=ThreadId("b"))

    joining = decide_thread([great, small, great])

    assert (joining.into, joining.absorbed) == (small, (great,))


def test_the_thread_of_an_enrollment_goes_on() -> None:
    small = replace(a_thread(), id=ThreadId("a"))
    enrolled = replace(a_thread(), id=ThreadId("b"), enrollment_id=EnrollmentId("e"))

    joining = decide_thread([small, enrolled])

    assert (joining.into, joining.absorbed) == (enrolled, (small,))


def test_a_message_moves_the_ends_of_its_thread() -> None:
    earlier = with_message(a_thread(), sent_at=NOW - timedelta(days=1), is_incoming=True)

    assert (earlier.started_at, earlier.last_message_at) == (NOW - timedelta(days=1), NOW)
    assert (earlier.received, earlier.folder) == (1, "inbox")
    assert a_thread().folder == "sent"
    assert replace(earlier, is_archived=True).folder == "archive"


def test_an_unlinked_thread_takes_over_the_link_of_the_one_it_absorbs() -> None:
    linked = with_decision(a_thread(), Decision(item=DEAL, reason=Reason.ONLY_OPEN_ITEM))

    assert with_absorbed(a_thread(), linked).link.item == DEAL
    assert with_absorbed(linked, a_thread()).link == linked.link
    assert with_absorbed(linked, linked).link == linked.link


@pytest.mark.requirement("PD-LINK-04")
@pytest.mark.requirement("PD-LINK-24")
def test_two_linked_threads_that_merge_keep_one_item_and_show_the_other() -> None:
    one = with_decision(a_thread(), Decision(item=DEAL, reason=Reason.ONLY_OPEN_ITEM))
    other = with_decision(a_thread(), Decision(item=LEAD, reason=Reason.ONLY_OPEN_ITEM))

    link = with_absorbed(one, other).link

    assert (link.item, link.reason) == (DEAL, Reason.ONLY_OPEN_ITEM)
    assert link.needs_choice
    assert link.candidates == (LEAD,)
    assert link.considered == (Considered(LEAD, "threads_merged"),)


def test_a_slot_that_was_emptied_by_hand_is_not_filled_by_a_merge() -> None:
    other = with_decision(a_thread(), Decision(item=LEAD, reason=Reason.ONLY_OPEN_ITEM))

    link = with_absorbed(unlinked_by_hand(a_thread()), other).link

    assert (link.item, link.candidates) == (None, (LEAD,))


def test_a_link_that_stands_keeps_its_reason() -> None:
    linked = with_decision(a_thread(), Decision(item=DEAL, reason=Reason.ONLY_OPEN_ITEM))

    assert with_decision(linked, Decision(item=DEAL, reason=Reason.KEPT)) == linked


def test_a_persons_choice_is_remembered() -> None:
    chosen = linked_by_hand(a_thread(), DEAL)

    assert (chosen.link.item, chosen.link.reason) == (DEAL, Reason.LINKED_BY_HAND)
    kept = with_decision(chosen, Decision(item=DEAL, reason=Reason.KEPT)).link
    assert (kept.reason, kept.is_by_hand) == (Reason.KEPT, True)
    emptied = Link(reason=Reason.UNLINKED_BY_HAND, is_by_hand=True, rejected=(DEAL,))
    assert unlinked_by_hand(chosen).link == emptied


@pytest.mark.requirement("PD-LINK-23")
def test_people_are_linked_beside_the_item() -> None:
    thread = with_people(
        linked_by_hand(a_thread(), DEAL), persons=[ItemId("p")], organizations=[ItemId("o")]
    )

    assert thread.links == (
        DEAL,
        ItemRef(ItemKind.PERSON, ItemId("p")),
        ItemRef(ItemKind.ORGANIZATION, ItemId("o")),
    )


def test_only_so_many_people_are_linked() -> None:
    thread = with_people(
        a_thread(), persons=[ItemId(str(each)) for each in range(100)], organizations=[]
    )

    assert len(thread.persons) == 20


def test_the_nearest_ancestors_and_the_first_count() -> None:
    references = tuple(f"{each}@x" for each in range(100))

    ancestors = Message(
        in_reply_to=("98@x",),  # type: ignore[arg-type]
        references=references,  # type: ignore[arg-type]
    ).ancestors

    assert ancestors[:3] == ("98@x", "99@x", "97@x")
    assert ancestors[-1] == "0@x"
    assert len(ancestors) == 33


def test_of_the_mails_that_one_says_it_answers_only_some_count() -> None:
    answered = tuple(f"{each}@x" for each in range(150))
    references = tuple(f"{each}@y" for each in range(150))

    ancestors = Message(
        in_reply_to=answered,  # type: ignore[arg-type]
        references=references,  # type: ignore[arg-type]
    ).ancestors

    assert ancestors[:5] == ("0@x", "1@x", "2@x", "3@x", "149@y")
    assert len(ancestors) == 37


def test_what_was_taken_out_in_either_thread_does_not_come_back_when_they_merge() -> None:
    linked = with_decision(a_thread(), Decision(item=DEAL, reason=Reason.ONLY_OPEN_ITEM))
    rejecting = unlinked_by_hand(linked_by_hand(a_thread(), DEAL))

    for first, second in ((linked, rejecting), (rejecting, linked)):
        link = with_absorbed(first, second).link
        assert (link.item, link.candidates, link.rejected) == (None, (), (DEAL,))


def test_a_subject_suggests_only_where_nobody_and_nothing_has_decided() -> None:
    suggested = with_suggestions(a_thread(), [DEAL, DEAL]).link

    assert (suggested.item, suggested.candidates, suggested.needs_choice) == (None, (DEAL,), False)
    for decided in (linked_by_hand(a_thread(), LEAD), unlinked_by_hand(a_thread())):
        assert with_suggestions(decided, [DEAL]) == decided
