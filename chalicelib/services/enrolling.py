"""Enrolls items: each begins, or is refused with a code that says why."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain.crm.items import LINKABLE
from chalicelib.domain.crm.settings import settings_in
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import Problem, RuleError, StaleWriteError, StateError
from chalicelib.domain.ids import ItemId, SequenceId, StepId, UserId
from chalicelib.domain.sequences import starting
from chalicelib.domain.sequences.definition import EmailStep, FlowVersion, SequenceStatus
from chalicelib.domain.sequences.enrollment import Count, Enrollment, Phase, Status
from chalicelib.domain.sequences.steps import reached
from chalicelib.services import gates, places, timing
from chalicelib.services.admission import Admission, Admitted, RefusedError
from chalicelib.services.decisions import Bench, wake_if_due
from chalicelib.services.outcomes import Mark, Outcome
from chalicelib.services.places import Place
from chalicelib.storage import keys
from chalicelib.storage.enrollments import SlotTakenError
from chalicelib.storage.transaction import Transaction

_TRIES: Final = 4
"""So often is an item looked at anew when others take places of the same day or account."""


class SequenceNotActiveError(StateError):
    """Only active sequences take items (D365-SEQ-29)."""

    code = "sequence_not_active"
    sentence = "The sequence is {state}; activate or resume it before you add items."


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
        admission=Admission(
            sequence=sequence,
            published=published,
            settings=settings_in(bench.stores.tenant.get()),
            caller=bench.stores.users.get(caller_id),
            bench=bench,
        ),
        owner=None if owner_id is None else _owner(owner_id, bench),
        start=_start(published, start_step_id),
        is_dry_run=is_dry_run,
        mark=mark,
    )
    rows: list[Outcome] = []
    for item_id in item_ids:
        taken = {row.item_id for row in rows if row.enrolled}
        rows.append(desk.outcome(item_id, is_taken=item_id in taken))
    return rows


def _start(published: FlowVersion, start_step_id: StepId | None) -> StepId | None:
    if start_step_id is None:
        return published.flow.start
    if start_step_id not in published.flow.by_id():
        message = "There is no such step in the published flow."
        raise RuleError(Problem(path="start_step_id", code="not_found", message=message))
    return start_step_id


def _refused(item_id: ItemId, code: str, message: str) -> Outcome:
    return Outcome(item_id=item_id, enrolled=False, code=code, message=message)


def _owner(owner_id: UserId, bench: Bench) -> User:
    owner = bench.stores.users.find(owner_id)
    if owner is None or not owner.is_active:
        message = "There is no active user with this id."
        raise RuleError(Problem(path="owner_id", code="not_found", message=message))
    return owner


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """One enrolling request: what all its items share."""

    admission: Admission
    owner: User | None
    start: StepId | None
    is_dry_run: bool
    mark: Mark | None

    @property
    def bench(self) -> Bench:
        return self.admission.bench

    @property
    def published(self) -> FlowVersion:
        return self.admission.published

    def outcome(self, item_id: ItemId, *, is_taken: bool) -> Outcome:
        """Enroll one item, unless it stands in the request before; a refusal becomes a row."""
        if is_taken:
            return _refused(item_id, "already_active", "It stands in this request before.")
        try:
            return self._tried(item_id)
        except RefusedError as refusal:
            return _refused(item_id, refusal.reason, refusal.message)

    def _tried(self, item_id: ItemId) -> Outcome:
        """Look at the item anew while others take places of the same day or account."""
        for tries_left in reversed(range(_TRIES)):
            admitted = self.admission.admit(item_id, owner=self.owner)
            sender = self.owner or self._sender(admitted)
            outcome = Outcome(item_id=item_id, enrolled=True, warnings=self._warnings(sender))
            if self.is_dry_run:
                return outcome
            enrollment, place = self._enrollment(admitted, sender)
            outcome = replace(outcome, enrollment_id=enrollment.id)
            try:
                begun = self._begin(enrollment, place, outcome)
            except SlotTakenError as taken:
                if not tries_left:
                    raise self.admission.taken(taken.slot) from None
            except StaleWriteError:
                if not tries_left:
                    raise RefusedError("already_active", "Others enroll it right now.") from None
            else:
                wake_if_due(begun, bench=self.bench)
                return outcome
        raise AssertionError(item_id)  # pragma: no cover - the last try returns or raises

    def _sender(self, admitted: Admitted) -> User:
        owner = self.bench.stores.users.find(admitted.item.owner_id)
        return owner if owner is not None and owner.is_active else self.admission.caller

    def _warnings(self, sender: User) -> tuple[str, ...]:
        """Say what will make automatic mails wait as drafts."""
        mails = [step for step in self.published.flow.steps if isinstance(step, EmailStep)]
        warnings = []
        is_automatic = any(step.automatic for step in mails)
        sequence_id = self.published.sequence_id
        if is_automatic and self.bench.stores.consents.find(sender.id, sequence_id) is None:
            warnings.append("consent_missing")
        if mails and not gates.is_verified(sender.email, bench=self.bench):
            warnings.append("sender_unverified")
        return tuple(warnings)

    def _enrollment(self, admitted: Admitted, sender: User) -> tuple[Enrollment, Place | None]:
        """Return the enrollment as it begins, or waits for its day, and the place that takes."""
        now, item, settings = self.bench.now(), admitted.item.ref, self.published.settings
        sequence_id, person = self.published.sequence_id, admitted.person
        enrollment = Enrollment(
            id=keys.enrollment_id(
                self.bench.stores.tenant_id, sequence_id, item, admitted.rotation
            ),
            sequence_id=sequence_id,
            flow_version=self.published.number,
            item=item,
            owner_id=sender.id,
            rotation=admitted.rotation,
            slots=admitted.slots,
            person_id=person.ref.id if person and item.kind in LINKABLE else None,
            zone=timing.zone_of(person, sender, settings, bench=self.bench),
            country=person.country if person else None,
            step_id=self.start,
            phase=Phase.READY,
            due_at=now,
            arrived_at=now,
            why_then="at once: it was enrolled",
            started_at=now,
        )
        if settings.max_new_per_day is None:
            return enrollment, None
        most = settings.max_new_per_day
        place = places.find(sequence_id, enrollment.id, most, bench=self.bench)
        if place.at > now:
            pending = replace(enrollment, status=Status.PENDING)
            return starting.stand_by(pending, place.at), place
        return enrollment, place

    def _begin(self, enrollment: Enrollment, place: Place | None, outcome: Outcome) -> Enrollment:
        stores = self.bench.stores
        first_lines = reached(self.published.flow, enrollment.step_id, enrollment.started_at)
        with Transaction() as tx:
            begun = stores.enrollments.begin(tx, enrollment, first_lines)
            stores.counts.move(tx, begun.sequence_id, begun.id, out_of=None, into=Count.IN_PROGRESS)
            if place is not None:
                place.take(tx)
            if self.mark is not None:
                self.mark(tx, outcome)
        return begun
