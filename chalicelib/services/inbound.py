"""Raw → routed → accepted → threaded → linked → signalled; nothing is ever dropped.

The notification is written beside the raw mail before anything else. Every envelope recipient is a
delivery of its own, whose row is written last: whatever stops us before is done again from the
start, and every step on the way recognizes what it did before.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import (
    DomainError,
    MalformedError,
    MissingError,
    StaleWriteError,
    ThrottledError,
    TooLargeError,
)
from chalicelib.domain.ids import DeliveryId, TenantId
from chalicelib.domain.mail.filed import Delivery, Outcome
from chalicelib.domain.mail.receipt import parse_receipt
from chalicelib.domain.mail.reply_token import ReplyToken, parse_reply_address
from chalicelib.domain.mail.smart_bcc import SmartBccName, parse_local_part
from chalicelib.gateways.outside import Outside
from chalicelib.services import overflow, own_mail, replies
from chalicelib.services.mailroom import Arrival, Case, Mailroom, Settled
from chalicelib.services.reading_out import LONGEST_SUBJECT, keep_apart
from chalicelib.storage.deliveries import DeliveryStore, delivery_id
from chalicelib.storage.smart_bcc import Found
from chalicelib.storage.stores import Stores

UNKNOWN_ADDRESS: Final = "unknown_address"
"""No tenant is named, or none that we know: kept for the operator, unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owned:
    """A Smart Bcc address that some tenant has, or had."""

    name: SmartBccName
    found: Found

    @property
    def tenant_id(self) -> TenantId:
        """Whose it is."""
        return self.found.tenant_id


def receive(notification: bytes, *, room: Mailroom, outside: Outside) -> list[Delivery]:
    """Deal with one mail and return what became of each of its deliveries.

    Doing it again changes nothing. What raises, throttles and outages, is to be done again; it is
    raised when every other recipient has got the mail.
    """
    try:
        receipt = parse_receipt(notification)
    except MalformedError:
        room.raw.keep_unreadable(notification)
        raise
    room.raw.keep_receipt(receipt.object_key, notification)
    arrival = Arrival(receipt, room.raw)
    deliveries: list[Delivery] = []
    failures: list[Exception] = []
    for each in receipt.recipients:
        try:
            deliveries.append(_deliver(arrival, each, room=room, outside=outside))
        except Exception as failure:  # noqa: BLE001 - one recipient's trouble is no other's
            failures.append(failure)
    _raise_all(failures)
    return deliveries


def _raise_all(failures: list[Exception]) -> None:
    match failures:
        case []:
            return
        case [only]:
            raise only
        case several:
            raise ExceptionGroup("several recipients have not got the mail", several)


def _deliver(arrival: Arrival, recipient: str, *, room: Mailroom, outside: Outside) -> Delivery:
    route = _route(recipient, room=room, outside=outside)
    if route is None:
        return _once(arrival, recipient, room.unroutable, lambda _: _set_aside(arrival, room))
    stores = room.stores_for(route.tenant_id)

    def take_in(named: DeliveryId) -> Settled:
        case = Case(arrival=arrival, delivery_id=named, stores=stores)
        return _taken_in(case, route, outside=outside)

    return _once(arrival, recipient, stores.deliveries, take_in)


def _route(recipient: str, *, room: Mailroom, outside: Outside) -> ReplyToken | _Owned | None:
    """Tell whose a mail is by its envelope alone; a foreign or unknown address is nobody's."""
    local_part, _, domain = recipient.rpartition("@")
    if domain != outside.inbound_domain.lower():
        return None
    token = parse_reply_address(local_part, keys=outside.mac_keys)
    if token is not None:
        return token
    name = parse_local_part(local_part, keys=outside.mac_keys)
    found = room.directory.find(name.local_part) if name else None
    return _Owned(name=name, found=found) if name and found else None


def _once(
    arrival: Arrival,
    recipient: str,
    deliveries: DeliveryStore,
    take_in: Callable[[DeliveryId], Settled],
) -> Delivery:
    """Deal with one delivery, unless that was done to its end before; its row is written last."""
    receipt = arrival.receipt
    named = delivery_id(receipt.ses_id, recipient)
    before = deliveries.find(named)
    if before is not None:
        return before
    settled = take_in(named)
    delivery = Delivery(
        id=named,
        ses_id=receipt.ses_id,
        recipient=recipient,
        object_key=receipt.object_key,
        received_at=receipt.received_at,
        outcome=settled.outcome,
        reason=settled.reason,
        message_key=settled.message_key,
        thread_id=settled.thread_id,
    )
    delivery = _described(delivery, arrival)
    deliveries.put(delivery)
    return delivery


def _described(delivery: Delivery, arrival: Arrival) -> Delivery:
    """Add what helps people to decide about a mail that was kept apart and could be read."""
    if not delivery.is_waiting or delivery.message_key is None:
        return delivery
    message = arrival.message
    sender = message.from_[0].address if message.from_ else ""
    return replace(
        delivery, sender=sender[:LONGEST_SUBJECT], subject=message.subject[:LONGEST_SUBJECT]
    )


def again(
    delivery: Delivery, *, is_vouched: bool, room: Mailroom, stores: Stores, outside: Outside
) -> Case:
    """Return a delivery as it came, to be dealt with once more. Raises MissingError."""
    receipt = parse_receipt(room.raw.read_receipt(delivery.object_key))
    route = _route(delivery.recipient, room=room, outside=outside)
    if route is None or route.tenant_id != stores.tenant_id:
        raise MissingError(kind="delivery", id=delivery.id)
    return Case(
        arrival=Arrival(receipt, room.raw),
        delivery_id=delivery.id,
        stores=stores,
        is_vouched=is_vouched,
    )


def take_in_again(case: Case, recipient: str, *, room: Mailroom, outside: Outside) -> Settled:
    """Deal with a delivery once more; every step recognizes what it did before."""
    route = _route(recipient, room=room, outside=outside)
    if route is None:
        return Settled(outcome=Outcome.PARKED, reason=UNKNOWN_ADDRESS)
    return _taken_in(case, route, outside=outside)


def _taken_in(case: Case, route: ReplyToken | _Owned, *, outside: Outside) -> Settled:
    """Take a mail in; what would be refused for ever is parked, to be replayed by a person."""
    try:
        settled = _by_route(case, route, outside=outside)
    except (StaleWriteError, ThrottledError):
        raise
    except TooLargeError as refusal:
        case.arrival.give_to(route.tenant_id, case.delivery_id)
        overflow.tell(case, refusal, _owner_of(case, route), outside=outside)
        return Settled(outcome=Outcome.PARKED, reason=refusal.code)
    except DomainError as refusal:
        keep_apart(case)
        overflow.tell(case, refusal, _owner_of(case, route), outside=outside)
        settled = Settled(outcome=Outcome.PARKED, reason=refusal.code)
    return replace(settled, message_key=case.arrival.key)


def _owner_of(case: Case, route: ReplyToken | _Owned) -> User | None:
    """Return whose address a mail came to."""
    try:
        if isinstance(route, ReplyToken):
            user_id = case.stores.enrollments.get(route.enrollment_id).owner_id
        else:
            user_id = case.stores.smart_bcc.get(route.found.bcc_id).user_id
    except MissingError:
        return None
    return case.stores.users.find(user_id)


def _by_route(case: Case, route: ReplyToken | _Owned, *, outside: Outside) -> Settled:
    match route:
        case ReplyToken():
            overflow.insist_on_calm(case, route.enrollment_id, outside=outside)
            overflow.insist_on_conversation(case, outside=outside)
            return replies.take_in(case, route, outside=outside)
        case _Owned(name=name, found=found):
            overflow.insist_on_calm(case, found.bcc_id, outside=outside)
            return own_mail.take_in(case, name, found, outside=outside)


def _set_aside(arrival: Arrival, room: Mailroom) -> Settled:
    room.raw.keep_unroutable(arrival.receipt.ses_id, arrival.receipt.object_key)
    return Settled(outcome=Outcome.PARKED, reason=UNKNOWN_ADDRESS)
