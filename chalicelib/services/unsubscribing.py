"""Somebody wants no more mail: their address is suppressed, the enrollment that wrote ends."""

from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import SignalId
from chalicelib.domain.mail.public_tokens import UnsubscribeToken
from chalicelib.domain.sequences.signals import ExitReason, Stopped
from chalicelib.gateways.outside import Outside
from chalicelib.services import progress
from chalicelib.storage.stores import Stores


def unsubscribe(token: UnsubscribeToken, *, stores: Stores, outside: Outside) -> None:
    """Mail the address no more, whichever sequence would; again it changes nothing.

    The address goes first: were we to stop between, its gate would still hold the next mail back.
    """
    now = outside.clock.now()
    stores.addresses.suppress(token.address, SuppressionReason.UNSUBSCRIBED, now)
    stop = Stopped(id=SignalId("unsubscribed"), reason=ExitReason.UNSUBSCRIBED, at=now)
    try:
        progress.take(token.enrollment_id, stop, stores=stores, outside=outside)
    except MissingError:
        # The enrollment was erased; the wish was not.
        return
