"""Which item a thread belongs to, and why: the table that the customer's documents add up to.

The first row that holds decides. Counting comes before the age test: with two open deals, one of
them newer than the thread, nothing is linked. A link once made stands; the table is asked again
only while the slot is empty. Persons and their organizations are linked in every case but one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.items import LINKABLE, ItemRef, OpenItem

MOST_CANDIDATES: Final = 20
"""Candidates that a thread keeps to choose from."""


class Reason(StrEnum):
    """Why a thread's item slot holds what it holds."""

    ITEM_ADDRESS = "item_address"
    ENROLLMENT = "enrollment"
    KEPT = "kept"
    REJECTED_BEFORE = "rejected_before"
    SETTING_OFF = "setting_off"
    NO_OPEN_ITEM = "no_open_item"
    SEVERAL_OPEN_ITEMS = "several_open_items"
    ITEM_NEWER_THAN_THREAD = "item_newer_than_thread"
    ONLY_OPEN_ITEM = "only_open_item"
    LINKED_BY_HAND = "linked_by_hand"
    UNLINKED_BY_HAND = "unlinked_by_hand"
    THREADS_MERGED = "threads_merged"
    """Why an item was not taken: it was linked to a thread that merged into this one."""


@dataclass(frozen=True, slots=True)
class Considered:
    """An item that was thought of, and why it was not taken; empty for the one that was."""

    ref: ItemRef
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to link, why, what else was thought of, and whether a person must choose."""

    item: ItemRef | None
    reason: Reason
    candidates: tuple[ItemRef, ...] = ()
    needs_choice: bool = False
    considered: tuple[Considered, ...] = ()

    @property
    def links_people(self) -> bool:
        """Whether persons and their organizations are linked."""
        return self.reason is not Reason.SETTING_OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the table asks about, at the arrival of one message."""

    addressed: ItemRef | None = None
    """The item whose own Smart Bcc address the mail came to."""
    enrolled: ItemRef | None = None
    """The item whose enrollment began the thread."""
    linked: ItemRef | None = None
    is_set_by_hand: bool = False
    """Whether a person filled or emptied the slot; what they removed does not come back."""
    is_linking_on: bool = True
    open_items: Sequence[OpenItem] = ()
    """All open leads, deals and projects of all matched counterparts, now."""
    started_at: datetime


def decide_link(situation: Situation) -> Decision:
    """Return what the table says; the rows are named a to g as in the requirements."""
    known = _decide_by_origin(situation)
    if known is not None:
        return known
    if not situation.is_linking_on:  # d
        return Decision(item=None, reason=Reason.SETTING_OFF)
    return _decide_by_open_items(situation)


def _decide_by_origin(situation: Situation) -> Decision | None:
    """Rows a to c: the mail itself, an enrollment or a person has said where it belongs."""
    enrolled = situation.enrolled
    is_empty = situation.linked is None and not situation.is_set_by_hand
    match situation:
        case Situation(addressed=ItemRef() as addressed):  # a
            return Decision(item=addressed, reason=Reason.ITEM_ADDRESS)
        case _ if is_empty and enrolled is not None and enrolled.kind in LINKABLE:  # b
            return Decision(item=enrolled, reason=Reason.ENROLLMENT)
        case Situation(linked=ItemRef() as linked):  # c, and a link once made stands
            return Decision(item=linked, reason=Reason.KEPT)
        case Situation(is_set_by_hand=True):  # c
            return Decision(item=None, reason=Reason.REJECTED_BEFORE)
        case _:
            return None


def _decide_by_open_items(situation: Situation) -> Decision:
    """Rows e to g: what is open for the counterparts decides, if it is exactly one."""
    match list({each.ref: each for each in situation.open_items}.values()):
        case []:  # e
            return Decision(item=None, reason=Reason.NO_OPEN_ITEM)
        case [only] if _second(only.created_at) > situation.started_at:  # f
            # A thread older than the item is never linked: linking is not retroactive.
            newer = Reason.ITEM_NEWER_THAN_THREAD
            return Decision(item=None, reason=newer, considered=_all([only], newer))
        case [only]:  # g
            return Decision(
                item=only.ref, reason=Reason.ONLY_OPEN_ITEM, considered=_all([only], "")
            )
        case several:  # e
            return Decision(
                item=None,
                reason=Reason.SEVERAL_OPEN_ITEMS,
                candidates=tuple(each.ref for each in several[:MOST_CANDIDATES]),
                needs_choice=True,
                considered=_all(several[:MOST_CANDIDATES], Reason.SEVERAL_OPEN_ITEMS),
            )


def _second(at: datetime) -> datetime:
    """Cut an instant to what a Date header can say, which tells when a thread began."""
    return at.replace(microsecond=0)


def _all(items: Sequence[OpenItem], why_not: str) -> tuple[Considered, ...]:
    return tuple(Considered(each.ref, why_not) for each in items)
