"""Whether a mail is from whom it says, and whether it may be filed as a user's own.

Whoever learns a Smart Bcc address could else write into the tenant's files: so the address, a
confirmed sender and SES's own verdict must all agree. Authentication-Results that came with a mail
are the sender's words; only the first one, written by SES, is heard.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.mail.authentication_results import read_signers
from chalicelib.domain.mail.message import Message
from chalicelib.domain.mail.receipt import Receipt, Verdict

_SES: Final = "amazonses.com"
_SHARED: Final = frozenset(
    {
        "gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "web.de",
        "t-online.de", "freenet.de", "mail.ru", "qq.com", "163.com", "126.com", "naver.com",
        "proton.me", "protonmail.com", "wp.pl", "o2.pl", "onet.pl", "libero.it", "orange.fr",
        "free.fr", "laposte.net", "ziggo.nl", "telia.com", "online.no", "mail.com",
    }
)  # fmt: skip
_SHARED_ANYWHERE: Final = frozenset({"outlook", "hotmail", "live", "msn", "yahoo", "gmx", "yandex"})
"""Houses that have the same name under many countries."""


class Refusal(StrEnum):
    """Why a mail is kept apart instead of filed."""

    NOT_ONE_SENDER = "not_one_sender"
    SENDER_NOT_CONFIRMED = "sender_not_confirmed"
    NOT_AUTHENTICATED = "not_authenticated"
    VIRUS = "virus"
    ADDRESS_REVOKED = "address_revoked"
    USER_INACTIVE = "user_inactive"
    STRANGER_IN_THREAD = "stranger_in_thread"


def refuse_own_mail(
    message: Message, receipt: Receipt, *, confirmed: Collection[str]
) -> Refusal | None:
    """Say why a mail to a user's Smart Bcc address is not that user's; None if it is."""
    if receipt.virus is Verdict.FAIL:
        return Refusal.VIRUS
    if len(message.from_) != 1:
        return Refusal.NOT_ONE_SENDER
    if message.from_[0].address not in confirmed:
        return Refusal.SENDER_NOT_CONFIRMED
    if not is_authenticated(message, receipt):
        return Refusal.NOT_AUTHENTICATED
    return None


def refuse_reply(
    message: Message, receipt: Receipt, *, participants: Collection[str]
) -> Refusal | None:
    """Say why an answer may not be shown: a stranger without proof of who they are.

    Whoever takes part in the thread, or writes from a domain of theirs, is shown without it.
    """
    if receipt.virus is Verdict.FAIL:
        return Refusal.VIRUS
    domains = {domain_of(address) for address in participants}
    domains = {each for each in domains if not is_shared_domain(each)}
    is_known = any(
        each.address in participants or domain_of(each.address) in domains for each in message.from_
    )
    if is_known or is_authenticated(message, receipt):
        return None
    return Refusal.STRANGER_IN_THREAD


def is_shared_domain(domain: str) -> bool:
    """Tell whether strangers have addresses there, so that a common domain says nothing."""
    return domain in _SHARED or domain.partition(".")[0] in _SHARED_ANYWHERE


def is_authenticated(message: Message, receipt: Receipt) -> bool:
    """Tell whether SES vouches for the From domain: DMARC passed, or an aligned DKIM signature.

    GRAY means that the domain publishes no DMARC policy, not that it failed one.
    """
    if receipt.dmarc is Verdict.PASS:
        return True
    if receipt.dmarc is not Verdict.GRAY or len(message.from_) != 1:
        return False
    domain = domain_of(message.from_[0].address)
    signers = read_signers(message.authentication_results, server=_SES)
    return any(_is_aligned(domain, signer) for signer in signers)


def _is_aligned(domain: str, signer: str) -> bool:
    """Relaxed alignment: the same domain, or one inside the other."""
    if not signer or "." not in signer:
        return False
    return domain == signer or domain.endswith(f".{signer}") or signer.endswith(f".{domain}")
