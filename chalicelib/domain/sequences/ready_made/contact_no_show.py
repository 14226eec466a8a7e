"""Follow up when contacts don't show up: seven steps in five days, for persons (D365-TPL-06)."""

from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.templates import SequenceTemplate

_MISSED: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>We had a meeting in the calendar today and I could not reach you. These things happen, and I
hope nothing serious came up.</p>
<p>I would still like to talk. Does another time this week suit you? Answer with a day and an
hour, and I will send the invitation.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_PLACEHOLDER: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>I have tried to reach you by phone without luck, so let me make it easy: I am keeping half an
hour free for us the day after tomorrow, at ten.</p>
<p>If that suits you, a short yes is enough. If not, name any other time and I will move it. And
if the subject is no longer on your list, tell me, and I will stop asking.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_SHARE_DETAILS: Final = (
    "Thank them for the answer. Say in two sentences what the missed meeting was to be about, send "
    "the material afterwards, and agree on a new time before you hang up."
)

TEMPLATE: Final = SequenceTemplate(
    key="contact_no_show",
    name="Follow up when contacts don't show up",
    item_kind=ItemKind.PERSON,
    flow={
        "start": "e1",
        "steps": [
            {
                "id": "e1",
                "type": "email",
                "name": "Missed meeting; ask for another meeting",
                "subject": "We missed each other today",
                "body": _MISSED,
                "next": "k1",
            },
            {
                "id": "k1",
                "type": "condition",
                "on": "replied",
                "of": "e1",
                "within": "P1D",
                "yes": "c1y",
                "no": "c2",
            },
            {
                "id": "c1y",
                "type": "activity",
                "activity_type": "call",
                "subject": "Call; share missed-meeting details",
                "note": _SHARE_DETAILS,
                "next": "x1",
            },
            {"id": "x1", "type": "end", "outcome": "replied", "item_action": None},
            {
                "id": "c2",
                "type": "activity",
                "activity_type": "call",
                "subject": "Call about the missed meeting",
                "note": "No answer to the e-mail yet. Ask whether the meeting still makes sense, "
                "and offer two times.",
                "next": "k2",
            },
            {
                "id": "k2",
                "type": "condition",
                "on": "answered",
                "of": "c2",
                "yes": "t2y",
                "no": "w1",
            },
            {
                "id": "t2y",
                "type": "activity",
                "activity_type": "task",
                "subject": "Discuss and share missed-meeting details",
                "note": "Send what you promised on the phone, with the new time of the meeting.",
                "next": "x2",
            },
            {"id": "x2", "type": "end", "outcome": "answered", "item_action": None},
            {"id": "w1", "type": "wait", "for": "P2D", "next": "e3"},
            {
                "id": "e3",
                "type": "email",
                "name": "Propose a placeholder meeting",
                "subject": "The day after tomorrow at ten?",
                "body": _PLACEHOLDER,
                "next": "k3",
            },
            {
                "id": "k3",
                "type": "condition",
                "on": "replied",
                "of": "e3",
                "within": "P2D",
                "yes": "c3y",
                "no": "t4",
            },
            {
                "id": "c3y",
                "type": "activity",
                "activity_type": "call",
                "subject": "Call; share missed-meeting details",
                "note": _SHARE_DETAILS,
                "next": "x3",
            },
            {"id": "x3", "type": "end", "outcome": "replied", "item_action": None},
            {
                "id": "t4",
                "type": "activity",
                "activity_type": "task",
                "subject": "Contact other contacts in the company",
                "note": "Two mails and a call went unanswered. Find a colleague of theirs at "
                '{{ organization.name | default: "the company" }} who cares about the same matter.',
                "next": "x4",
            },
            {"id": "x4", "type": "end", "outcome": "no_response", "item_action": None},
        ],
    },
)
