"""The rooms that have doors, and for what each is called."""

from collections.abc import Collection, Mapping
from typing import Final

ROOMS: Final[Mapping[str, Collection[str]]] = {
    "ab_tests": ("/sequences",),
    "advance": ("due_enrollments",),
    "audit": ("/audit",),
    "automate": ("item_changes",),
    "automations": ("/automations",),
    "bulk": ("bulk_work",),
    "calling": ("webhook_calls",),
    "custom_fields": ("/custom-fields",),
    "email_templates": ("/email-templates",),
    "enrollments": ("/enrollments", "/items", "/sequences"),
    "feedback": ("ses_feedback",),
    "flow_versions": ("/sequences",),
    "foresight": ("/sequences",),
    "health": ("app", "/health"),
    "imports": ("/imports",),
    "intake": ("inbound_mail", "unclaimed_mail"),
    "item_moves": ("/leads", "/persons"),
    "items": (
        "/activities",
        "/deals",
        "/leads",
        "/organizations",
        "/persons",
        "/products",
        "/projects",
    ),
    "jobs": ("/jobs",),
    "kept_apart": ("/intake",),
    "nightly": ("nightly",),
    "overview": ("/sequences",),
    "privacy": ("/persons",),
    "public_pages": ("/u",),
    "pulse": ("/pulse",),
    "pulse_bulk": ("/pulse",),
    "reference": ("/docs", "/openapi.json"),
    "ripple": ("table_changes",),
    "sender_addresses": ("/sender-addresses",),
    "sequence_lifecycle": ("/sequences",),
    "sequence_templates": ("/sequence-templates",),
    "sequences": ("/sequences",),
    "smart_bcc": ("/smart-bcc",),
    "steering": ("/enrollments", "/items"),
    "suppressions": ("/suppressions",),
    "sweep": ("every_minute", "shard_sweep"),
    "tallying": ("tallies",),
    "tenant": ("/sending-domains", "/settings"),
    "threads": ("/items", "/threads"),
    "users": ("/tokens", "/users"),
    "webhook_work": ("webhook_news",),
    "webhooks": ("/webhooks",),
}
"""Modules of `chalicelib.entry`, which have their doors in `routes`.

With each, what leads there: functions that Lambda calls, and with a stroke, first words of paths.
The API is the function `app`, as Chalice names it: it begins with the least room, and with what all
rooms of HTTP doors share.
"""

FUNCTIONS: Final = frozenset(
    call for calls in ROOMS.values() for call in calls if not call.startswith("/")
)
"""What Lambda may call in `app.py`."""

_OF_HTTP: Final = [room for room, calls in ROOMS.items() if any("/" in call for call in calls)]


def rooms_for(function: str) -> list[str]:
    """Return the rooms that a function of Lambda needs from its beginning."""
    return [room for room, calls in ROOMS.items() if function in calls]


def rooms_along(path: str) -> list[str]:
    """Return the rooms that a path may lead to; who describes all doors must see all of them."""
    word = next((word for word in path.split("/") if word not in {"", "v1"}), "")
    rooms = [room for room, calls in ROOMS.items() if f"/{word}" in calls]
    return _OF_HTTP if "reference" in rooms else rooms
