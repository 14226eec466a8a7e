"""Everything outside that a use case may need, in one hand."""

from dataclasses import dataclass

from chalicelib.gateways.clock import Clock
from chalicelib.gateways.mailer import Mailer
from chalicelib.gateways.mint import Mint
from chalicelib.gateways.queues import Queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Clock, chance, mail and queues."""

    clock: Clock
    mint: Mint
    mailer: Mailer
    queues: Queues
