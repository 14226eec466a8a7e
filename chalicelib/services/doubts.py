"""Asks how feedback stands, for mails that may have gone out; and notes that word came in."""

from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.crm.settings import UnknownSendPolicy
from chalicelib.domain.sequences import doubt
from chalicelib.domain.sequences.ledger import LedgerEntry
from chalicelib.gateways.queues import DEAD
from chalicelib.services.decisions import Bench
from chalicelib.storage import door_pulses, feedback_signs

_DOOR: Final = "feedback"
_NOTED_EVERY: Final = timedelta(seconds=30)
_NOTED: Final[dict[str, datetime]] = {}


def word_came(mailed_at: datetime) -> None:
    """Note of which mail SES told that it was sent; seldom, for it is one row for everybody."""
    known = _NOTED.get(_DOOR)
    if known is not None and mailed_at - known < _NOTED_EVERY:
        return
    feedback_signs.note(mailed_at.astimezone(UTC))
    _NOTED[_DOOR] = mailed_at


def forget() -> None:
    """Know nothing, as a cold start does."""
    _NOTED.clear()


def may_send_again(entry: LedgerEntry, *, bench: Bench) -> bool:
    """Whether the policy and the state of feedback allow one more attempt."""
    now = bench.now()
    policy = bench.stores.house_rules.settings(now).unknown_send_policy
    if policy is not UnknownSendPolicy.RESEND:
        return False
    return doubt.may_send_again(entry, policy, _feedback(bench), now)


def _feedback(bench: Bench) -> doubt.Feedback:
    queues = bench.outside.queues
    pulse = door_pulses.latest(_DOOR)
    return doubt.Feedback(
        mailed_at=feedback_signs.latest(),
        waiting=queues.held(_DOOR),
        given_up=queues.held(f"{_DOOR}{DEAD}"),
        pulse_at=pulse.at if pulse else None,
        lag=pulse.lag if pulse else timedelta(),
    )
