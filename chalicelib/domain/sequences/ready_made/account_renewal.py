"""Upcoming account renewal: thirteen steps in fifty days, for organizations (D365-TPL-10)."""

from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.templates import SequenceTemplate

_NOTICE: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>The agreement between {{ organization.name | default: "your company" }} and us is up for
renewal soon. Before we talk about paper, I would like to hear how the past year went: what has
worked well, what has not, and what has changed on your side.</p>
<p>Could we take half an hour for it in the next two weeks? Name a time that suits you, and I will
send the invitation.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_NEXT_MEETING: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>Thank you for the open conversation. I have gone through the points that were left open and can
answer them now.</p>
<p>Shall we go through them together before I write the quote? Twenty minutes will do. And if a
new question has come up meanwhile, send it to me, so that I can bring the right people.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_QUOTE: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>As discussed, here is our quote for the coming period. It holds what we agreed on the phone:
the scope, the prices, and the terms that have changed.</p>
<p>Please read it at your leisure and note whatever you stumble over. I will ring you in a week,
so that we can settle what is left.</p>
<p>Kind regards,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

_SIGNED: Final = """\
<p>Hi {{ person.first_name | default: "there" }},</p>
<p>The signed contract has arrived. Thank you for another year together; we do not take it for
granted.</p>
<p>You keep the people you know, and I remain the one to call when something is not as it should
be.</p>
<p>With thanks,<br>{{ sender.signature | default: sender.name | newline_to_br }}</p>
"""

TEMPLATE: Final = SequenceTemplate(
    key="account_renewal",
    name="Upcoming account renewal",
    item_kind=ItemKind.ORGANIZATION,
    flow={
        "start": "s1",
        "steps": [
            {
                "id": "s1",
                "type": "activity",
                "activity_type": "task",
                "subject": "Verify account and renewal details",
                "note": "End of term, notice period, prices, contact persons: is what we have "
                "still right?",
                "next": "s2",
            },
            {
                "id": "s2",
                "type": "email",
                "name": "Renewal notice; ask for a meeting",
                "subject": "Your renewal: how did the year go?",
                "body": _NOTICE,
                "next": "w2",
            },
            {"id": "w2", "type": "wait", "for": "P7D", "next": "s3"},
            {
                "id": "s3",
                "type": "activity",
                "activity_type": "task",
                "subject": "Check products and features used; research add-ons",
                "note": "What is used much, what not at all, and what would help them next?",
                "next": "w3",
            },
            {"id": "w3", "type": "wait", "for": "P3D", "next": "s4"},
            {
                "id": "s4",
                "type": "activity",
                "activity_type": "call",
                "subject": "Answer questions; pitch add-ons",
                "note": "Listen first. Offer only the add-on that answers something they said.",
                "next": "w4",
            },
            {"id": "w4", "type": "wait", "for": "P2D", "next": "s5"},
            {
                "id": "s5",
                "type": "activity",
                "activity_type": "task",
                "subject": "Note action items from the call and work on them",
                "note": "Who does what by when; tell the customer what is being worked on.",
                "next": "w5",
            },
            {"id": "w5", "type": "wait", "for": "P5D", "next": "s6"},
            {
                "id": "s6",
                "type": "email",
                "name": "Schedule follow-up meeting; resolve doubts",
                "subject": "The open points are answered",
                "body": _NEXT_MEETING,
                "next": "w6",
            },
            {"id": "w6", "type": "wait", "for": "P7D", "next": "s7"},
            {
                "id": "s7",
                "type": "activity",
                "activity_type": "task",
                "subject": "Prepare renewal quote",
                "note": "With the add-ons they asked about as a separate line.",
                "next": "w7",
            },
            {"id": "w7", "type": "wait", "for": "P3D", "next": "s8"},
            {
                "id": "s8",
                "type": "activity",
                "activity_type": "task",
                "subject": "Discuss quote with sales team for approval",
                "note": "Discounts and special terms need a yes before the customer sees them.",
                "next": "w8",
            },
            {"id": "w8", "type": "wait", "for": "P3D", "next": "s9"},
            {
                "id": "s9",
                "type": "activity",
                "activity_type": "call",
                "subject": "Discuss approved quotation",
                "note": "Go through it line by line; what surprises them on paper costs a week.",
                "next": "s10",
            },
            {
                "id": "s10",
                "type": "email",
                "name": "Send quotation for review",
                "subject": "Our quote for your renewal",
                "body": _QUOTE,
                "next": "w10",
            },
            {"id": "w10", "type": "wait", "for": "P7D", "next": "s11"},
            {
                "id": "s11",
                "type": "activity",
                "activity_type": "call",
                "subject": "Finalize quotation",
                "note": "Settle what is left, and agree on the day of signing.",
                "next": "w11",
            },
            {"id": "w11", "type": "wait", "for": "P7D", "next": "s12"},
            {
                "id": "s12",
                "type": "activity",
                "activity_type": "task",
                "subject": "Discuss and sign the contract",
                "note": "Send it for signature, and be there for the questions of their lawyers.",
                "next": "w12",
            },
            {"id": "w12", "type": "wait", "for": "P6D", "next": "s13"},
            {
                "id": "s13",
                "type": "email",
                "name": "Thank the customer for signing",
                "subject": "Thank you for another year",
                "body": _SIGNED,
                "next": "x1",
            },
            {"id": "x1", "type": "end", "outcome": "completed", "item_action": None},
        ],
    },
)
