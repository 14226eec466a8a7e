"""A body for every door that takes one, in the order of a story; the tests send them all."""

from collections.abc import Mapping
from typing import Any, Final

_MEETING: Final[dict[str, Any]] = {
    "start": "hello",
    "steps": [
        {
            "id": "hello",
            "type": "email",
            "automatic": True,
            "subject": "Chairs for {{ organization.name }}",
            "body": "<p>Hello {{ person.first_name }}, shall we talk?</p>",
            "next": "answered",
        },
        {
            "id": "answered",
            "type": "condition",
            "on": "replied",
            "of": "hello",
            "within": "P3D",
            "yes": "call",
            "no": "given_up",
        },
        {
            "id": "call",
            "type": "activity",
            "activity_type": "call",
            "subject": "Call about the chairs",
            "priority": "high",
            "next": "talked",
        },
        {"id": "talked", "type": "end", "outcome": "talked"},
        {"id": "given_up", "type": "end", "outcome": "no_answer"},
    ],
}

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "change_settings": {"time_zone": "Europe/Berlin"},
    "add_domain": {"domain": "mail.northwind.example"},
    "create_user": {"name": "Nora New", "email": "nora@northwind.example", "role": "salesperson"},
    "change_user": {"business_unit": "North"},
    "change_me": {"signature": "<p>Best, Sally</p>", "country": "DE"},
    "create_token": {"name": "our CRM", "scopes": ["read", "write"]},
    "create_organization": {"name": "Acme", "tags": ["chairs"]},
    "change_organization": {"country": "DE"},
    "create_person": {
        "name": "Paula Prospect",
        "emails": [{"address": "paula@acme.example", "primary": True}],
        "time_zone": "Europe/Berlin",
    },
    "change_person": {"do_not_call": True},
    "create_lead": {"title": "Forty chairs", "custom_fields": {"color": "red"}},
    "change_lead": {"title": "Fifty chairs", "tags": ["outbound"]},
    "create_deal": {"title": "Forty chairs", "value": 4000, "currency": "EUR"},
    "change_deal": {"status": "won"},
    "create_project": {"title": "Deliver forty chairs"},
    "change_project": {"status": "done"},
    "create_sequence": {"name": "First meeting", "item_kind": "lead", "flow": _MEETING},
    "change_sequence": {"tags": ["outbound"], "change_note": "Found by its tag"},
    "copy_sequence": {"name": "First meeting, mine"},
    "enroll": {"item_ids": ["lead-1"], "dry_run": True},
    "pause_enrollment": {"until": "2030-01-07T09:00:00Z"},
    "resume_enrollment": {"mode": "shift"},
    "edit_task": {"subject": "Chairs, as you asked"},
    "snooze_task": {"until": "2030-01-07T09:00:00Z"},
    "send_task": {"body": "<p>Hello Paula, shall we talk?</p>"},
    "complete_task": {"outcome": "answered", "note": "meets us on Monday"},
    "create_email_template": {
        "name": "First hello",
        "language": "en",
        "subject": "Chairs for {{ organization.name | default: 'you' }}",
        "body": "<p>Hello {{ person.first_name | default: 'there' }}, shall we talk?</p>",
    },
    "change_email_template": {"subject": "Chairs"},
    "preview_email_template": {"item": {"kind": "lead", "id": "lead-1"}},
    "test_email_template": {},
    "make_address": {"item": {"kind": "lead", "id": "lead-1"}},
    "link_thread": {"kind": "lead", "id": "lead-1"},
}
