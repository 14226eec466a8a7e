"""What must hold at the instant a mail leaves (R12); the first gate that is shut says what happens.

Everything here is read strongly from the base table. What is not read here, because the head's
version already guards it: that nobody stopped, paused or moved the enrollment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.crm.features import Lack, lacks_of
from chalicelib.domain.crm.items import ItemStatus
from chalicelib.domain.crm.sending_domains import DomainStatus
from chalicelib.domain.crm.settings import Feature, settings_in
from chalicelib.domain.crm.users import User
from chalicelib.domain.ids import DomainName, SignalId, StepId, UserId
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import (
    ExitReason,
    FailureReason,
    MailHeld,
    MailPostponed,
    MailRefused,
    Signal,
    Stopped,
)
from chalicelib.domain.sequences.tasks import Task
from chalicelib.services import addressees
from chalicelib.services.addressees import Addressee
from chalicelib.services.decisions import Bench
from chalicelib.storage.gate_reads import House

_LOOK_AGAIN_AFTER: Final = timedelta(minutes=15)

EXIT_BY_STATUS: Final[Mapping[ItemStatus, ExitReason]] = MappingProxyType(
    {
        ItemStatus.WON: ExitReason.ITEM_WON,
        ItemStatus.DONE: ExitReason.ITEM_WON,
        ItemStatus.LOST: ExitReason.ITEM_LOST,
        ItemStatus.ARCHIVED: ExitReason.ITEM_LOST,
        ItemStatus.DISQUALIFIED: ExitReason.ITEM_LOST,
        ItemStatus.CANCELLED: ExitReason.ITEM_LOST,
        ItemStatus.CONVERTED: ExitReason.ITEM_CONVERTED,
        ItemStatus.DELETED: ExitReason.ITEM_DELETED,
    }
)

# An admin wants people to send: what waits for the switch would go out in one blast with it.
_BY_HAND_ONLY: Final[Mapping[Lack, str]] = MappingProxyType(
    {
        Lack.SWITCHED_OFF: "automatic sending is switched off by an admin; send it yourself",
        Lack.PLAN: "the plan of this tenant holds no automatic sending; send it yourself",
    }
)


CONSENT_MISSING: Final = "consent missing"
"""How the reason of a mail begins that waits for its sender's consent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Every gate is open: who writes to whom, and the merge fields."""

    user: User
    recipients: tuple[str, ...]
    addressee: Addressee
    is_in_ses_tenant: bool = False
    """Whether the sender's domain may be used by the tenant's own tenant of SES."""
    has_unsubscribe: bool = False
    """Whether the tenant wants mail programs to offer to end it (RFC 8058)."""


@dataclass(frozen=True, slots=True)
class Unheeded:
    """The sequence does not just run: what it says must be heeded before gates are asked."""


def pass_all(
    enrollment: Enrollment,
    step_id: StepId,
    *,
    draft: Task | None = None,
    heeded_until: datetime | None = None,
    bench: Bench,
) -> Passed | Signal | Unheeded:
    """Return what the mail needs, or the signal of the first gate that is shut.

    `draft` is what a user wrote into it, or sends by hand: it may name sender and recipients.
    `heeded_until`: pauses of the sequence that ended later were not heeded; None: all were.
    """
    by_hand = enrollment.approved_by is not None
    sender_id = _sender_of(draft, is_by_hand=by_hand) or enrollment.owner_id
    sender = bench.stores.gates.sender(sender_id, enrollment.sequence_id)
    user = sender.user
    house = _house_of(user, enrollment, bench) if user else None
    if heeded_until is not None and not _runs_on(house, heeded_until):
        return Unheeded()
    shut = None if house and house.going else _sequence(enrollment, step_id, bench)
    if shut is not None:
        return shut
    if user is None or house is None or not user.is_active:
        return MailHeld(step_id=step_id, why="its sender is no longer active; assign it to another")
    if enrollment.approved_by != user.id and not sender.has_consented:
        how = "others to send for them" if by_hand else "automatic sending"
        why = f"{CONSENT_MISSING}: {user.name} has not allowed {how} in this sequence"
        return MailHeld(step_id=step_id, why=why)
    shut = _house(house, step_id, user, bench) or _plan(house, step_id, is_by_hand=by_hand)
    if shut is not None:
        return shut
    passed = _recipient(enrollment, step_id, user, draft, bench)
    if not isinstance(passed, Passed):
        return passed
    return replace(
        passed,
        has_unsubscribe=settings_in(house.tenant).unsubscribe_header,
        is_in_ses_tenant=house.domain is not None and house.domain.is_in_ses_tenant,
    )


def _plan(house: House, step_id: StepId, *, is_by_hand: bool) -> Signal | None:
    """Ask whether the tenant sends automatically at all."""
    lack = None if is_by_hand else lacks_of(house.tenant).get(Feature.AUTOMATIC_SENDING)
    return None if lack is None else MailHeld(step_id=step_id, why=_BY_HAND_ONLY[lack])


def _sender_of(draft: Task | None, *, is_by_hand: bool) -> UserId | None:
    """Return whose mail a draft is: as its user chose, else theirs in whose feed it stands."""
    if draft is None:
        return None
    return draft.sender_id or (draft.assignee_id if is_by_hand else None)


def _runs_on(house: House | None, heeded_until: datetime) -> bool:
    """Whether the sequence runs, and has no pause behind it that is news."""
    going = house.going if house else None
    return going is not None and (going.held_until is None or going.held_until <= heeded_until)


def _house_of(user: User, enrollment: Enrollment, bench: Bench) -> House:
    """Read tenant, domain and sequence at once, before anything is judged."""
    domain = DomainName(domain_of(user.email))
    return bench.stores.gates.house(domain, enrollment.sequence_id)


def _house(house: House, step_id: StepId, user: User, bench: Bench) -> Signal | None:
    """Ask the operator's switches, and whether From is of a domain that is the tenant's."""
    if house.is_switched_off:
        until = bench.now() + _LOOK_AGAIN_AFTER
        why = "sending is switched off"
        if house.broken_why is not None:
            why = f"{why}: {house.broken_why}; look at your addresses, then ask the operator"
        return MailPostponed(step_id=step_id, until=until, why=why)
    if house.domain is None or house.domain.status is not DomainStatus.VERIFIED:
        why = f"sender unverified: the domain of {user.email} is not verified"
        return MailHeld(step_id=step_id, why=why)
    return None


def _sequence(enrollment: Enrollment, step_id: StepId, bench: Bench) -> Signal | None:
    match bench.stores.sequences.status_now(enrollment.sequence_id):
        case SequenceStatus.ACTIVE:
            return None
        case SequenceStatus.PAUSED:
            until = bench.now() + _LOOK_AGAIN_AFTER
            return MailPostponed(step_id=step_id, until=until, why="the sequence is paused")
        case SequenceStatus.DELETED:
            return _exit(enrollment, ExitReason.SEQUENCE_DELETED, bench)
        case SequenceStatus.INACTIVE | SequenceStatus.DRAFT:
            return _exit(enrollment, ExitReason.SEQUENCE_DEACTIVATED, bench)


def _recipient(
    enrollment: Enrollment, step_id: StepId, user: User, draft: Task | None, bench: Bench
) -> Passed | Signal:
    addressee = addressees.find(enrollment, bench=bench)
    if not isinstance(addressee, Addressee):
        return _exit(enrollment, EXIT_BY_STATUS[addressee], bench)
    writes_to = addressee.writes_to
    known = (writes_to.primary_address,) if writes_to and writes_to.primary_address else ()
    recipients = (draft.to if draft else ()) or known
    if not recipients:
        return MailRefused(step_id=step_id, reason=FailureReason.NO_RECIPIENT)
    suppression = bench.stores.addresses.suppression
    is_asked_not_to = writes_to is not None and writes_to.do_not_email
    if is_asked_not_to or any(suppression(each) is not None for each in recipients):
        return MailRefused(step_id=step_id, reason=FailureReason.SUPPRESSED)
    return Passed(user=user, recipients=recipients, addressee=addressee)


def is_verified(address: str, *, bench: Bench) -> bool:
    """Whether mail may bear this From: its domain is proven to be this tenant's."""
    domain = bench.stores.domains.find(DomainName(domain_of(address)))
    return domain is not None and domain.status is DomainStatus.VERIFIED


def _exit(enrollment: Enrollment, reason: ExitReason, bench: Bench) -> Stopped:
    return Stopped(
        id=SignalId(f"gate-{reason}-{enrollment.version}"), reason=reason, at=bench.now()
    )
