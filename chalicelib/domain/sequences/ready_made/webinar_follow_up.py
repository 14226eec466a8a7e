"""Webinar follow up: ten steps in seven days, for leads (D365-TPL-11).

The four branches that say Yes join in one tail: qualify, then the demo meeting.
"""

from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.templates import SequenceTemplate

_THANKS: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>Thank you for taking the time for our webinar. I hope there was something in it that you can
use.</p>
<p>Many who were there asked what it would look like in their own company. I would be glad to show
you, with an example from {{ organization.name | default: "your trade" }}, in half an hour. Which
day suits you?</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_FOLLOW_UP: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>A short reminder, in case my mail after the webinar got lost among the others.</p>
<p>If a question has been on your mind since, write it to me, and I will find the answer. And if
you would rather see it than read about it: half an hour is enough.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_LAST: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>I do not want to fill your inbox, so this is my last mail about the webinar.</p>
<p>Should you like to see how it would work for {{ organization.name | default: "you" }}, answer
with a day, and I will arrange the rest. Otherwise I wish you every success, and you know where to
find me.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_CONFIRMATION: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>Good to hear from you. I will send you an invitation with a link in a moment.</p>
<p>To make the most of our time, tell me in a line or two what you would like to see and who else
will join.</p>
<p>Until then,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_AFTER_CALL: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>Thank you for the conversation just now. As agreed, I will send you an invitation with a link
in a moment.</p>
<p>Should anything come to your mind that you would like to see, a line to me is enough.</p>
<p>Until then,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

TEMPLATE: Final = SequenceTemplate(
    key="webinar_follow_up",
    name="Webinar follow up",
    item_kind=ItemKind.LEAD,
    flow={
        "start": "a1",
        "steps": [
            {
                "id": "a1",
                "type": "email",
                "name": "Thanks for attending; ask for a meeting",
                "automatic": True,
                "subject": "Thank you for joining our webinar",
                "body": _THANKS,
                "next": "k1",
            },
            {
                "id": "k1",
                "type": "condition",
                "on": "replied",
                "of": "a1",
                "within": "P1D",
                "yes": "e1y",
                "no": "e2",
            },
            {
                "id": "e1y",
                "type": "email",
                "name": "Confirmation",
                "subject": "Our meeting",
                "body": _CONFIRMATION,
                "reply_to_step": "a1",
                "next": "q",
            },
            {
                "id": "e2",
                "type": "email",
                "name": "Follow-up",
                "subject": "Any questions after the webinar?",
                "body": _FOLLOW_UP,
                "next": "k2",
            },
            {
                "id": "k2",
                "type": "condition",
                "on": "replied",
                "of": "e2",
                "within": "P2D",
                "yes": "e2y",
                "no": "c3",
            },
            {
                "id": "e2y",
                "type": "email",
                "name": "Confirmation",
                "subject": "Our meeting",
                "body": _CONFIRMATION,
                "reply_to_step": "e2",
                "next": "q",
            },
            {
                "id": "c3",
                "type": "activity",
                "activity_type": "call",
                "subject": "Call about next steps",
                "note": "Ask what brought them to the webinar, and what they would need to see.",
                "next": "k3",
            },
            {
                "id": "k3",
                "type": "condition",
                "on": "answered",
                "of": "c3",
                "yes": "e3y",
                "no": "w1",
            },
            {
                "id": "e3y",
                "type": "email",
                "name": "Confirmation",
                "subject": "After our call",
                "body": _AFTER_CALL,
                "next": "q",
            },
            {"id": "w1", "type": "wait", "for": "P2D", "next": "e4"},
            {
                "id": "e4",
                "type": "email",
                "name": "Final follow-up for a meeting",
                "subject": "My last mail about the webinar",
                "body": _LAST,
                "next": "k4",
            },
            {
                "id": "k4",
                "type": "condition",
                "on": "replied",
                "of": "e4",
                "within": "P2D",
                "yes": "e4y",
                "no": "x2",
            },
            {
                "id": "e4y",
                "type": "email",
                "name": "Confirmation",
                "subject": "Our meeting",
                "body": _CONFIRMATION,
                "reply_to_step": "e4",
                "next": "q",
            },
            {
                "id": "q",
                "type": "activity",
                "activity_type": "task",
                "subject": "Qualify the lead",
                "note": "Need, budget, decision, time: what do we know, and what is missing?",
                "next": "m",
            },
            {
                "id": "m",
                "type": "activity",
                "activity_type": "task",
                "subject": "Set up the product demo meeting",
                "note": "Send the invitation with a link, and prepare an example from their trade.",
                "next": "x1",
            },
            {"id": "x1", "type": "end", "outcome": "qualified", "item_action": None},
            {
                "id": "x2",
                "type": "end",
                "outcome": "disqualified",
                "item_action": {"set_status": "disqualified", "reason": "no answer"},
            },
        ],
    },
)
