"""Enrolls items: each begins, or is refused with a code that says why."""

from collections.abc import Collection
from dataclasses import dataclass

from chalicelib.domain.crm.items import ENROLLABLE, Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import (
    DomainError,
    Problem,
    RuleError,
    StaleWriteError,
    StateError,
)
from chalicelib.domain.ids import ItemId, SequenceId, StepId, UserId
from chalicelib.domain.sequences.definition import (
    EmailStep,
    FlowVersion,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.enrollment import Count, Enrollment, Phase
from chalicelib.domain.sequences.steps import reached
from chalicelib.services import gates, timing
from chalicelib.services.decisions import Bench, wake_if_due
from chalicelib.services.outcomes import Mark, Outcome
from chalicelib.storage import keys
from chalicelib.storage.enrollments import AlreadyActiveError
from chalicelib.storage.transaction import Transaction


class SequenceNotActiveError(StateError):
    """Only active sequences take items (D365-SEQ-29)."""

    code = "sequence_not_active"
    sentence = "The sequence is {state}; activate it before you add items."


class RefusedError(DomainError):
    """One item may not be enrolled; `code` of the instance says why."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code and what to tell the user."""
        super().__init__()
        self.reason = code
        self.message = message


def enroll(
    sequence_id: SequenceId,
    *,
    item_ids: Collection[ItemId],
    caller_id: UserId,
    owner_id: UserId | None = None,
    start_step_id: StepId | None = None,
    is_dry_run: bool = False,
    mark: Mark | None = None,
    bench: Bench,
) -> list[Outcome]:
    """Enroll each item, or say why not; one item's refusal is no other's.

    `mark` adds what a caller must know of a begun enrollment to the transaction that begins it.
    Raises MissingError, SequenceNotActiveError, or RuleError for an owner or a step that is not.
    """
    sequence = bench.stores.sequences.get(sequence_id)
    if sequence.status is not SequenceStatus.ACTIVE or sequence.flow_version is None:
        raise SequenceNotActiveError(state=sequence.status)
    published = bench.stores.sequences.flow_version(sequence_id, sequence.flow_version)
    desk = _Desk(
        sequence=sequence,
        published=published,
        start=_start(published, start_step_id),
        bench=bench,
        is_dry_run=is_dry_run,
        mark=mark,
    )
    owner = None if owner_id is None else _owner(owner_id, bench)
    rows: list[Outcome] = []
    for item_id in item_ids:
        taken = {row.item_id for row in rows if row.enrolled}
        rows.append(desk.outcome(item_id, owner, caller_id, is_taken=item_id in taken))
    return rows


def _start(published: FlowVersion, start_step_id: StepId | None) -> StepId | None:
    if start_step_id is None:
        return published.flow.start
    if start_step_id not in published.flow.by_id():
        message = "There is no such step in the published flow."
        raise RuleError(Problem(path="start_step_id", code="not_found", message=message))
    return start_step_id


def _owner(owner_id: UserId, bench: Bench) -> User:
    owner = bench.stores.users.find(owner_id)
    if owner is None or not owner.is_active:
        message = "There is no active user with this id."
        raise RuleError(Problem(path="owner_id", code="not_found", message=message))
    return owner


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """One enrolling request: what all its items share."""

    sequence: Sequence
    published: FlowVersion
    start: StepId | None
    bench: Bench
    is_dry_run: bool
    mark: Mark | None

    def outcome(
        self, item_id: ItemId, owner: User | None, caller_id: UserId, *, is_taken: bool
    ) -> Outcome:
        """Enroll one item, unless it stands in the request before; a refusal becomes a row."""
        try:
            if is_taken:
                raise _active_already()
            item = self._item(item_id)
            sender = owner or self._sender(item, caller_id)
            enrollment = self._enrollment(item, sender)
            warnings = self._warnings(sender)
            if self.is_dry_run:
                self._insist_on_free_slot(item)
                return Outcome(item_id=item_id, enrolled=True, warnings=warnings)
            outcome = Outcome(
                item_id=item_id, enrolled=True, enrollment_id=enrollment.id, warnings=warnings
            )
            begun = self._begin(enrollment, outcome)
        except RefusedError as refusal:
            return Outcome(
                item_id=item_id, enrolled=False, code=refusal.reason, message=refusal.message
            )
        wake_if_due(begun, bench=self.bench)
        return outcome

    def _item(self, item_id: ItemId) -> Item:
        """Return the item, or refuse it by kind, state or address."""
        kind = self.sequence.item_kind
        item = self.bench.stores.items.find(ItemRef(kind, item_id))
        if item is None:
            raise self._not_found(item_id, kind)
        if not item.is_open:
            undo = "restore" if item.status is ItemStatus.DELETED else "reopen"
            raise RefusedError("item_closed", f"This {kind} is {item.status}; {undo} it first.")
        if any(isinstance(step, EmailStep) for step in self.published.flow.steps):
            self._insist_on_address(item)
        return item

    def _not_found(self, item_id: ItemId, kind: ItemKind) -> RefusedError:
        for other in sorted(ENROLLABLE - {kind}):
            if self.bench.stores.items.find(ItemRef(other, item_id)) is not None:
                return RefusedError("wrong_kind", f"This is a {other}; the sequence takes {kind}s.")
        return RefusedError("not_found", f"There is no {kind} with this id.")

    def _insist_on_address(self, item: Item) -> None:
        person, organization = gates.related(item, bench=self.bench)
        writes_to = person or organization or item
        address = writes_to.primary_address
        if address is None:
            who = "It has no person to write to" if writes_to is item else "No address is known"
            raise RefusedError("no_address", f"{who}; give it one with an e-mail address first.")
        is_suppressed = self.bench.stores.addresses.suppression(address) is not None
        if writes_to.do_not_email or is_suppressed:
            raise RefusedError("suppressed", "Its address must not be written to.")

    def _sender(self, item: Item, caller_id: UserId) -> User:
        owner = self.bench.stores.users.find(item.owner_id)
        if owner is not None and owner.is_active:
            return owner
        return self.bench.stores.users.get(caller_id)

    def _warnings(self, sender: User) -> tuple[str, ...]:
        """Say what will make automatic mails wait as drafts."""
        mails = [step for step in self.published.flow.steps if isinstance(step, EmailStep)]
        stores = self.bench.stores
        warnings = []
        is_automatic = any(step.automatic for step in mails)
        if is_automatic and stores.consents.find(sender.id, self.sequence.id) is None:
            warnings.append("consent_missing")
        if mails and not gates.is_verified(sender.email, bench=self.bench):
            warnings.append("sender_unverified")
        return tuple(warnings)

    def _enrollment(self, item: Item, sender: User) -> Enrollment:
        stores, now = self.bench.stores, self.bench.now()
        latest = stores.enrollments.rotation(self.sequence.id, item.ref)
        rotation = latest.number + 1 if latest else 1
        person, _ = gates.related(item, bench=self.bench)
        return Enrollment(
            id=keys.enrollment_id(stores.tenant_id, self.sequence.id, item.ref, rotation),
            sequence_id=self.sequence.id,
            flow_version=self.published.number,
            item=item.ref,
            owner_id=sender.id,
            rotation=rotation,
            zone=timing.zone_of(person, sender, self.published.settings, bench=self.bench),
            country=person.country if person else None,
            step_id=self.start,
            phase=Phase.READY,
            due_at=now,
            arrived_at=now,
            why_then="at once: it was enrolled",
            started_at=now,
        )

    def _insist_on_free_slot(self, item: Item) -> None:
        if self.bench.stores.enrollments.slot_holder(item.ref) is not None:
            raise _active_already()

    def _begin(self, enrollment: Enrollment, outcome: Outcome) -> Enrollment:
        stores = self.bench.stores
        first_lines = reached(self.published.flow, enrollment.step_id, enrollment.started_at)
        try:
            with Transaction() as tx:
                begun = stores.enrollments.begin(tx, enrollment, first_lines)
                stores.counts.move(
                    tx, begun.sequence_id, begun.id, out_of=None, into=Count.IN_PROGRESS
                )
                if self.mark is not None:
                    self.mark(tx, outcome)
        except (AlreadyActiveError, StaleWriteError):
            # A rotation that moved means that somebody enrolled it this very moment.
            raise _active_already() from None
        return begun


def _active_already() -> RefusedError:
    return RefusedError("already_active", "It is active in a sequence; one at a time.")
