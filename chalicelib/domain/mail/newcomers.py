"""Who may become a person of the CRM by having written, or having been written to.

Never a newsletter, never an address that nobody reads: such persons would only be in the way.
"""

import re
from collections.abc import Collection
from typing import Final

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.mail.budget import BUDGET
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.headers import split_headers
from chalicelib.domain.mail.message import Mailbox, MessageKind

_UNREAD: Final = re.compile(
    r"(?:.*[._+-])?(?:no|do[._-]?not|dont)[._-]?(?:reply|respond|answer)(?:[._+-].*)?"
    r"|mailer-daemon|postmaster|bounces?(?:[+=._-].*)?|notifications?|newsletter|news|mailing"
    r"|unsubscribe|alerts?|updates?|digest|auto(?:mated|reply)?|noresponse|null|nobody"
)
_ROLES: Final = frozenset(
    {
        "abuse", "accounting", "accounts", "admin", "administrator", "billing", "contact", "hello",
        "help", "helpdesk", "hostmaster", "hr", "info", "invoice", "invoices", "jobs", "kontakt",
        "legal", "mail", "marketing", "office", "orders", "payments", "post", "press", "privacy",
        "root", "sales", "security", "service", "support", "team", "webmaster",
    }
)  # fmt: skip
_LISTS: Final = ("list-id", "list-post", "list-unsubscribe", "feedback-id", "x-campaign-id")
_BULK: Final = frozenset({"bulk", "junk", "list"})


def is_mailing(raw: bytes) -> bool:
    """Tell whether a mail went to many at once: a list, a newsletter, a campaign."""
    headers, _ = split_headers(raw.lstrip(), budget=BUDGET, defects=Defects())
    if any(headers.first(name) for name in _LISTS):
        return True
    return headers.first("precedence").strip().lower() in _BULK


def why_not_offered(
    mailbox: Mailbox, *, kind: MessageKind, is_mailing: bool, own_domains: Collection[str]
) -> str | None:
    """Say why somebody unknown is not offered as a new person; None if they are."""
    local_part = mailbox.address.partition("@")[0]
    if not local_part or domain_of(mailbox.address) in own_domains:
        return "own_domain"
    if kind is not MessageKind.PLAIN:
        return "not_written_by_a_person"
    if is_mailing:
        return "newsletter"
    if _UNREAD.fullmatch(local_part):
        return "no_reply_address"
    return "role_address" if local_part in _ROLES else None
