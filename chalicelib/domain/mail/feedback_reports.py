"""Complaints: what a mailbox provider sends when its user calls a mail spam (ARF, RFC 5965)."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.mail.budget import BUDGET
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.headers import Headers, split_headers
from chalicelib.domain.mail.message import Complaint
from chalicelib.domain.mail.parts import Part

FEEDBACK: Final = "message/feedback-report"
_LONGEST: Final = 64 * 1024
_MOST: Final = 20
_WHO: Final = ("original-rcpt-to", "removal-recipient", "original-recipient")
_NO_COMPLAINTS: Final = frozenset(
    {"not-spam", "auth-failure", "dkim", "miscategorized", "virus-scan"}
)


def read_complaint(root: Part) -> Complaint | None:
    """Return the complaint that a feedback report is; providers' own forms count as well."""
    for part in root.walk():
        if part.content_type == FEEDBACK:
            return _of_report(part.content)
    original = _original(root)
    if original is not None and "x-hmxmroriginalrecipient" in original:
        # Outlook.com reports in a form of its own: the mail, with the user's address on top.
        who = normalized(original.first("x-hmxmroriginalrecipient").strip("<> "))
        return Complaint(feedback_type="abuse", addresses=(who,))
    return None


def is_complaint(complaint: Complaint | None) -> bool:
    """Tell whether a report is bad news; whoever says `not spam` does not complain."""
    return complaint is None or complaint.feedback_type not in _NO_COMPLAINTS


def _of_report(octets: bytes) -> Complaint:
    begin = octets[:_LONGEST].strip() + b"\n\n"
    fields, _ = split_headers(begin, budget=BUDGET, defects=Defects())
    return Complaint(
        feedback_type=fields.first("feedback-type").strip().lower()[:40],
        addresses=tuple(dict.fromkeys(_named(fields)))[:_MOST],
    )


def _named(fields: Headers) -> Iterator[str]:
    for name in _WHO:
        for value in fields.all(name):
            address = normalized(value.rpartition(";")[2].strip().strip("<>"))
            if "@" in address:
                yield address


def _original(root: Part) -> Headers | None:
    for part in root.walk():
        if part.content_type == "message/rfc822" and part.children:
            return part.children[0].headers
    return None
