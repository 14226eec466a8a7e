"""A webhook: where a program elsewhere listens, and for what."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.domain.errors import Problem
from chalicelib.domain.ids import UserId, WebhookId
from chalicelib.domain.webhooks.news import EVERYTHING, Topic

MOST_WEBHOOKS: Final = 40
"""Of one tenant: whatever happens is held against all of them."""

TOPICS: Final = frozenset({EVERYTHING, *Topic, *(f"{each.partition('.')[0]}.*" for each in Topic)})
"""What may be asked for: one topic, all of one thing (`item.*`), or everything (`*`)."""


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """One listener; its secret is sealed, and opened only to sign."""

    id: WebhookId
    url: str
    topics: tuple[str, ...]
    is_on: bool = True
    sealed_secret: str
    author_id: UserId
    created_at: datetime
    updated_at: datetime
    version: int = 0


def listens(webhook: Webhook, topic: Topic) -> bool:
    """Whether the webhook wants to hear of it."""
    wanted = {EVERYTHING, topic.value, f"{topic.partition('.')[0]}.*"}
    return webhook.is_on and not wanted.isdisjoint(webhook.topics)


def check_topics(topics: Collection[str]) -> Iterator[Problem]:
    """Say what is wrong with what is asked for."""
    if not topics:
        message = 'Give at least one, such as `enrollment.completed`; `["*"]` is everything.'
        yield Problem(path="$.events", code="blank", message=message)
    for at, topic in enumerate(topics):
        if topic not in TOPICS:
            message = f"There is no such event; known are: {', '.join(sorted(TOPICS))}."
            yield Problem(path=f"$.events[{at}]", code="wrong_value", message=message)
