"""Doors that others wait for show that they live, and how old what they take is."""

from datetime import timedelta
from typing import Final

from chalice.app import SQSEvent

from chalicelib.entry import wiring

_SENT: Final = "SentTimestamp"
_TAKEN: Final = "ApproximateFirstReceiveTimestamp"


def alive(event: SQSEvent, door: str) -> None:
    """Leave a sign of life: both timestamps are the queue's own, so no clock is read."""
    from chalicelib.services import intake_lag  # noqa: PLC0415 - doors load what they use

    lags = [_lag(record.to_dict().get("attributes", {})) for record in event]
    wiring.point_at_table()
    intake_lag.take_pulse(door, max(lags, default=timedelta()), wiring.clock().now())


def _lag(attributes: dict[str, str]) -> timedelta:
    sent, taken = (int(attributes.get(name, "0")) for name in (_SENT, _TAKEN))
    return timedelta(milliseconds=max(taken - sent, 0)) if sent else timedelta()
