"""Who is acting, as far as a person is: what audited writes of this thread are put down to.

A door sets it for the length of a request. Queues and schedules act for nobody, so that what the
runner does is in no audit; a job may act for its asker.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.ids import ApiTokenId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A user, with which token, and when."""

    user_id: UserId
    token_id: ApiTokenId
    at: datetime


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def actor() -> Actor | None:
    """Return who acts, if a person does."""
    return _actor.get()


def act(who: Actor) -> None:
    """Put what follows down to `who`, until the enclosing `acting` ends."""
    _actor.set(who)


@contextmanager
def acting(who: Actor | None = None) -> Iterator[None]:
    """Put what happens in the block down to `who`; afterwards to whom it was before."""
    token = _actor.set(who)
    try:
        yield
    finally:
        _actor.reset(token)
