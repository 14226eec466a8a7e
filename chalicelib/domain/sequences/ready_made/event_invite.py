"""Invite to an upcoming event: six steps in five days, for persons (D365-TPL-08)."""

from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.templates import SequenceTemplate

_INVITATION: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>We are inviting a small round of people to an afternoon of talks and good conversation, and I
would be glad to see you there. It is about the questions that come up in most of my conversations
these weeks, and there is plenty of time to compare notes with others in your position.</p>
<p>May I put you on the list? A short yes is enough, and I will send you place, time and
program.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_SECOND_INVITATION: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>The list for our event is filling up, and I am still holding a seat for you.</p>
<p>If you cannot come yourself, a colleague of yours from
{{ organization.name | default: "your company" }} is just as welcome. Shall I keep the seat?</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_DETAILS: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>Good to hear from you, and good that you are coming. Here is what you need to know:</p>
<ul>
<li>When: [day, from, to]</li>
<li>Where: [address or link]</li>
<li>Program: [link]</li>
</ul>
<p>Doors open half an hour before. Tell me if you bring somebody along or if there is anything you
do not eat.</p>
<p>See you there,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_CONFIRMATION: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>As promised on the phone: your seat is reserved.</p>
<ul>
<li>When: [day, from, to]</li>
<li>Where: [address or link]</li>
<li>Program: [link]</li>
</ul>
<p>Should something come up, a line to me is enough, and somebody from the waiting list will be
happy. </p>
<p>See you there,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

TEMPLATE: Final = SequenceTemplate(
    key="event_invite",
    name="Invite to an upcoming event",
    item_kind=ItemKind.PERSON,
    flow={
        "start": "e1",
        "steps": [
            {
                "id": "e1",
                "type": "email",
                "name": "Personal invitation",
                "subject": "An invitation for you",
                "body": _INVITATION,
                "next": "k1",
            },
            {
                "id": "k1",
                "type": "condition",
                "on": "replied",
                "of": "e1",
                "within": "P2D",
                "yes": "e1y",
                "no": "e2",
            },
            {
                "id": "e1y",
                "type": "email",
                "name": "Event details",
                "subject": "Your seat is reserved: the details",
                "body": _DETAILS,
                "reply_to_step": "e1",
                "next": "x1",
            },
            {"id": "x1", "type": "end", "outcome": "replied", "item_action": None},
            {
                "id": "e2",
                "type": "email",
                "name": "Follow-up invitation",
                "subject": "Shall I keep your seat?",
                "body": _SECOND_INVITATION,
                "next": "k2",
            },
            {
                "id": "k2",
                "type": "condition",
                "on": "replied",
                "of": "e2",
                "within": "P3D",
                "yes": "e2y",
                "no": "c3",
            },
            {
                "id": "e2y",
                "type": "email",
                "name": "Event details",
                "subject": "Your seat is reserved: the details",
                "body": _DETAILS,
                "reply_to_step": "e2",
                "next": "x2",
            },
            {"id": "x2", "type": "end", "outcome": "replied", "item_action": None},
            {
                "id": "c3",
                "type": "activity",
                "activity_type": "call",
                "subject": "Invitation call",
                "note": "Two invitations went unanswered. Invite in person, and ask who else at "
                "their company might like to come.",
                "next": "k3",
            },
            {
                "id": "k3",
                "type": "condition",
                "on": "answered",
                "of": "c3",
                "yes": "e3y",
                "no": "x4",
            },
            {
                "id": "e3y",
                "type": "email",
                "name": "Confirmation with event details",
                "subject": "As promised: your seat at our event",
                "body": _CONFIRMATION,
                "next": "x3",
            },
            {"id": "x3", "type": "end", "outcome": "answered", "item_action": None},
            {
                "id": "x4",
                "type": "end",
                "outcome": "no_response",
                "item_action": {"add_tag": "future events"},
            },
        ],
    },
)
