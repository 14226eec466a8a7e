"""A mail as we write it: the bytes SES is asked to send.

Built with the standard library alone. HTML always comes with a text part; headers refuse line
breaks, so that nothing a customer typed can add a header of its own.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

from chalicelib.domain.ids import WireId


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that goes into one mail."""

    sender_name: str
    sender: str
    reply_to: tuple[str, ...]
    to: tuple[str, ...]
    subject: str
    html: str
    text: str
    in_reply_to: WireId | None = None
    references: tuple[WireId, ...] = ()
    unsubscribe_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A short mail of our own to a user."""

    sender_name: str
    sender: str
    to: str
    subject: str
    text: str


def compose_notice(notice: Notice) -> bytes:
    """Return the bytes of a mail that nobody, and no machine, is to answer (RFC 3834)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((notice.sender_name, notice.sender))
    mail["To"] = notice.to
    mail["Subject"] = notice.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(notice.text)
    return mail.as_bytes()


def compose(draft: Draft) -> bytes:
    """Return the MIME bytes; raises ValueError if a header value holds a line break."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((draft.sender_name, draft.sender))
    mail["To"] = ", ".join(draft.to)
    mail["Reply-To"] = ", ".join(draft.reply_to)
    mail["Subject"] = draft.subject
    mail.set_content(draft.text)
    mail.add_alternative(draft.html, subtype="html")
    return _ancestry(draft) + _way_out(draft) + mail.as_bytes()


def _way_out(draft: Draft) -> bytes:
    """Return the two headers by which mail programs unsubscribe in one click, never folded."""
    if draft.unsubscribe_url is None:
        return b""
    if not draft.unsubscribe_url.isascii() or not draft.unsubscribe_url.isprintable():
        raise ValueError(draft.unsubscribe_url)
    return (
        f"List-Unsubscribe: <{draft.unsubscribe_url}>\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    ).encode()


def _ancestry(draft: Draft) -> bytes:
    """Return In-Reply-To and References, one id a line, never encoded.

    A wire id of SES is longer than the 78 characters at which the standard library folds; it would
    write it as an encoded word, and no client would find the mail that is answered.
    """
    if draft.in_reply_to is None:
        return b""
    known = dict.fromkeys((*draft.references, draft.in_reply_to))
    if any(not each.isascii() or not each.isprintable() or " " in each for each in known):
        raise ValueError(known)
    references = "\r\n ".join(f"<{each}>" for each in known)
    return f"In-Reply-To: <{draft.in_reply_to}>\r\nReferences: {references}\r\n".encode()
