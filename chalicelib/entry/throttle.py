"""How much a token may ask for: so many requests a minute, over all processes together.

A process takes permits from the table in batches and gives them out itself, so that most requests
write nothing and none writes more than once. What a process has taken and does not use is lost for
that minute; a batch is a small part of the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import ThrottledError
from chalicelib.domain.ids import ApiTokenId

if TYPE_CHECKING:
    from chalicelib.storage.permits import PermitStore

WINDOW_S: Final = 60
HEADERS: Final = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")

_BATCHES: Final = 100
"""Into how many parts a minute's permits are cut."""
_MOST_REMEMBERED: Final = 1_000


class RateLimitedError(ThrottledError):
    """The token has asked for all that it may in this minute."""

    code = "rate_limited"
    sentence = "This token may send {limit} requests a minute; wait {retry_after} s and repeat."


@dataclass(slots=True)
class Held:
    """What this process holds of one token's permits in one window."""

    window: int = -1
    permits: int = 0
    left_elsewhere: int = 0
    is_spent: bool = False
    lock: Lock = field(default_factory=Lock)


def admit(
    caller: Caller, *, most: int, now: datetime, permits: "PermitStore", headers: dict[str, str]
) -> None:
    """Use one permit, and write down in `headers` how many there are; refuse if there is none."""
    seconds = int(now.timestamp())
    window, reset_s = seconds // WINDOW_S, WINDOW_S - seconds % WINDOW_S
    held = _held(caller.token_id)
    with held.lock:
        if held.window != window:
            held.window, held.permits, held.is_spent = window, 0, False
        if not held.permits and not held.is_spent:
            _fetch(held, caller.token_id, most=most, permits=permits)
        is_admitted = held.permits > 0
        held.permits -= is_admitted
        remaining = held.permits + held.left_elsewhere
    headers.update(_told(most, remaining, reset_s))
    if not is_admitted:
        raise RateLimitedError(limit=most, retry_after=reset_s)


def _fetch(held: Held, token_id: ApiTokenId, *, most: int, permits: "PermitStore") -> None:
    many = max(1, most // _BATCHES)
    left = permits.take(
        token_id,
        window=held.window,
        many=many,
        most=most,
        expires_at=(held.window + 2) * WINDOW_S,
    )
    held.is_spent = left is None
    held.permits = 0 if left is None else many
    held.left_elsewhere = left or 0


def _told(most: int, remaining: int, reset_s: int) -> Mapping[str, str]:
    return dict(zip(HEADERS, (str(most), str(remaining), str(reset_s)), strict=True))


def _held(token_id: ApiTokenId) -> Held:
    held = held_by_token()
    if len(held) >= _MOST_REMEMBERED and token_id not in held:
        held.clear()
    return held.setdefault(token_id, Held())


@cache
def held_by_token() -> dict[ApiTokenId, Held]:
    """Return what this process holds."""
    return {}
