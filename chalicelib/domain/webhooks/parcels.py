"""A parcel: one piece of news on its way to one webhook, tried again and again until it arrives.

The API calls it a delivery; here that word is a mail's. Who hands a parcel out counts a try before
anybody calls; an answer to an older try cannot undo what a later one brought.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from chalicelib.domain.ids import WebhookId
from chalicelib.domain.webhooks.news import News

WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long after each failed try the next one is made."""
MOST_TRIES: Final = len(WAITS) + 1
LOOK_AFTER: Final = timedelta(minutes=10)
"""A try of which nothing was heard by then counts as failed: the caller died."""
KEPT_FOR: Final = timedelta(days=30)


class ParcelState(StrEnum):
    """Where a parcel is."""

    WAITING = "waiting"
    """On its way, or for its next try."""
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up; it can be replayed."""


WHY_BY_STATUS: Final[Mapping[int, str]] = MappingProxyType(
    dict.fromkeys(range(300, 400), "It answered with a redirect, which is not followed.")
)


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one call: the status that was answered, or why there was none."""

    status: int | None = None
    trouble: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the other side has it."""
        return self.status is not None and self.status // 100 == 2  # noqa: PLR2004

    @property
    def why(self) -> str | None:
        """Why it failed, in words; None if it did not."""
        if self.is_good:
            return None
        if self.status is None:
            return self.trouble
        return WHY_BY_STATUS.get(self.status, f"It answered {self.status}.")


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery; named by its webhook and its news, so that it exists once."""

    webhook_id: WebhookId
    news: News
    state: ParcelState = ParcelState.WAITING
    tries: int = 0
    last: Called | None = None
    look_at: datetime | None
    """When somebody must look at it: the next try, or the end of patience with this one."""
    is_out: bool = False
    """Whether somebody calls."""
    created_at: datetime
    ended_at: datetime | None = None
    version: int = 0

    @property
    def id(self) -> str:
        """The id of its news: unique within its webhook."""
        return self.news.id


def new(news: News, webhook_id: WebhookId, *, now: datetime) -> Parcel:
    """Return a parcel of which the first try is being made."""
    fresh = Parcel(webhook_id=webhook_id, news=news, look_at=now, created_at=now)
    return handed_out(fresh, now=now)


def handed_out(parcel: Parcel, *, now: datetime) -> Parcel:
    """Count a try that begins now."""
    return msgspec.structs.replace(
        parcel, tries=parcel.tries + 1, is_out=True, look_at=now + LOOK_AFTER
    )


def overdue(parcel: Parcel, *, now: datetime) -> bool:
    """Whether somebody should look at it now."""
    return parcel.look_at is not None and parcel.look_at <= now


def answered(parcel: Parcel, called: Called, *, of_try: int, now: datetime) -> Parcel:
    """Return the parcel after a try; what is over stays, except that arriving late is arriving."""
    if parcel.state is ParcelState.DELIVERED:
        return parcel
    if called.is_good:
        return _ended(parcel, ParcelState.DELIVERED, called, now)
    if of_try != parcel.tries or parcel.state is ParcelState.DEAD or not parcel.is_out:
        return parcel
    if parcel.tries >= MOST_TRIES:
        return _ended(parcel, ParcelState.DEAD, called, now)
    look_at = now + WAITS[parcel.tries - 1]
    return msgspec.structs.replace(parcel, last=called, is_out=False, look_at=look_at)


def given_up(parcel: Parcel, why: str, *, now: datetime) -> Parcel:
    """Return the parcel as one that nobody tries to bring any more."""
    return _ended(parcel, ParcelState.DEAD, Called(trouble=why), now)


def held(parcel: Parcel, *, until: datetime) -> Parcel:
    """Return the parcel as one that waits, without a try."""
    return msgspec.structs.replace(parcel, look_at=until)


def begun_anew(parcel: Parcel, *, now: datetime) -> Parcel:
    """Return the parcel with all its tries before it, the first one being made."""
    fresh = msgspec.structs.replace(parcel, state=ParcelState.WAITING, tries=0, ended_at=None)
    return handed_out(fresh, now=now)


def _ended(parcel: Parcel, state: ParcelState, called: Called, now: datetime) -> Parcel:
    return msgspec.structs.replace(
        parcel, state=state, last=called, look_at=None, is_out=False, ended_at=now
    )
