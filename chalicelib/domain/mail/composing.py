"""A mail as we write it: the bytes SES is asked to send.

Built with the standard library alone. HTML always comes with a text part; headers refuse line
breaks, so that nothing a customer typed can add a header of its own.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from typing import Final

from chalicelib.domain.ids import WireId

_POLICY: Final = SMTP.clone(max_line_length=998)
"""RFC 5322 allows as much; folded at 78, the long wire ids of SES would be encoded as words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that goes into one mail."""

    sender_name: str
    sender: str
    reply_to: tuple[str, ...]
    to: str
    subject: str
    html: str
    text: str
    in_reply_to: WireId | None = None
    references: tuple[WireId, ...] = ()


def compose(draft: Draft) -> bytes:
    """Return the MIME bytes; raises ValueError if a header value holds a line break."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = formataddr((draft.sender_name, draft.sender))
    mail["To"] = draft.to
    mail["Reply-To"] = ", ".join(draft.reply_to)
    mail["Subject"] = draft.subject
    if draft.in_reply_to:
        mail["In-Reply-To"] = f"<{draft.in_reply_to}>"
        known = dict.fromkeys((*draft.references, draft.in_reply_to))
        mail["References"] = " ".join(f"<{each}>" for each in known)
    mail.set_content(draft.text)
    mail.add_alternative(draft.html, subtype="html")
    return mail.as_bytes()
