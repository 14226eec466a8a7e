"""How webhooks are shown, and what they were told."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta

from chalicelib.domain.webhooks.news import Topic
from chalicelib.domain.webhooks.parcels import ParcelState
from chalicelib.entry.shapes.answers import Instant

Wanted = Annotated[
    list[str],
    Meta(description="What it hears: `enrollment.completed`, `item.*`, or `*` for everything."),
]


class Webhook(TypedDict):
    """Where a program listens, and for what."""

    id: str
    url: str
    events: Wanted
    on: bool
    author_id: str
    created_at: Instant
    updated_at: Instant
    version: Annotated[int, Meta(description="Grows with every write; for `If-Match`.")]


class NewlyMadeWebhook(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret: NotRequired[
        Annotated[str, Meta(description="The key of the HMAC in `sekvens-signature`.")]
    ]
    secret_shown: NotRequired[
        Annotated[
            Literal[True],
            Meta(description="This answer repeats an earlier one; its secret is not kept."),
        ]
    ]


class Delivery(TypedDict):
    """One event on its way to a webhook; kept for 30 days."""

    id: Annotated[str, Meta(description="The event's id, as in `sekvens-event-id`.")]
    event: Topic
    occurred_at: Instant
    data: Annotated[dict[str, Any], Meta(description="What was told, beside id and type.")]
    state: ParcelState
    tries: int
    status: Annotated[int | None, Meta(description="What the last try was answered.")]
    trouble: Annotated[str | None, Meta(description="Why the last try failed, in words.")]
    next_try_at: Instant | None
    ended_at: Instant | None
