"""Everything outside that a use case may need, in one hand."""

from dataclasses import dataclass

from chalicelib.gateways.clock import Clock
from chalicelib.gateways.mailer import Mailer
from chalicelib.gateways.mint import Mint
from chalicelib.gateways.queues import Queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Clock, chance, mail and queues; and what our addresses are made with."""

    clock: Clock
    mint: Mint
    mailer: Mailer
    """Sends the mails of sequences."""
    notifier: Mailer
    """Sends our own mails to users, whose reputation is another's (docs/decisions/0106)."""
    queues: Queues
    mac_keys: tuple[tuple[str, bytes], ...]
    """(key id, key), newest first: the first signs, all verify."""
    inbound_domain: str
    public_url: str = ""
    """Where people and mail programs reach the public pages."""
