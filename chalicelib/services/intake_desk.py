"""What admins do with mail that intake kept apart: release it, read it anew, discard it.

Releasing says that the mail may be filed though nobody vouches for it; replaying takes it in as if
it came now, by today's rules and today's parser, and says what that reads differently.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import Problem, RuleError, TooLargeError
from chalicelib.domain.ids import DeliveryId
from chalicelib.domain.mail.filed import AlreadyHandledError, Body, Delivery, Handling
from chalicelib.domain.mail.rereading import Difference, differences
from chalicelib.gateways.outside import Outside
from chalicelib.services import inbound, reading_out
from chalicelib.services.mailroom import Case, Mailroom, Settled
from chalicelib.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of a mail that was taken in anew, and what is read differently now."""

    delivery: Delivery
    diff: list[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that is at hand when an admin looks at the mail kept apart."""

    caller: Caller
    room: Mailroom
    stores: Stores
    outside: Outside

    @property
    def now(self) -> datetime:
        """What time it is."""
        return self.outside.clock.now()


def release(delivery_id: DeliveryId, *, desk: Desk) -> Delivery:
    """File a mail that was kept apart. Raises RuleError for one that can never be read."""
    delivery = _waiting(delivery_id, desk)
    _insist_on_size(delivery)
    settled = _once_more(delivery, desk, is_vouched=True)[1]
    return _handled(delivery, settled, desk)


def replay(delivery_id: DeliveryId, *, desk: Desk) -> Replayed:
    """Take a mail in as if it came now; one that is filed already is only read anew."""
    require(desk.caller, Right.SEE_INTAKE)
    delivery = desk.stores.deliveries.get(delivery_id)
    if delivery.handling is Handling.DISCARDED:
        raise AlreadyHandledError(id=delivery.id, state=delivery.handling)
    _insist_on_size(delivery)
    before = _read_before(delivery, desk)
    if not delivery.is_waiting:
        case = _case(delivery, desk, is_vouched=True)
        reading_out.keep_bytes(case)
        return Replayed(delivery=delivery, diff=_diff(before, case))
    case, settled = _once_more(delivery, desk, is_vouched=False)
    return Replayed(delivery=_handled(delivery, settled, desk), diff=_diff(before, case))


def discard(delivery_id: DeliveryId, *, desk: Desk) -> Delivery:
    """Take a mail off the list for good; its bytes go when their time is over."""
    delivery = _waiting(delivery_id, desk)
    discarded = replace(
        delivery,
        handling=Handling.DISCARDED,
        handled_by=desk.caller.user_id,
        handled_at=desk.now,
    )
    desk.stores.deliveries.handle(discarded)
    return discarded


def _waiting(delivery_id: DeliveryId, desk: Desk) -> Delivery:
    require(desk.caller, Right.SEE_INTAKE)
    delivery = desk.stores.deliveries.get(delivery_id)
    if not delivery.is_waiting:
        raise AlreadyHandledError(id=delivery.id, state=delivery.handling or delivery.outcome)
    return delivery


def _insist_on_size(delivery: Delivery) -> None:
    if delivery.reason == TooLargeError.code:
        message = "The mail is larger than is read; ask its sender for smaller files."
        raise RuleError(Problem(path="id", code="too_large", message=message))


def _case(delivery: Delivery, desk: Desk, *, is_vouched: bool) -> Case:
    return inbound.again(
        delivery, is_vouched=is_vouched, room=desk.room, stores=desk.stores, outside=desk.outside
    )


def _once_more(delivery: Delivery, desk: Desk, *, is_vouched: bool) -> tuple[Case, Settled]:
    case = _case(delivery, desk, is_vouched=is_vouched)
    settled = inbound.take_in_again(case, delivery.recipient, room=desk.room, outside=desk.outside)
    return case, settled


def _handled(delivery: Delivery, settled: Settled, desk: Desk) -> Delivery:
    """Write what became of it; one that is still kept apart stays on the list."""
    after = replace(
        delivery,
        outcome=settled.outcome,
        reason=settled.reason or delivery.reason,
        message_key=settled.message_key,
        thread_id=settled.thread_id,
    )
    if not after.is_waiting:
        after = replace(
            after,
            handling=Handling.RELEASED,
            handled_by=desk.caller.user_id,
            handled_at=desk.now,
        )
    desk.stores.deliveries.handle(after)
    return after


def _read_before(delivery: Delivery, desk: Desk) -> Body | None:
    """Return how the mail was read before, unless it never was."""
    if delivery.message_key is None:
        return None
    return desk.stores.messages.find_body(delivery.message_key)


def _diff(before: Body | None, case: Case) -> list[Difference]:
    return [] if before is None else differences(before, reading_out.read_out(case, ()))
