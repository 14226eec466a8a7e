"""Mail that lies where SES writes it, and that intake was never told of, or did not finish.

A notification can be lost between SES, SNS and SQS, or give up in the dead-letter queue; the bytes
are there all the same. With its receipt a mail is taken in again, which changes nothing of what was
done before. Without it nobody knows whose it is: it is parked for the operator.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.mail.filed import Delivery, Outcome
from chalicelib.gateways.outside import Outside
from chalicelib.services import inbound
from chalicelib.services.mailroom import Mailroom
from chalicelib.storage.deliveries import delivery_id
from chalicelib.storage.mail_rounds import read_to, write_to
from chalicelib.storage.raw_mail import Arrived

NO_NOTIFICATION: Final = "no_notification"
"""SES wrote the mail and told nobody: its envelope is not known."""
_LEFT_ALONE_FOR: Final = timedelta(minutes=15)
LOOKED_BACK: Final = timedelta(hours=1)
"""A round begins so long before the end of the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round found."""

    looked_at: int
    parked: int
    failed: int


def look(*, room: Mailroom, outside: Outside) -> Round:
    """Take in or park whatever has lain too long since the last round.

    What fails is looked at again in the next round, for the mark stays where it was.
    """
    until = outside.clock.now() - _LEFT_ALONE_FOR
    done_to = read_to()
    since = done_to - LOOKED_BACK if done_to else None
    looked_at = parked = failed = 0
    for each in room.raw.arrived():
        if each.at > until or (since is not None and each.at < since):
            continue
        looked_at += 1
        if not each.has_receipt:
            parked += _park(each, room)
            continue
        try:
            inbound.receive(room.raw.read_receipt(each.object_key), room=room, outside=outside)
        except Exception:  # noqa: BLE001 - one mail's trouble is no other's; it is counted
            failed += 1
    if not failed:
        write_to(until)
    return Round(looked_at=looked_at, parked=parked, failed=failed)


def _park(arrived: Arrived, room: Mailroom) -> bool:
    """List a mail for the operator, once; true if it was not listed before."""
    ses_id = arrived.object_key.rpartition("/")[2]
    named = delivery_id(ses_id, "")
    if room.unroutable.find(named) is not None:
        return False
    room.raw.keep_unroutable(ses_id, arrived.object_key)
    room.unroutable.put(_nobodys(arrived, ses_id, arrived.at))
    return True


def _nobodys(arrived: Arrived, ses_id: str, at: datetime) -> Delivery:
    return Delivery(
        id=delivery_id(ses_id, ""),
        ses_id=ses_id,
        recipient="",
        object_key=arrived.object_key,
        received_at=at,
        outcome=Outcome.PARKED,
        reason=NO_NOTIFICATION,
    )
