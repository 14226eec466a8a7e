"""Bounces in words, where no report of RFC 3464 says whom they are about.

Half of the world's mail servers say it in prose. Ours reads the phrases they use near an address;
behind it `flufl.bounce`, which knows the wording of some fifteen servers. It is fed a copy in
which nothing can hurt it: some kilobytes of ASCII in short lines, with a sender.
"""

import re
from collections.abc import Sequence
from email import message_from_string
from typing import Final

from flufl.bounce import all_failures

from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.mail.message import FailedRecipient
from chalicelib.domain.mail.phrases import folded, table

PHRASES: Final = tuple(
    sorted(
        table(
            "could not be delivered|couldn't be delivered|could not deliver|cannot be delivered",
            "can't be delivered|was not delivered|not been delivered|wasn't delivered",
            "unable to deliver|undeliverable|undelivered|did not reach the following",
            "delivery failed|delivery has failed|failed to deliver|delivery to the following",
            "delivery failure|had permanent fatal errors|had delivery problems|delivery errors",
            "had delivery errors|returned to sender|transcript of session follows|user unknown",
            "unknown user|no such user|unknown recipient|invalid user address|recipient unknown",
            "unrouteable address|unroutable address|mailbox unavailable|mailbox is full",
            "mailbox full|over quota|quota exceeded|message has been rejected",
            "recipient address rejected|does not exist|host unknown|addresses failed",
            "following recipient|was undeliverable|returned mail|not listed in|error: invalid",
            "no mailbox here|couldn't find any host|mail delivery error|konnte nicht zugestellt",
            "nicht zugestellt werden|unzustellbar|n'a pas pu être|non remis|n'a pu être remis",
            "no se pudo entregar|no se ha podido entregar|no se puede entregar",
            "não pôde ser entregue|não foi possível entregar|impossibile recapitare",
            "non è stato possibile|kon niet worden|niet worden bezorgd|kunde inte levereras",
            "kunne ikke leveres|ei voitu toimittaa|nie można dostarczyć|nie może być dostarczona",
            "nelze doručit|nepodařilo doručit|не может быть доставлено|не удалось доставить",
            "не доставлено|送信できませんでした",
            "配信できませんでした|配信不能|見つかりませんでした",
            "宛先不明|退信|无法投递|無法傳遞|无法发送|投递失败",
            "전송되지 않았|배달되지 않|전달할 수 없",
        )
    )
)
_FOR_EVER: Final = table(
    "user unknown|unknown user|no such user|unknown recipient|recipient unknown|invalid user",
    "does not exist|doesn't exist|no mailbox here|mailbox unavailable|mailbox not found|not found",
    "unrouteable address|unroutable address|host unknown|couldn't find any host|permanent error",
    "permanent fatal errors|permanent failure|account is disabled|account has been disabled",
    "address rejected|not listed in|existiert nicht|unbekannt|n'existe pas|inconnu|no existe",
    "desconocido|não existe|desconhecido|non esiste|sconosciuto|bestaat niet|onbekend|finns inte",
    "okänd|finnes ikke|findes ikke|ukjent|ukendt|ei ole olemassa|nie istnieje|nieznany",
    "neexistuje|не существует|не найден|宛先不明|見つかりませんでした|存在しません|不存在|존재하지",
)
_PASSING: Final = table(
    "will retry|will be retried|still being tried|still trying|try again later|is delayed",
    "has been delayed|not yet been delivered|mailbox full|mailbox is full|over quota",
    "quota exceeded|time expired|retry timeout|could not send message for past|exceeded storage",
    "temporar|greylist|do not need to resend|no need to resend|you do not need to",
    "message will be tried|connection timed out|postfach ist voll|boîte pleine|buzón lleno",
)
_CODE_FOR_EVER: Final = re.compile(r"(?<![\d.])(?:5\.\d{1,3}\.\d{1,3}|55[0-4])(?![\d.])")
_PASSING_CODE: Final = re.compile(r"(?<![\d.])(?:4\.\d{1,3}\.\d{1,3}|4[25][0-2][ -])")
_LONGEST_TEXT: Final = 4000
_LONGEST_REASON: Final = 2000
_LONGEST_FOR_LIBRARY: Final = 12 * 1024
_LONGEST_LINE: Final = 200
_MOST_LINES: Final = 300
_REPORTERS: Final = frozenset({"postmaster", "mailer-daemon", "mail-daemon"})
_NEAR: Final = 3
_MOST: Final = 20
_ADDRESS: Final = re.compile(r"[^\s<>\[\]()\"',;:|]{1,64}@[^\s<>\[\]()\"',;:|]{1,200}\w")

_SENDER: Final = re.compile(
    r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,99}[A-Za-z0-9]"
)


def says_failure(text: str) -> bool:
    """Tell whether a body begins with what servers say of a mail they could not deliver."""
    said = folded(text[:_LONGEST_TEXT])
    return any(phrase in said for phrase in PHRASES)


def says_for_ever(text: str) -> bool:
    """Tell whether a bounce says in words or codes that trying again is of no use.

    Whatever may pass (a full mailbox, a server that is busy) is not for ever, though it failed.
    """
    said = folded(text[:_LONGEST_REASON])
    is_told = _CODE_FOR_EVER.search(said) or any(phrase in said for phrase in _FOR_EVER)
    if not is_told or _PASSING_CODE.search(said):
        return False
    return not any(phrase in said for phrase in _PASSING)


def named_in_prose(text: str, raw: bytes, *, ours: Sequence[str]) -> tuple[FailedRecipient, ...]:
    """Return whom a bounce in words is about; `ours` are those it was sent to."""
    found = _by_library(raw) or _near_phrases(text)
    addresses = dict.fromkeys(normalized(each) for each in found)
    named = (each for each in addresses if _may_fail(each) and each not in ours)
    is_hard = says_for_ever(text)
    return tuple(FailedRecipient(address=each, is_hard=is_hard) for each in named)[:_MOST]


def _may_fail(address: str) -> bool:
    """Tell whether mail goes to such an address; those who report failures are not it."""
    local_part, at, _ = address.partition("@")
    return bool(at) and local_part not in _REPORTERS


def _by_library(raw: bytes) -> list[str]:
    temporary, permanent = all_failures(message_from_string(_harmless(raw)))
    return sorted(each.decode("ascii", "replace") for each in (*permanent, *temporary))


def _harmless(raw: bytes) -> str:
    """Return the mail as short lines of ASCII with one plain sender, for a library to look at."""
    text = raw[:_LONGEST_FOR_LIBRARY].decode("ascii", "replace").replace("\ufffd", "?")
    lines = [line[:_LONGEST_LINE] for line in text.splitlines()[:_MOST_LINES]]
    senders = [at for at, line in enumerate(lines) if line[:5].lower() == "from:"]
    named = _SENDER.search(lines[senders[0]]) if senders else None
    for at in senders:
        lines[at] = f"X-{lines[at]}"
    return "\n".join([f"From: {named[0] if named else 'nobody@invalid'}", *lines])


def _near_phrases(text: str) -> list[str]:
    """Return the addresses on the line of a phrase, or soon below it."""
    lines = [line for line in text[:_LONGEST_TEXT].split("\n") if line.strip()][:_MOST_LINES]
    for at, line in enumerate(lines):
        said = folded(line)
        if any(phrase in said for phrase in PHRASES):
            near = " ".join(lines[at : at + _NEAR])
            found = _ADDRESS.findall(near)
            if found:
                return found
    return []
