"""What webhooks are told: that something happened to one thing, never what people wrote.

News names the thing and says where it stands; whoever wants more asks the API, with a token of its
own and the rights of that token. So what is told holds no name, address or text.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec


class Topic(StrEnum):
    """What can happen."""

    ITEM_CREATED = "item.created"
    ITEM_UPDATED = "item.updated"
    ITEM_STATUS_CHANGED = "item.status_changed"
    ITEM_STAGE_CHANGED = "item.stage_changed"
    ITEM_OWNER_CHANGED = "item.owner_changed"
    ITEM_DELETED = "item.deleted"
    ITEM_RESTORED = "item.restored"
    SEQUENCE_CREATED = "sequence.created"
    SEQUENCE_UPDATED = "sequence.updated"
    SEQUENCE_ACTIVATED = "sequence.activated"
    SEQUENCE_PUBLISHED = "sequence.published"
    SEQUENCE_PAUSED = "sequence.paused"
    SEQUENCE_RESUMED = "sequence.resumed"
    SEQUENCE_DEACTIVATED = "sequence.deactivated"
    SEQUENCE_DELETED = "sequence.deleted"
    ENROLLED = "enrollment.enrolled"
    STEP_DONE = "enrollment.step_done"
    REPLIED = "enrollment.replied"
    PAUSED = "enrollment.paused"
    RESUMED = "enrollment.resumed"
    COMPLETED = "enrollment.completed"
    EXITED = "enrollment.exited"
    FAILED = "enrollment.failed"
    MAIL_SENT = "mail.sent"
    MAIL_DELIVERED = "mail.delivered"
    MAIL_OPENED = "mail.opened"
    MAIL_CLICKED = "mail.clicked"
    MAIL_BOUNCED = "mail.bounced"
    MAIL_COMPLAINED = "mail.complained"
    THREAD_CREATED = "thread.created"
    THREAD_RECEIVED = "thread.message_received"
    THREAD_SENT = "thread.message_sent"
    THREAD_LINKED = "thread.linked"
    THREAD_UNLINKED = "thread.unlinked"
    THREAD_MERGED = "thread.merged"


EVERYTHING: Final = "*"
"""What asks for every topic, also those to come."""


class News(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened; its id is the same however often it is told."""

    id: str
    topic: Topic
    at: datetime
    data: Mapping[str, object]


def body_of(news: News, *, webhook_id: str) -> str:
    """Return what is posted: the same bytes at every try, for whoever compares them."""
    told = {
        "id": news.id,
        "type": news.topic,
        "occurred_at": news.at,
        "webhook_id": webhook_id,
        "data": news.data,
    }
    return msgspec.json.encode(told).decode()
