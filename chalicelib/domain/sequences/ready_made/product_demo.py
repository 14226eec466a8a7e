"""Meeting for product demo requests: nine steps in five days, for deals (D365-TPL-09)."""

from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.templates import SequenceTemplate

_THANKS: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>Thank you for asking for a demo. I will look after you from here on.</p>
<p>So that we spend the time on what matters to you: which task would you like to see done, and
who else at {{ organization.name | default: "your company" }} should be there? I will come back to
you tomorrow with times to choose from.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_TIME_SLOT: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>When shall we look at it together? I suggest 45 minutes: half an hour for the demo, the rest
for your questions.</p>
<p>Tomorrow or the day after, at ten or at two, would be fine with me. Answer with the one you
like, or name a time of your own.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_SET_UP: Final = (
    "Send the invitation with a link, ask what they want to see, prepare an example from their own "
    "trade, and show it."
)

TEMPLATE: Final = SequenceTemplate(
    key="product_demo",
    name="Meeting for product demo requests",
    item_kind=ItemKind.DEAL,
    flow={
        "start": "e1",
        "steps": [
            {
                "id": "e1",
                "type": "email",
                "name": "Thanks for the interest",
                "subject": "Your demo: thank you for asking",
                "body": _THANKS,
                "next": "l1",
            },
            {
                "id": "l1",
                "type": "linkedin",
                "action": "research",
                "subject": "Research the customer",
                "note": "Who asked, whom do they report to, and what may they want to solve?",
                "next": "l2",
            },
            {
                "id": "l2",
                "type": "linkedin",
                "action": "connect",
                "subject": "Connect with the customer",
                "note": "Mention the demo they asked for.",
                "next": "w1",
            },
            {"id": "w1", "type": "wait", "for": "P1D", "next": "e2"},
            {
                "id": "e2",
                "type": "email",
                "name": "Ask for a demo time slot",
                "subject": "When shall we look at it together?",
                "body": _TIME_SLOT,
                "reply_to_step": "e1",
                "next": "k2",
            },
            {
                "id": "k2",
                "type": "condition",
                "on": "replied",
                "of": "e2",
                "within": "P2D",
                "yes": "t2y",
                "no": "c3",
            },
            {
                "id": "t2y",
                "type": "activity",
                "activity_type": "task",
                "subject": "Set up the meeting and demo the product",
                "note": _SET_UP,
                "next": "x1",
            },
            {"id": "x1", "type": "end", "outcome": "demo_set", "item_action": None},
            {
                "id": "c3",
                "type": "activity",
                "activity_type": "call",
                "subject": "Call for a demo slot",
                "note": "They asked for the demo, so ask for a day; have your calendar open.",
                "next": "k3",
            },
            {
                "id": "k3",
                "type": "condition",
                "on": "answered",
                "of": "c3",
                "yes": "t3y",
                "no": "w2",
            },
            {
                "id": "t3y",
                "type": "activity",
                "activity_type": "task",
                "subject": "Set up the meeting and demo the product",
                "note": _SET_UP,
                "next": "x2",
            },
            {"id": "x2", "type": "end", "outcome": "demo_set", "item_action": None},
            {"id": "w2", "type": "wait", "for": "P2D", "next": "c4"},
            {
                "id": "c4",
                "type": "activity",
                "activity_type": "call",
                "subject": "Follow-up call",
                "note": "The last attempt: ask whether a demo is still wanted. Without an answer "
                "the deal is closed as lost.",
                "next": "k4",
            },
            {
                "id": "k4",
                "type": "condition",
                "on": "answered",
                "of": "c4",
                "yes": "t4y",
                "no": "x4",
            },
            {
                "id": "t4y",
                "type": "activity",
                "activity_type": "task",
                "subject": "Set up the meeting and demo the product",
                "note": _SET_UP,
                "next": "x3",
            },
            {"id": "x3", "type": "end", "outcome": "demo_set", "item_action": None},
            {
                "id": "x4",
                "type": "end",
                "outcome": "disqualified",
                "item_action": {"set_status": "lost", "reason": "disqualified"},
            },
        ],
    },
)
