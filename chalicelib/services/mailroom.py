"""What intake has in hand: a mail on its way, and what is known before its tenant is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from chalicelib.domain.ids import DeliveryId, MessageKey, TenantId, ThreadId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.identity import content_digest, message_key
from chalicelib.domain.mail.message import Message
from chalicelib.domain.mail.parsing import parse_message
from chalicelib.domain.mail.receipt import Receipt
from chalicelib.storage.deliveries import DeliveryStore
from chalicelib.storage.raw_mail import RawMail
from chalicelib.storage.smart_bcc import SmartBccDirectory
from chalicelib.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """Where mail lies before anybody knows whose it is, and how its tenant is found."""

    raw: RawMail
    directory: SmartBccDirectory
    unroutable: DeliveryStore
    stores_for: Callable[[TenantId], Stores]


class Arrival:
    """One mail as it arrived; its bytes are read once, when first asked for."""

    def __init__(self, receipt: Receipt, raw: RawMail) -> None:
        """Bind to the mail that `receipt` tells of."""
        self.receipt = receipt
        self._raw = raw

    @cached_property
    def octets(self) -> bytes:
        """The mail as it was received."""
        return self._raw.read(self.receipt.object_key)

    def give_to(self, tenant_id: TenantId, name: str) -> None:
        """Leave a copy with its tenant, without reading it."""
        self._raw.give_to_tenant(self.receipt.object_key, tenant_id, name)

    @cached_property
    def message(self) -> Message:
        """What the mail says."""
        return parse_message(self.octets)

    @cached_property
    def key(self) -> MessageKey:
        """Which message it is, within any tenant."""
        return message_key(self.message.message_id, content_digest(self.octets))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One delivery that is being dealt with, for a tenant that is now known."""

    arrival: Arrival
    delivery_id: DeliveryId
    stores: Stores
    is_vouched: bool = False
    """Whether an admin looked at it, and says that it may be filed."""

    @property
    def message(self) -> Message:
        """What the mail says."""
        return self.arrival.message

    @property
    def receipt(self) -> Receipt:
        """What SES says of it."""
        return self.arrival.receipt

    @property
    def sent_at(self) -> datetime:
        """When it was sent, by its own word, but never later than it came."""
        received_at = self.receipt.received_at
        return min(self.message.dated_at or received_at, received_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a delivery, and why if it was not plainly filed."""

    outcome: Outcome
    reason: str = ""
    thread_id: ThreadId | None = None
    message_key: MessageKey | None = None
