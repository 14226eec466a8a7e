"""Whether an item may enter a sequence; each refusal has a code and says what to do.

Asked before the enrolling transaction, so that people hear why; what others might take meanwhile
(the item's place, its rotation) is asked again inside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.crm.item_sight import may_see
from chalicelib.domain.crm.items import ENROLLABLE, Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.rights import Right, may
from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.domain.sequences import slots
from chalicelib.domain.sequences.definition import EmailStep, FlowVersion, Sequence
from chalicelib.domain.sequences.durations import spoken
from chalicelib.domain.sequences.settings import ReEnroll
from chalicelib.domain.sequences.signals import ExitReason
from chalicelib.services import enrollments, related_items
from chalicelib.services.decisions import Bench
from chalicelib.storage.enrollments import Rotation


class RefusedError(DomainError):
    """One item may not be enrolled; `reason` says why, for programs."""

    def __init__(self, reason: str, message: str) -> None:
        """Keep the code and what to tell the user."""
        super().__init__()
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """An item that may enter, and what is known of it."""

    item: Item
    person: Item | None
    slots: tuple[str, ...]
    rotation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """One enrolling request: what is asked of each of its items."""

    sequence: Sequence
    published: FlowVersion
    settings: TenantSettings
    caller: User
    bench: Bench

    def admit(self, item_id: ItemId, *, owner: User | None) -> Admitted:
        """Return the item with the places it needs; raises RefusedError."""
        item = self._item(item_id)
        self._insist_on_owner(item, owner)
        person, organization = related_items.of(item, bench=self.bench)
        address = self._address(person or organization or item)
        latest = self.bench.stores.enrollments.rotation(self.sequence.id, item.ref)
        names = slots.wanted(self.sequence.id, item.ref, address, self.settings)
        self._insist_on_free(names)
        self._insist_on_once(latest)
        self._insist_on_rest(item)
        account = self._account_place(organization)
        return Admitted(
            item=item,
            person=person,
            slots=(*names, *account),
            rotation=latest.number + 1 if latest else 1,
        )

    def taken(self, slot: str) -> RefusedError:
        """Return the refusal for a place that somebody took this very moment."""
        if slot.startswith(f"{slots.ACCOUNT}#"):
            return self._full()
        holder = self.bench.stores.enrollments.slot_holders([slot]).get(slot)
        return self._active(holder)

    def _item(self, item_id: ItemId) -> Item:
        kind = self.sequence.item_kind
        item = self._seen(ItemRef(kind, item_id))
        if item is None:
            raise self._not_found(item_id, kind)
        if not item.is_open:
            undo = "restore" if item.status is ItemStatus.DELETED else "reopen"
            raise RefusedError("item_closed", f"This {kind} is {item.status}; {undo} it first.")
        return item

    def _seen(self, ref: ItemRef) -> Item | None:
        """Return an item that the caller sees; any other is not found."""
        item = self.bench.stores.items.find(ref)
        if item is None or item.owner_id == self.caller.id:
            return item
        owner = self.bench.stores.users.find(item.owner_id)
        return item if may_see(item, owner=owner, viewer=self.caller) else None

    def _not_found(self, item_id: ItemId, kind: ItemKind) -> RefusedError:
        for other in sorted(ENROLLABLE - {kind}):
            if self._seen(ItemRef(other, item_id)) is not None:
                return RefusedError("wrong_kind", f"This is a {other}; the sequence takes {kind}s.")
        return RefusedError("not_found", f"There is no {kind} with this id.")

    def _insist_on_owner(self, item: Item, owner: User | None) -> None:
        """Let salespersons give work to themselves and to the item's owner, not to others."""
        is_near = owner is None or owner.id in {self.caller.id, item.owner_id}
        if not is_near and not may(self.caller.role, Right.WORK_ALL_TASKS):
            message = "You may enroll for yourself or for the item's owner; ask a manager."
            raise RefusedError("forbidden", message)

    def _address(self, writes_to: Item) -> str | None:
        """Return whom its mails would go to; a flow with mails insists on that."""
        address = writes_to.primary_address
        has_mail = any(isinstance(step, EmailStep) for step in self.published.flow.steps)
        if not has_mail:
            return address
        if address is None:
            is_own = writes_to.ref.kind in {ItemKind.PERSON, ItemKind.ORGANIZATION}
            who = "No address is known" if is_own else "It has no person to write to"
            raise RefusedError("no_address", f"{who}; give it one with an e-mail address first.")
        is_suppressed = self.bench.stores.addresses.suppression(address) is not None
        if writes_to.do_not_email or is_suppressed:
            raise RefusedError("suppressed", "Its address must not be written to.")
        return address

    def _insist_on_free(self, names: tuple[str, ...]) -> None:
        """Refuse an item, or an address, that is in a sequence already."""
        holders = self.bench.stores.enrollments.slot_holders(names)
        for name in names:
            if name in holders:
                raise self._active(holders[name])

    def _active(self, holder: EnrollmentId | None) -> RefusedError:
        """Say where the holder is: here, or in another sequence."""
        found = self.bench.stores.enrollments.many([holder] if holder else [])
        if found and found[0].sequence_id != self.sequence.id:
            message = "It, or somebody with its address, is active in another sequence."
            return RefusedError("already_active_elsewhere", message)
        return RefusedError("already_active", "It is active in this sequence already.")

    def _insist_on_once(self, latest: Rotation | None) -> None:
        """Refuse an item that is here yet, or was here in a sequence that takes nobody twice."""
        if latest is None:
            return
        (before,) = self.bench.stores.enrollments.many([latest.enrollment_id])
        if not before.is_over:
            raise self._active(before.id)
        is_once = self.published.settings.re_enroll is ReEnroll.NEVER
        if is_once and before.reason != ExitReason.REMOVED_BY_USER:
            message = "It went through this sequence before, which takes nobody twice."
            raise RefusedError("already_finished", message)

    def _insist_on_rest(self, item: Item) -> None:
        """Refuse an item that was touched too recently: by a step, or by a mail in its threads."""
        rests = [self.published.settings.min_time_since_touch, self.settings.min_time_since_touch]
        rest = max((each for each in rests if each is not None), default=None)
        if rest is None:
            return
        touched_at = max(self._touches(item), default=None)
        if touched_at is not None and self.bench.now() - touched_at < rest:
            message = f"It was touched on {touched_at:%Y-%m-%d}; let it rest for {spoken(rest)}."
            raise RefusedError("touched_too_recently", message)

    def _touches(self, item: Item) -> Iterator[datetime]:
        for enrollment in enrollments.of_item(item.ref, bench=self.bench):
            if enrollment.last is not None and not enrollment.last.is_skipped:
                yield enrollment.last.done_at
        threads = self.bench.stores.threads.list_page_of_item(item.ref, limit=1, cursor=None)
        yield from (thread.last_message_at for thread in threads.rows)

    def _account_place(self, organization: Item | None) -> tuple[str, ...]:
        """Return one of the account's places that is free, if it has but few."""
        most = self.settings.max_active_per_account
        names = slots.account_places(organization, most)
        holders = self.bench.stores.enrollments.slot_holders(names)
        free = [name for name in names if name not in holders]
        if names and not free:
            raise self._full()
        return tuple(free[:1])

    def _full(self) -> RefusedError:
        most = self.settings.max_active_per_account
        message = f"{most} of its account are in sequences already; no more are let in at a time."
        return RefusedError("limit_reached", message)
