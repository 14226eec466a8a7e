"""High volume outbound prospecting: seven steps in nine days, for leads (D365-TPL-07)."""

from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.templates import SequenceTemplate

_INTRODUCTION: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>My name is {{ sender.first_name | default: sender.name }}, and I am writing to you first so
that my call does not come out of the blue.</p>
<p>We work with companies like {{ organization.name | default: "yours" }} and usually start with
one question: what takes your team more time than it should? If we can take some of it off your
hands, half an hour will show it. If not, I will say so.</p>
<p>I will ring you in the next few days. Should another day suit you better, just answer this
mail.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_FOLLOW_UP: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>I tried to call you and must have picked a bad moment.</p>
<p>My question is still the same: is there work at
{{ organization.name | default: "your company" }} that eats up hours and that nobody would miss? A
sentence in reply is enough for me to find out whether we can help.</p>
<p>Otherwise I will try once more by phone in the next few days.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

TEMPLATE: Final = SequenceTemplate(
    key="high_volume_prospecting",
    name="High volume outbound prospecting",
    item_kind=ItemKind.LEAD,
    flow={
        "start": "a1",
        "steps": [
            {
                "id": "a1",
                "type": "email",
                "name": "Automated intro with seller information",
                "automatic": True,
                "subject": 'A question about {{ organization.name | default: "your team" }}',
                "body": _INTRODUCTION,
                "next": "l1",
            },
            {
                "id": "l1",
                "type": "linkedin",
                "action": "research",
                "subject": "Research company and lead",
                "note": "What do they do, who decides, what is new? Note one thing to begin the "
                "call with.",
                "next": "w0",
            },
            {"id": "w0", "type": "wait", "for": "P2D", "next": "c2"},
            {
                "id": "c2",
                "type": "activity",
                "activity_type": "call",
                "subject": "First call: discuss, schedule meeting",
                "note": "Refer to your mail. Ask about their work before you speak of ours, and "
                "agree on a meeting if there is something to talk about.",
                "next": "k2",
            },
            {
                "id": "k2",
                "type": "condition",
                "on": "answered",
                "of": "c2",
                "yes": "l2y",
                "no": "w1",
            },
            {
                "id": "l2y",
                "type": "linkedin",
                "action": "connect",
                "subject": "Connect with the lead",
                "note": "Send an invitation while they remember the call; thank them for their "
                "time.",
                "next": "x1",
            },
            {"id": "x1", "type": "end", "outcome": "meeting_scheduled", "item_action": None},
            {"id": "w1", "type": "wait", "for": "P2D", "next": "a3"},
            {
                "id": "a3",
                "type": "email",
                "name": "Automated follow-up",
                "automatic": True,
                "subject": "I tried to reach you",
                "body": _FOLLOW_UP,
                "next": "w2",
            },
            {"id": "w2", "type": "wait", "for": "P3D", "next": "c3"},
            {
                "id": "c3",
                "type": "activity",
                "activity_type": "call",
                "subject": "Second call: discuss, schedule meeting",
                "note": "Try another time of day than the first. Two mails went before; ask "
                "whether the matter is theirs at all.",
                "next": "k3",
            },
            {
                "id": "k3",
                "type": "condition",
                "on": "answered",
                "of": "c3",
                "yes": "x2",
                "no": "w3",
            },
            {"id": "x2", "type": "end", "outcome": "meeting_scheduled", "item_action": None},
            {"id": "w3", "type": "wait", "for": "P2D", "next": "c4"},
            {
                "id": "c4",
                "type": "activity",
                "activity_type": "call",
                "subject": "Final call: discuss, schedule meeting",
                "note": "The last attempt. Leave a message that says so, in a friendly way; "
                "without an answer the lead is disqualified.",
                "next": "k4",
            },
            {
                "id": "k4",
                "type": "condition",
                "on": "answered",
                "of": "c4",
                "yes": "x3",
                "no": "x4",
            },
            {"id": "x3", "type": "end", "outcome": "meeting_scheduled", "item_action": None},
            {
                "id": "x4",
                "type": "end",
                "outcome": "disqualified",
                "item_action": {"set_status": "disqualified", "reason": "no answer"},
            },
        ],
    },
)
